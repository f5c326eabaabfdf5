"""Data files: the word lists, tables and settings that stand beside the code as YAML."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import yaml


def read_data(package: str, name: str) -> Any:
    """What `data/{name}` of a package holds.

    Read by the parser in C: the first request reads ten files, which took half a second without.
    """
    return yaml.load(files(package).joinpath(f"data/{name}").read_bytes(), yaml.CSafeLoader)
