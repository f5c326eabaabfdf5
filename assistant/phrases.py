"""Finding a phrase by what an agent types: its short code, title, words, or pinyin (fh, fahuo → 发货)."""

from __future__ import annotations

import threading
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, islice
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.opening import DEFAULT_TAG
from knowledge.entries import Entry
from knowledge.pinyin import Pinyin, pinyin_of
from knowledge.roster import Scope
from knowledge.snapshot import Snapshot

Side = Literal["code", "title", "text", "initials", "full"]
Scores = NDArray[np.int8]
# What a word that stands at the beginning of a side is worth, and one that stands anywhere in it.
_WORTH: tuple[tuple[Side, int, int], ...] = (("text", 2, 2), ("title", 7, 4), ("code", 8, 0))
_WORTH_OF_PINYIN: tuple[tuple[Side, int, int], ...] = (("full", 5, 3), ("initials", 6, 3))
_WHOLE_CODE = 9


@dataclass(frozen=True)
class _Key:
    """What an entry is found by."""

    entry: Entry
    code: str
    title: str
    text: str

    @classmethod
    def of(cls, entry: Entry) -> _Key:
        text = " ".join((*entry.questions, *(answer.text for answer in entry.answers)))
        return cls(entry, *(_line(part) for part in (entry.short_code or "", entry.title, text)))

    @cached_property
    def pinyin(self) -> Pinyin:
        return pinyin_of(self.title)

    @property
    def initials(self) -> str:
        return self.pinyin.initials

    @property
    def full(self) -> str:
        return self.pinyin.full


class _Lines:
    """One side of all entries as one text, a line each, which is searched faster than ten thousand texts."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._text = "\n" + "\n".join(lines) + "\n"
        self._starts = list(accumulate((len(line) + 1 for line in lines), initial=0))

    def holding(self, words: str) -> Iterator[int]:
        """The numbers of the lines that hold the words; a newline in them is the beginning or the end of a line."""
        place = self._text.find(words)
        while place >= 0:
            number = bisect_right(self._starts, place) - 1
            if number == len(self._starts) - 1:
                return  # the newline behind the last line
            yield number
            place = self._text.find(words, self._starts[number + 1])


@dataclass(frozen=True)
class _Page:
    """The keys of one snapshot in the order in which equals are shown."""

    snapshot: Snapshot
    keys: Sequence[_Key]
    _sides: dict[Side, _Lines] = field(default_factory=dict)

    def scores(self, word: str) -> Scores:
        """How well each key meets a word, 0 where it does not."""
        scores: Scores = np.zeros(len(self.keys), np.int8)
        for side, at_start, within in (*_WORTH_OF_PINYIN, *_WORTH) if word.isascii() else _WORTH:
            anywhere = [(within, word)] if within and (len(word) > 1 or side == "title") else []
            beginning = [(at_start, f"\n{word}")] if at_start > within else []
            for worth, words in (*anywhere, *beginning):
                numbers = np.fromiter(self.side(side).holding(words), np.intp)
                scores[numbers] = np.maximum(scores[numbers], worth)
        scores[np.fromiter(self.side("code").holding(f"\n{word}\n"), np.intp)] = _WHOLE_CODE
        return scores

    def side(self, name: Side) -> _Lines:
        """The lines of a side, made when they are first asked for."""
        if name not in self._sides:
            self._sides[name] = _Lines([getattr(key, name) for key in self.keys])
        return self._sides[name]


class PhraseBook:
    """The keys of every entry, made once an entry. Safe to use from many threads."""

    def __init__(self) -> None:
        self._page: _Page | None = None
        self._making = threading.Lock()

    def search(
        self, snapshot: Snapshot, scope: Scope, typed: str, *, intent: str | None = None, limit: int = 20
    ) -> list[Entry]:
        """The entries that the scope admits and that meet every word typed, best first; without words, all of them."""
        page = self._of(snapshot)
        scores: Scores = np.ones(len(page.keys), np.int8)
        words = list(dict.fromkeys(_line(typed).split()))
        if words:
            scores = np.min([page.scores(word) for word in words], axis=0)
        best_first = np.argsort(-scores, kind="stable")[: np.count_nonzero(scores)]
        entries = (page.keys[number].entry for number in best_first)
        admitted = (one for one in entries if intent in (None, one.intent) and scope.admits(one))
        return list(islice(admitted, limit))

    def prepare(self, snapshot: Snapshot) -> None:
        """Make all that the first search would otherwise have to make."""
        for side, _, _ in (*_WORTH, *_WORTH_OF_PINYIN):
            self._of(snapshot).side(side)

    def _of(self, snapshot: Snapshot) -> _Page:
        """The page of a snapshot; only entries that changed since the last one are read anew."""
        with self._making:
            if self._page is None or self._page.snapshot is not snapshot:
                known = {key.entry.id: key for key in self._page.keys} if self._page else {}
                keys = [_fresh(known.get(entry.id), entry) for entry in _shown(snapshot.entries.values())]
                self._page = _Page(snapshot, sorted(keys, key=lambda key: _order(key.entry)))
            return self._page


def _shown(entries: Iterable[Entry]) -> Iterator[Entry]:
    return (entry for entry in entries if entry.answers_messages)


def _fresh(known: _Key | None, entry: Entry) -> _Key:
    return known if known and known.entry is entry else _Key.of(entry)


def _line(text: str) -> str:
    """Text as it is compared, in one line: width and case do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _order(entry: Entry) -> tuple[bool, bool, bool, int, str]:
    """Of equals: one for this item, one that editors marked, the shop's own before the shared ones, the shortest."""
    return (not entry.items, DEFAULT_TAG not in entry.tags, entry.shop_id is None, len(entry.title), entry.id)
