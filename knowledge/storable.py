"""Which ids a database can hold: PostgreSQL refuses a NUL in text, and no database takes half a UTF-16 pair."""

from __future__ import annotations

import re
from collections.abc import Mapping

from knowledge.errors import EntryInvalid, Problem

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def is_storable(text: str) -> bool:
    """Whether the text can be in the database at all; what cannot need not be looked for."""
    return _UNSTORABLE.search(text) is None


def require_storable(values: Mapping[str, str | None]) -> None:
    """Raise EntryInvalid for the first field whose value the database would refuse."""
    for field, value in values.items():
        if value is not None and not is_storable(value):
            raise EntryInvalid([Problem(field, "含有看不见的控制字符", "请删掉后重新输入")])
