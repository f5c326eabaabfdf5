"""Regions: which provinces a name in a shop's settings means, and which ones a buyer's text or an address names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from models.data_files import read_data

_JOINED = re.compile(r"(?:[、,，/和跟与及或]|还有|\s)*")  # what stands between regions that are named in one breath

_CITY_ENDS = ("市", "地区", "州", "盟", " ")


@dataclass(frozen=True, slots=True)
class Region:
    """A region as it is called in a reply, and the provinces it stands for (or itself, being smaller than one)."""

    name: str
    provinces: tuple[str, ...]


def provinces_of(name: str) -> tuple[str, ...]:
    """The provinces that a setting's region stands for; a place smaller than a province stands for itself."""
    return (name,) if _is_small(name) else _known()[name].provinces


def place_names() -> tuple[str, ...]:
    """Every name of the table that a province, a city or several provinces go by."""
    return tuple(_known())


def require_region(name: str) -> str:
    """The name as it is; ValueError, with the nearest known one, for what no buyer's text can be matched with."""
    if name in _known() or _is_small(name):
        return name
    wide = [word for word in _known() if word not in _cities() and word[0] == name[0]]
    close = get_close_matches(name, wide, n=1, cutoff=0.5)
    hint = f"，是不是想写“{close[0]}”" if close else ""
    raise ValueError(f"不认识地区“{name}”{hint}；请写省名（新疆）、合称（江浙沪），或带市、县、镇的地名")


def within(place: str) -> tuple[str, ...]:
    """The place, and for a city of the table its province as well (喀什市: 喀什市, 新疆)."""
    city = _city(place)
    return (place, *_known()[city].provinces) if city else (place,)


def area_in(text: str, names: Iterable[str]) -> Region | None:
    """The first of these places smaller than a province that a normalised text names, in full or as a known city."""
    areas = (name for name in names if _is_small(name))
    found = next((area for area in areas if area in text or ((city := _city(area)) and city in text)), None)
    return Region(found, (found,)) if found else None


def named_region(text: str) -> Region | None:
    """The destination that a normalised text names; several named in one breath are one region. None: it names none."""
    if not _pattern().search(text):
        return None
    for phrase in _table()["not_places"]:
        text = text.replace(phrase, "#")
    runs = list(_runs(text))
    meant = [run for run, is_destination in runs if is_destination] or [run for run, _ in runs]
    return _together([region for run in meant for region in run])


def region_of_address(address: str) -> Region | None:
    """The province with which a normalised address begins (浙江省杭州市…, 杭州市…); None when it begins with none."""
    found = _pattern().match(address.removeprefix("中国").lstrip())
    if found is None or (found.group() in _cities() and not found.string[found.end() :].startswith(_CITY_ENDS)):
        return None  # a street may be called after a city: 中山北路
    region = _known()[found.group()]
    return region if len(region.provinces) == 1 else None


def _runs(text: str) -> Iterator[tuple[list[Region], bool]]:
    """Regions named in one breath, those that are no destination left out; whether a word says it is where to send."""
    table, run, end, is_destination = _table(), list[Region](), 0, False
    for match in _pattern().finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if _is_origin(before, after):
            continue
        if run and not _JOINED.fullmatch(text[end : match.start()]):
            yield run, is_destination
            run = []
        if not run:
            is_destination = before.rstrip().endswith(tuple(table["destination"]))
        run.append(_known()[match.group()])
        end = match.end()
    if run:
        yield run, is_destination


def _is_origin(before: str, after: str) -> bool:
    table = _table()
    ships_from = before.endswith(tuple(table["before_shipping_from"])) and after.startswith("发")
    return ships_from or before.endswith(tuple(table["before_not"])) or after.startswith(tuple(table["after_not"]))


def _together(regions: Sequence[Region]) -> Region | None:
    if not regions:
        return None
    names = dict.fromkeys(region.name for region in regions)
    return Region("、".join(names), tuple(dict.fromkeys(each for region in regions for each in region.provinces)))


@cache
def _known() -> dict[str, Region]:
    """Every word for a region; cities and other names mean their province."""
    words: dict[str, Region] = {}
    for row in _table()["provinces"]:
        region = Region(row["name"], (row["name"],))
        words |= dict.fromkeys((row["name"], *row["words"], *row["cities"]), region)
    return words | {name: Region(name, tuple(members)) for name, members in _table()["groups"].items()}


def _is_small(name: str) -> bool:
    """A city of the table, or any name that ends as small places do; provinces with their full names are not."""
    if name in _known():
        return name in _cities()
    return name.endswith(tuple(_table()["small_areas"]))


def _city(area: str) -> str | None:
    return next((city for city in (area, area.rstrip("市州县"), area.removesuffix("地区")) if city in _cities()), None)


@cache
def _cities() -> frozenset[str]:
    return frozenset(city for row in _table()["provinces"] for city in row["cities"])


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(_known(), key=len, reverse=True))))


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = read_data("knowledge", "regions.yaml")
    return table
