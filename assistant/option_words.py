"""The values of an item's options that a buyer names in any words: 黑色L码, 小黑L, 白的 for 米白, 两瓶的."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise, takewhile
from typing import Any

from knowledge.catalogue import ItemFacts
from models.data_files import read_data

_LETTERS = r"(?:[2-6]x|x{1,5})?[ls]|m"
_LETTER_SIZE = re.compile(rf"(?<![a-z0-9.])({_LETTERS})(?![a-z0-9])")
_NUMBER_SIZE = re.compile(r"(?<![\w.-])(\d{2,3})(?![\w.%:-])|(?<![a-z0-9.-])(\d{2,3})(?![a-z0-9.%:-])")
_MEASURED = re.compile(r"(?:身高|体重|脚长|胸围|腰围|高|重|我|她|他)(?:是|有|为)?\s*$")
_STEP, _BEYOND = (
    2,
    3,
)  # sizes that follow each other closely (35, 36, 37), and how far from them a number is still a size
_ASKED = re.compile(r"\s*(?:还?有|没|呢|吗|么|\?|$)")
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


def options_of(item: ItemFacts) -> Mapping[str, Sequence[str]]:
    """Every option with its values, in the shop's order."""
    return _options(tuple(tuple(sku.options.items()) for sku in item.skus))


@lru_cache(maxsize=512)
def _options(variants: tuple[tuple[tuple[str, str], ...], ...]) -> dict[str, tuple[str, ...]]:
    options: dict[str, dict[str, None]] = {}
    for name, value in (pair for variant in variants for pair in variant):
        options.setdefault(name, {})[value] = None
    return {name: tuple(values) for name, values in options.items()}


def named_values(item: ItemFacts, text: str) -> list[Named]:
    """Every mention of an option's value in a normalised text, in order."""
    found: list[Named] = []
    for option, values in options_of(item).items():
        words = _words_of(tuple(values))
        found += _in_full(option, words, text)
        for kind in (_colours, _sizes, _in_short):
            new = list(kind(option, words, text))
            if new:
                taken = {place for each in found for place in range(each.start, each.end)}
                found += [each for each in new if not taken & set(range(each.start, each.end))]
    return sorted(found, key=lambda each: each.start)


@dataclass(frozen=True, slots=True)
class _Words:
    """What an option's values are recognised by, worked out once.

    `full`: the values as the shop writes them, the longer first, each with its pattern; `families` of those that are
    colours; `sizes` in one spelling; `short`: the part by which a value differs from the others.
    """

    full: tuple[tuple[str, re.Pattern[str]], ...]
    families: Mapping[str, Sequence[str]]
    sizes: Mapping[str, str]
    short: tuple[tuple[str, str], ...]


@lru_cache(maxsize=512)
def _words_of(values: tuple[str, ...]) -> _Words:
    written = sorted((value for value in values if not is_size(value)), key=len, reverse=True)
    families = {value: _families(value) for value in values}
    return _Words(
        tuple((value, _pattern_of(value)) for value in written),
        families if any(families.values()) else {},
        {_plain(value): value for value in values if is_size(value)},
        tuple(_short_names(values)),
    )


def _pattern_of(value: str) -> re.Pattern[str]:
    """A value without letters and digits needs no boundary."""
    bare = re.escape(value.lower())
    return re.compile(rf"(?<![a-z0-9]){bare}(?![a-z0-9])" if re.search("[a-z0-9]", bare) else bare)


def _in_full(option: str, words: _Words, text: str) -> Iterator[Named]:
    """Values written as the shop does; the longer first, so that 白 inside 米白 is not a second one."""
    taken: set[int] = set()
    for value, pattern in words.full:
        for match in pattern.finditer(text):
            if not taken & set(range(*match.span())):
                taken |= set(range(*match.span()))
                yield Named(option, (value,), value, *match.span())


# ---- colours


def _colours(option: str, words: _Words, text: str) -> Iterator[Named]:
    if not words.families or not _colour_words().search(text):
        return
    for word in _data()["not_colours"]:
        text = text.replace(word, "\0" * len(word))
    for match in _colour_words().finditer(text):
        name, ending = match["colour"], match["ending"]
        if not (len(name) > 1 or ending or _stands_alone(text, match)):
            continue
        written = name if name.endswith("色") or len(name) > 1 else f"{name}色"
        yield Named(option, _of_colour(name, words.families), written, match.start(), match.end())


