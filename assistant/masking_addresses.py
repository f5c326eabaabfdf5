"""Masking of addresses: province and city stay, the door does not: 浙江省杭州市****."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from knowledge.regions import place_names
from models.data_files import read_data

_BEFORE = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]{0,30}$")  # what stands before a street and may belong to the address
_LONGEST_NAME = 10  # of a street and its district, where nothing says where the address begins


def mask_addresses(text: str) -> str:
    """The text with every address, from behind its city on, as ****."""
    done, position = [], 0
    for door in _doors().finditer(text):
        before = _BEFORE.search(text[position : door.start()])
        start = door.start() - len(_belonging(before.group() if before else ""))
        done += [text[position:start], "****"]
        position = door.end()
    return "".join((*done, text[position:]))


def _belonging(before: str) -> str:
    """The end of `before` that is part of the address and no province or city."""
    kept = max((match.end() for match in _kept().finditer(before)), default=None)
    if kept is not None:
        return before[kept:]
    starts = max((match.end() for match in _starts().finditer(before)), default=None)
    return before[starts:] if starts is not None else before[-_LONGEST_NAME:]


@cache
def _doors() -> re.Pattern[str]:
    """A street with its number, a building with one, or storey and room alone, to the end of the address."""
    table = _table()
    number = r"[0-9０-９A-Za-z一二三四五六七八九十百][0-9０-９A-Za-z一二三四五六七八九十百\-－之]{0,7}"
    mark = any_of(table["door_marks"])
    name = r"[\u4e00-\u9fff]{0,8}?"
    street = f"(?<![{''.join(table['not_streets'])}]){any_of(table['streets'])} ?{number}{mark}"
    building = f"{any_of(table['buildings'])}(?:(?![了的在就有到])[\u4e00-\u9fff]){{0,2}} ?{number}{mark}"
    rooms = r"\d{1,4}(?:栋|幢|号楼|座) ?(?:\d{1,2}单元)? ?\d{2,4}(?:室|号|房)?"
    more = f"(?: ?{name} ?{number}{mark})*(?: ?[0-9\\-]{{2,5}}(?![0-9]))?"
    return re.compile(f"(?:{street}|{building}|{rooms}){more}")


@cache
def _kept() -> re.Pattern[str]:
    table = _table()
    city = f"(?<![{''.join(table['not_cities'])}])市"
    return re.compile(f"{any_of((*table['kept_until'], *place_names()))}|{city}")


@cache
def _starts() -> re.Pattern[str]:
    return re.compile(any_of(_table()["address_starts"]))


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = read_data("assistant", "masking.yaml")
    return table


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longer ones first."""
    return f"(?:{'|'.join(re.escape(word) for word in sorted(words, key=len, reverse=True))})"
