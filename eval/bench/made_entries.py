"""Entries made for the bench: topics × products × ways to ask, the same ones on every machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product
from typing import TypedDict

import yaml

from knowledge.entries import Answer, EntryDraft

PHRASINGS = 8  # of each made entry, its title among them
SHOP = "demo"


class Topic(TypedDict):
    """One thing buyers ask about any product: what it is, ways to ask it, what the shop says."""

    intent: str
    asks: list[str]
    answer: str


class Words(TypedDict):
    """`words.yaml`."""

    nouns: list[str]
    modifiers: list[str]
    frames: list[str]
    topics: list[Topic]


@dataclass(frozen=True, slots=True)
class Wording:
    """How one text came about: `pattern` is an asking or an answer, `frame` what is around it (none for an answer)."""

    pattern: str
    noun: str
    modifier: str
    frame: str = "{}"

    @property
    def text(self) -> str:
        """The text itself."""
        return self.frame.format(self.pattern.format(self.modifier + self.noun))


@dataclass(frozen=True, slots=True)
class MadeEntry:
    """A draft and the wording of each of its phrasings (title first) and of its answer."""

    draft: EntryDraft
    phrasings: tuple[Wording, ...]
    answer: Wording


@cache
def words() -> Words:
    """The word lists."""
    table: Words = yaml.safe_load(files("eval.bench").joinpath("words.yaml").read_text("utf-8"))
    return table


def made_entries(count: int) -> Iterator[MadeEntry]:
    """`count` entries, half of them the demo shop's, half shared: its requests see all. ValueError when too many."""
    lists = words()
    every = list(product(lists["modifiers"], lists["nouns"], lists["topics"]))
    if count > len(every):
        raise ValueError(f"the words make {len(every)} entries, {count} were asked for")
    step = next(step for step in range(7919, len(every) + 7919) if len(every) % step)  # a prime: visits each once
    for number in range(count):
        modifier, noun, topic = every[number * step % len(every)]
        yield _made(number, modifier, noun, topic)


def _made(number: int, modifier: str, noun: str, topic: Topic) -> MadeEntry:
    frames = words()["frames"]
    ways = [Wording(topic["asks"][0], noun, modifier)]
    for place in range(1, PHRASINGS):
        frame = frames[1 + (number + 3 * place) % (len(frames) - 1)]
        ways.append(Wording(topic["asks"][place % len(topic["asks"])], noun, modifier, frame))
    answer = Wording(topic["answer"], noun, modifier)
    draft = EntryDraft(
        id=f"made-{number:05d}",
        shop_id=SHOP if number % 2 else None,
        kind="product_spec",
        intent=topic["intent"],
        title=ways[0].text,
        questions=tuple(way.text for way in ways[1:]),
        answers=(Answer(text=answer.text),),
    )
    return MadeEntry(draft, tuple(ways), answer)