def _of_colour(name: str, families: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """The values that a colour's name means: the same, else shades of it, else the plain colour it is a shade of."""
    family, bare = _family_of()[name], name.removesuffix("色")
    one = [value for value, of in families.items() if list(of) == [family]]
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


def _sizes(option: str, words: _Words, text: str) -> Iterator[Named]:
    if not words.sizes:
        return
    numbered = any(size.isdigit() for size in words.sizes)
    for match in (_NUMBER_SIZE if numbered else _LETTER_SIZE).finditer(text):
        said, after = match[0], text[match.end() :]
        if numbered and (not _is_followed(after) or _MEASURED.search(text[: match.start()])):
            continue
        value = words.sizes.get(_plain(said))
        if value is None and numbered and not after.startswith(("码", "号")) and not _is_missed(said, after, words):
            continue  # 158 有 is no size that the shop lacks
        end = match.end() + after.startswith(("码", "号"))
        yield Named(option, (value,) if value else (), f"{said.upper()}码", match.start(), end)


def _is_followed(after: str) -> bool:
    """Whether what stands behind a number leaves it a size: nothing, a word of asking or a colour (38纯白)."""
    return not after or after.startswith(tuple(_data()["sizes"])) or _colour_words().match(after) is not None


def _is_missed(said: str, after: str, words: _Words) -> bool:
    """Whether a bare number is a size that the shop lacks: 41有吗 where there are 35 to 40, never one far from them."""
    sold = sorted(int(size) for size in words.sizes if size.isdigit())
    in_steps = len(sold) > 1 and all(high - low <= _STEP for low, high in pairwise(sold))
    return in_steps and sold[0] - _BEYOND <= int(said) <= sold[-1] + _BEYOND and _ASKED.match(after) is not None


def _plain(size: str) -> str:
    """One spelling for one size: XXL码 and 2XL are xxl."""
    size = size.lower().removesuffix("码")
    many = re.fullmatch(r"([2-6])x([ls])", size)
    return "x" * int(many[1]) + many[2] if many else size


# ---- anything else that a shop sells by: 50g两瓶装


def _in_short(option: str, words: _Words, text: str) -> Iterator[Named]:
    """What tells the values apart, without the part that all share: 两瓶 of 50g两瓶装 and 50g单瓶."""
    folded = text.translate(_DIGITS) if words.short else ""
    for value, short in words.short:
        for match in re.finditer(re.escape(short) + "装?", folded) if short in folded else ():
            yield Named(option, (value,), value, *match.span())


def _short_names(values: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each value with its part that the others do not share, digits folded."""
    shared = _shared_start(values)
    for value in values:
        short = value[shared:].lower().removesuffix("装").translate(_DIGITS)
        if len(short) > 1 and not _families(value) and not is_size(value):
            yield value, short


def _shared_start(values: Sequence[str]) -> int:
    """How many characters all the values begin with alike; none where there is one value alone."""
    alike = takewhile(lambda column: len(set(column)) == 1, zip(*values, strict=False))
    return len(list(alike)) if len(values) > 1 else 0


@cache
def _data() -> dict[str, Any]:
    data: dict[str, Any] = read_data("knowledge", "option_words.yaml")
    return data


def changing() -> tuple[str, ...]:
    """Words before the value that is wanted instead (换成)."""
    return tuple(_data()["changing"])


def refusing() -> tuple[str, ...]:
    """Words behind a value that is not wanted (大了)."""
    return tuple(_data()["refusing"])


def sizes_away(text: str) -> int:
    """How many sizes larger a normalised text asks for: 1 for 换大一码, -1 for 换小一码, 0 where it does not."""
    match = re.search(_data()["next_size"], text)
    if match is None:
        return 0
    return int(match["count"].translate(_DIGITS)) * (1 if match["way"] == "大" else -1)


def size_rank(size: str) -> int:
    """Where a size stands among others of its kind: S, M, L, XL as -1, 0, 1, 2; 37 as 37."""
    plain = _plain(size)
    if plain.isdigit():
        return int(plain)
    return {"s": -len(plain), "m": 0, "l": len(plain)}[plain[-1]]
