"""What the records of a shop say: topics, complaints, adoption, response times, gaps, reasons, quality, agents.

Pure functions over the rows that `knowledge.records.insight` reads; `report` puts them together.
"""
