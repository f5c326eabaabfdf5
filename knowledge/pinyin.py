"""Pinyin of a text, without tones: what somebody types who has no time for the characters (fahuo, fh → 发货)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from models.data_files import read_data

_LONGEST = 4  # characters of a word that decides how its characters are read
_KEPT = re.compile(r"[0-9a-z]+|[\u3007\u3400-\u9fff]+")
_TONES = re.compile("[\u0300-\u0307\u0309-\u036f]")  # all but the two dots of ü

Syllables = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pinyin:
    """A text's syllables run together, and their first letters; digits and Latin letters stand for themselves."""

    full: str
    initials: str


def pinyin_of(text: str) -> Pinyin:
    """The pinyin of a text; ü is v, and what is neither Chinese, letter nor digit is left out."""
    full: list[str] = []
    initials: list[str] = []
    for run in _KEPT.findall(unicodedata.normalize("NFKC", text).lower()):
        syllables = (run,) if run.isascii() else tuple(_read(run))
        full += syllables
        initials += [run] if run.isascii() else [syllable[:1] for syllable in syllables]
    return Pinyin("".join(full), "".join(initials))


def pinyin_lines(texts: Iterable[str]) -> str:
    """The pinyin of several texts in one, for a search: full and initials of each, a line each."""
    lines = [line for each in map(pinyin_of, texts) for line in (each.full, each.initials)]
    return "\n".join(dict.fromkeys(line for line in lines if line))


def _read(run: str) -> Iterator[str]:
    """The syllables of Chinese characters, those of a known word as it is read."""
    readings, words = _readings(), _words()
    place = 0
    while place < len(run):
        known = words.get(run[place])
        length = next((n for n in range(_LONGEST, 1, -1) if run[place : place + n] in known), 1) if known else 1
        if known and length > 1:
            yield from known[run[place : place + length]]
        else:
            yield readings.get(run[place], "")
        place += length


@cache
def _readings() -> Mapping[str, str]:
    """The usual reading of each character."""
    from pypinyin.constants import PINYIN_DICT  # half a second, and only searching and saving need it

    return {chr(code): _plain(readings.partition(",")[0]) for code, readings in PINYIN_DICT.items()}


@cache
def _words() -> Mapping[str, Mapping[str, Syllables]]:
    """Words by their first character, with the syllables of each: those that are not read character by character."""
    from pypinyin.constants import PHRASES_DICT

    usual = _readings()
    read = {
        word: tuple(_plain(one[0]) for one in syllables)
        for word, syllables in PHRASES_DICT.items()
        if 1 < len(word) <= _LONGEST
    }
    own = read_data("knowledge", "pinyin.yaml")
    read |= {word: tuple(syllables.split()) for word, syllables in own.items()}
    words: dict[str, dict[str, Syllables]] = {}
    for word, syllables in read.items():
        if word in own or syllables != tuple(usual.get(character, "") for character in word):
            words.setdefault(word[0], {})[word] = syllables
    return words


@lru_cache(maxsize=4096)  # Chinese has some 1,500 syllables, and the dictionary 200,000 of them
def _plain(syllable: str) -> str:
    """A syllable without its tone: nǚ is nv."""
    bare = _TONES.sub("", unicodedata.normalize("NFD", syllable)).replace("u\u0308", "v")
    return "".join(letter for letter in bare.lower() if "a" <= letter <= "z")
