"""Finding entries for people who keep them: filters, text, pinyin and meaning. Retrieval for replies is elsewhere."""
