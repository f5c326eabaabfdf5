"""The columns of the table formats: which field each one holds, its Chinese heading and the headings understood.

A column is named by its place in an entry, as problems name it: `title`, `questions`, `answers[0].when`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from knowledge.entries import EntryDraft
from models.data_files import read_data

MAX_COLUMNS = 400  # 14 fields, 50 answers of three columns each, and phrasings spread over many
SPREAD = ("questions", "items", "tags")  # lists, which may go on in further columns: 相似问法2, 商品2
_REMARK = re.compile(r"\((?!\d+\))[^()]*\)|\[(?!\d+\])[^\[\]]*\]|【(?!\d+】)[^【】]*】")  # 标准问(必填), not 答案(2)
_MARKS = re.compile(r"[()\[\]【】*:\s_]")
_NUMBERED = re.compile(r"(.*?)(\d{1,3})")
_PLACE = re.compile(r"answers\[(\d+)\]\.(text|when|tone)")


@dataclass(frozen=True, slots=True)
class Field:
    """A kind of column (a row of `data/table_columns.yaml`); `name` is a field of the entry or a part of an answer."""

    name: str
    heading: str
    form: str
    width: int
    how: str
    names: tuple[str, ...]


@cache
def entry_fields() -> dict[str, Field]:
    """The fields that an entry has once, by name, in the order of their columns."""
    rows = [_field(row["field"], row) for row in _table()["columns"]]
    return {field.name: field for field in rows if field.name in EntryDraft.model_fields}


@cache
def answer_parts() -> dict[str, Field]:
    """The parts of an answer, by name."""
    return {row["part"]: _field(row["part"], row) for row in _table()["answers"]}


def code_names(field: str) -> Mapping[str, str]:
    """What the codes of a field are called in a table."""
    names: Mapping[str, str] = _table()["codes"][field]
    return names


def shared_shop_names() -> tuple[str, ...]:
    """What the shop of shared knowledge is called; the first is written."""
    return (_table()["shared_shop"], *_table()["shared_names"])


def answer_place(number: int, part: str) -> str:
    """The place of a part of the answer of that number, counted from 1 as in the headings."""
    return f"answers[{number - 1}].{part}"


def answer_number(place: str) -> tuple[int, str] | None:
    """The number of an answer and its part; None for other places."""
    found = _PLACE.fullmatch(place)
    return (int(found[1]) + 1, found[2]) if found else None


def heading_of(place: str) -> str:
    """The heading of a place's column: 标准问, 条件2."""
    answer = answer_number(place)
    if answer is None:
        return entry_fields()[place].heading
    return f"{answer_parts()[answer[1]].heading}{answer[0]}"


def form_of(place: str) -> str:
    """In which form the place's cells hold it."""
    answer = answer_number(place)
    return entry_fields()[place].form if answer is None else answer_parts()[answer[1]].form


def field_at(heading: str) -> Field:
    """The field of a column with one of our own headings."""
    place = str(place_of(heading))
    answer = answer_number(place)
    return entry_fields()[place] if answer is None else answer_parts()[answer[1]]


def place_of(name: str) -> str | None:
    """The place that a heading or a field's name stands for by itself, as in --map; None for an unknown one."""
    return next(iter(guess_places([name])), None)


def places(answers: int) -> list[str]:
    """The places of every column of a table whose longest entry has that many answers."""
    parts = [answer_place(number, part) for number in range(1, answers + 1) for part in answer_parts()]
    return [*entry_fields(), *parts]


def own_headings() -> Sequence[str]:
    """The columns that our report of failed rows adds: the row's number, the reasons, the remedies."""
    headings: Sequence[str] = _table()["own"]
    return headings


def guess_places(headings: Iterable[str]) -> list[str | None]:
    """The place of each heading by its name; None for unknown ones and for a second column of a field that has one.

    Answers are numbered by their headings, without numbers from left to right; a condition or tone without number
    belongs to the answer before it.
    """
    taken: set[str] = set()
    found: list[str | None] = []
    last = 0
    for heading in headings:
        place = _guess(heading, taken, last)
        answer = answer_number(place) if place else None
        last = answer[0] if answer else last
        found.append(place)
        taken |= {place} if place and place not in SPREAD else set()
    return found


def _guess(heading: str, taken: set[str], last: int) -> str | None:
    name = folded(heading)
    field = heading if _exists(heading) else _by_name().get(name)
    if field is not None:
        return field if field not in taken else None
    stem, number = _numbered(name)
    if stem in _part_by_name():
        return _answer_guess(_part_by_name()[stem], number, taken, last)
    field = _by_name().get(stem)
    return field if number is not None and field in SPREAD else None


def _answer_guess(part: str, number: int | None, taken: set[str], last: int) -> str | None:
    if number is None:
        number = max(last, 1) if part != "text" else 1
        while part == "text" and answer_place(number, part) in taken:
            number += 1
    place = answer_place(number, part)
    return place if number >= 1 and place not in taken else None


def _numbered(name: str) -> tuple[str, int | None]:
    found = _NUMBERED.fullmatch(name)
    return (found[1], int(found[2])) if found else (name, None)


def folded(heading: str) -> str:
    """A heading as headings are compared."""
    plain = unicodedata.normalize("NFKC", heading)
    return (_MARKS.sub("", _REMARK.sub("", plain)) or _MARKS.sub("", plain)).casefold()


def _exists(name: str) -> bool:
    answer = answer_number(name)
    return name in entry_fields() or (answer is not None and answer[1] in answer_parts())


@cache
def _by_name() -> dict[str, str]:
    return dict(_names(entry_fields().values()))


@cache
def _part_by_name() -> dict[str, str]:
    return dict(_names(answer_parts().values()))


def _names(fields: Iterable[Field]) -> Iterator[tuple[str, str]]:
    for field in fields:
        for name in (field.heading, field.name, *field.names):
            yield folded(name), field.name


def _field(name: str, row: Mapping[str, Any]) -> Field:
    names: Sequence[str] = row["names"]
    return Field(name, row["heading"], row["form"], row["width"], row["how"], tuple(names))


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = read_data("knowledge", "table_columns.yaml")
    return table
