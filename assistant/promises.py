"""Promises: what the agent has told this buyer that the shop will do, found in the agent's own messages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from assistant.request import Message
from models.data_files import read_data
from models.text import normalise

_SENTENCE = re.compile(r"[^。！!；;\n?？]+[?？]?")
_CLAUSE = re.compile(r"[，,~～…\s]+")
_OPENING = re.compile(r"^(?:亲爱的|亲亲?|好的呢?|好哒|好滴|嗯+|可以的|没问题|行|那)+(?=.{3})")
_ENDING = re.compile(r"(?:哦|哈|呢|呀|啦|噢|喔|的)+$")
_DAYS = {"大后天": 3, "今": 0, "明": 1, "后天": 2}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of promise (a row of `data/promises.yaml`): how it is said, and where its draft goes."""

    kind: str
    step: str
    says: re.Pattern[str]
    never: re.Pattern[str]
    flag: str | None = None
    department: str | None = None
    quotes: bool = False

    def said_in(self, clause: str) -> bool:
        """Whether the normalised clause makes such a promise; what it quotes (备注不要放快递柜) denies nothing."""
        said = self.says.search(clause)
        return said is not None and not self.never.search(clause[: said.start()] if self.quotes else clause)


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised in the agent's words; a day named in them (明天) is followed by its date where it is known."""

    kind: Kind
    text: str


def promises(messages: Iterable[Message], now: datetime) -> tuple[Promise, ...]:
    """The promises in the agent's messages, in their order, each once; dates by the clock of `now`."""
    found = {
        promise.text: promise
        for message in messages
        if message.role == "agent"
        for promise in _promises(message.text, message.sent_at and message.sent_at.astimezone(now.tzinfo))
    }
    return tuple(found.values())


def _promises(text: str, sent_at: datetime | None) -> Iterator[Promise]:
    for sentence in _SENTENCE.findall(text):
        clauses = [clause for clause in _CLAUSE.split(sentence) if clause]
        folded = [normalise(clause) for clause in clauses]
        for number, clause in enumerate(clauses):
            kind = _kind(folded[number])
            if kind and not _conditional(folded[:number]) and not _asked_back(folded[number + 1 :]):
                yield Promise(kind, _dated(_bare(clause), sent_at))


def _kind(clause: str) -> Kind | None:
    return next((each for each in _kinds() if each.said_in(clause)), None)


def _conditional(before: Sequence[str]) -> bool:
    return any(_rule("condition").search(clause) for clause in before)


def _asked_back(after: Sequence[str]) -> bool:
    return bool(after) and _rule("asks_back").search(after[0]) is not None


def _bare(clause: str) -> str:
    """The clause without 亲 and 哦."""
    return _ENDING.sub("", _OPENING.sub("", clause.strip("：: "))) or clause


def _dated(clause: str, sent_at: datetime | None) -> str:
    """明天前回复您 → 明天(11-22)前回复您, counted from when it was said; as it is when that is not known."""
    if sent_at is None:
        return clause

    def with_date(match: re.Match[str]) -> str:
        days = next(days for word, days in _DAYS.items() if match.group().startswith(word))
        return f"{match.group()}({sent_at + timedelta(days=days):%m-%d})"

    return re.sub(r"大后天|今[天日晚]|明[天日早晚]|(?<!大)后天", with_date, clause, count=1)


@cache
def _kinds() -> tuple[Kind, ...]:
    table = _table()
    return tuple(
        Kind(
            **{name: row[name] for name in ("kind", "step", "flag", "department", "quotes") if name in row},
            says=_any(row["says"]),
            never=_any(_never(row, table)),
        )
        for row in table["kinds"]
    )


def _never(row: Mapping[str, Any], table: Mapping[str, Any]) -> list[str]:
    return [*row.get("not", ()), *table["not"], *([] if row.get("after_checking") else table["unsure"])]


@cache
def _rule(name: str) -> re.Pattern[str]:
    return _any(_table()[name])


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    """One pattern for all; <word> stands for any of that list of the table."""
    words = {name: "(?:" + "|".join(each) + ")" for name, each in _table()["words"].items()}
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(re.sub(r"<([\u4e00-\u9fff]+)>", lambda match: words[match.group(1)], joined))


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = read_data("assistant", "promises.yaml")
    return table
