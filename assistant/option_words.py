"""The values of an item's options that a buyer names in any words: 黑色L码, 小黑L, 白的 for 米白, 两瓶的."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import takewhile
from typing import Any

import yaml

from knowledge.catalogue import ItemFacts

_LETTERS = r"(?:[2-6]x|x{1,5})?[ls]|m"
_LETTER_SIZE = re.compile(rf"(?<![a-z0-9.])({_LETTERS})(?![a-z0-9])")
_NUMBER_SIZE = re.compile(r"(?<![\w.-])(\d{2,3})(?![\w.%:-])|(?<![a-z0-9.-])(\d{2,3})(?![a-z0-9.%:-])")
_MEASURED = re.compile(r"(?:身高|体重|脚长|胸围|腰围|高|重|我|她|他)(?:是|有|为)?\s*$")
_DIGITS = str.maketrans("一二两三四五六七八九", "1223456789")


@dataclass(frozen=True, slots=True)
class Named:
    """One mention at `start`..`end` of the text: the item's `values` of `option` that it means, none when not sold."""

    option: str
    values: tuple[str, ...]
    written: str
    start: int
    end: int

    def one_by_one(self) -> list[Named]:
        """The mention for each of its values: 白色 means both 米白 and 奶白."""
        return [replace(self, values=(value,)) for value in self.values] or [self]


def options_of(item: ItemFacts) -> dict[str, list[str]]:
    """Every option with its values, in the shop's order."""
    options: dict[str, list[str]] = {}
    for sku in item.skus:
        for name, value in sku.options.items():
            if value not in options.setdefault(name, []):
                options[name].append(value)
    return options


def named_values(item: ItemFacts, text: str) -> list[Named]:
    """Every mention of an option's value in a normalised text, in order."""
    found: list[Named] = []
    for option, values in options_of(item).items():
        found += _in_full(option, values, text)
        for kind in (_colours, _sizes, _in_short):
            taken = {place for each in found for place in range(each.start, each.end)}
            found += [each for each in kind(option, values, text) if not taken & set(range(each.start, each.end))]
    return sorted(found, key=lambda each: each.start)


def _in_full(option: str, values: Sequence[str], text: str) -> Iterator[Named]:
    """Values written as the shop does; the longer first, so that 白 inside 米白 is not a second one."""
    taken: set[int] = set()
    for value in sorted(values, key=len, reverse=True):
        if is_size(value):
            continue
        for match in re.finditer(rf"(?<![a-z0-9]){re.escape(value.lower())}(?![a-z0-9])|{_bare(value)}", text):
            if match[0] and not taken & set(range(*match.span())):
                taken |= set(range(*match.span()))
                yield Named(option, (value,), value, *match.span())


def _bare(value: str) -> str:
    """A value that ends in Chinese needs no boundary."""
    return re.escape(value.lower()) if not re.search("[a-z0-9]", value.lower()) else "(?!)"


# ---- colours


def _colours(option: str, values: Sequence[str], text: str) -> Iterator[Named]:
    families = {value: _families(value) for value in values}
    if not any(families.values()):
        return
    for word in _data()["not_colours"]:
        text = text.replace(word, "\0" * len(word))
    for match in _colour_words().finditer(text):
        name, ending = match["colour"], match["ending"]
        if not (len(name) > 1 or ending or _stands_alone(text, match)):
            continue
        written = name if name.endswith("色") or len(name) > 1 else f"{name}色"
        yield Named(option, _of_colour(name, families), written, match.start(), match.end())


