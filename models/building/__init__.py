"""The steps of `python -m models.build_encoder`: pinned sources in, the shipped weights folder out."""