def _of_colour(name: str, families: dict[str, list[str]]) -> tuple[str, ...]:
    """The values that a colour's name means: the same, else shades of it, else the plain colour it is a shade of."""
    family, bare = _family_of()[name], name.removesuffix("色")
    one = [value for value, of in families.items() if of == [family]]
    chances = (
        [value for value in families if value.removesuffix("色") == bare],
        [value for value in one if bare in value or bare == family],
        [value for value, of in families.items() if family in of and bare == family],
        [value for value in one if value.removesuffix("色") == family],
    )
    return next((tuple(found) for found in chances if found), ())


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """小黑, 黑L, 黑还有吗: a colour's single character that is no part of another word."""
    after = text[match.end("colour") :]
    return text[: match.start()].endswith(("小", "要", "换", "拿", "拍")) or not after or re.match(
        r"[\s,.?!、和跟与呢吗么有没还a-z0-9]", after
    ) is not None  # fmt: skip


def _families(value: str) -> list[str]:
    """The families of a colour's name: 米白 is white, 灰蓝 is blue, 白绿拼色 is white and green."""
    found = [_family_of()[match["colour"]] for match in _colour_words().finditer(value.lower())]
    is_mixed = any(mark in value for mark in _data()["mixed"])
    return list(dict.fromkeys(found if is_mixed else found[-1:]))


@cache
def _family_of() -> dict[str, str]:
    return {word: family for family, words in _data()["colours"].items() for word in words}


@cache
def _colour_words() -> re.Pattern[str]:
    words = "|".join(sorted(_family_of(), key=len, reverse=True))
    return re.compile(rf"(?P<colour>{words})(?P<ending>色|的(?!话)|款)?")


# ---- sizes


def is_size(value: str) -> bool:
    """Whether an option's value is a size: L, XXL码, 37 (均码 is a word like any other)."""
    return re.fullmatch(rf"{_LETTERS}|\d{{2,3}}", _plain(value)) is not None


def _sizes(option: str, values: Sequence[str], text: str) -> Iterator[Named]:
    sizes = {_plain(value): value for value in values if is_size(value)}
    if not sizes:
        return
    numbered = any(size.isdigit() for size in sizes)
    for match in (_NUMBER_SIZE if numbered else _LETTER_SIZE).finditer(text):
        said = match[0]
        after = text[match.end() :]
        followed = not after or after.startswith(tuple(_data()["sizes"]))
        if numbered and (not followed or _MEASURED.search(text[: match.start()])):
            continue
        value = sizes.get(_plain(said))
        if value is None and numbered and not after.startswith(("码", "号")):
            continue  # 158 有 is no size that the shop lacks
        end = match.end() + after.startswith(("码", "号"))
        yield Named(option, (value,) if value else (), f"{said.upper()}码", match.start(), end)


def _plain(size: str) -> str:
    """One spelling for one size: XXL码 and 2XL are xxl."""
    size = size.lower().removesuffix("码")
    many = re.fullmatch(r"([2-6])x([ls])", size)
    return "x" * int(many[1]) + many[2] if many else size


# ---- anything else that a shop sells by: 50g两瓶装


def _in_short(option: str, values: Sequence[str], text: str) -> Iterator[Named]:
    """What tells the values apart, without the part that all share: 两瓶 of 50g两瓶装 and 50g单瓶."""
    shared = _shared_start(values)
    folded = text.translate(_DIGITS)
    for value in values:
        short = value[shared:].lower().removesuffix("装").translate(_DIGITS)
        if len(short) < 2 or _families(value) or is_size(value):
            continue
        for match in re.finditer(re.escape(short) + "装?", folded):
            yield Named(option, (value,), value, *match.span())


def _shared_start(values: Sequence[str]) -> int:
    """How many characters all the values begin with alike; none where there is one value alone."""
    alike = takewhile(lambda column: len(set(column)) == 1, zip(*values, strict=False))
    return len(list(alike)) if len(values) > 1 else 0


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(files("knowledge").joinpath("data/option_words.yaml").read_text("utf-8"))
    return data


def changing() -> tuple[str, ...]:
    """Words before the value that is wanted instead (换成)."""
    return tuple(_data()["changing"])


def refusing() -> tuple[str, ...]:
    """Words behind a value that is not wanted (大了)."""
    return tuple(_data()["refusing"])
