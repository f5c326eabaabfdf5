"""A text folded for matching, each folded character knowing where it stood: disguises vanish, places stay."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import opencc

_STAND_INS = {"➕": "加", "✚": "加", "💰": "钱", "🧧": "红包", "🐧": "企鹅"} | dict(
    zip("壹贰貳叁叄肆伍陆陸柒捌玖", "一二二三三四五六六七八九", strict=True)
)
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff]")
_LETTERS = ((0x1F1E6, 26), (0x1F130, 26), (0x1F150, 26), (0x1F170, 26))  # 🇻 🄥 🅥 🆅: letters that look like pictures
_CHINESE = "\u3400-\u9fff"
_NOISE = (
    re.compile(rf"\[[{_CHINESE}]{{1,4}}\]"),  # the platform's emoticons: [爱心]
    re.compile(r" +(?!\d)|(?<!\d) +"),  # 微 信; between digits a space parts two numbers
    re.compile(r"(?m)(?<=^.)\n(?=.$)"),  # one character a line
    re.compile(
        rf"(?<=[{_CHINESE}])(?:[-*_·•|^`./\\#&=]{{1,3}}|~)(?=[{_CHINESE}a-z])"
        rf"|(?<=[a-z])(?:[-*_·•|^`./\\#&=]{{1,3}}|~)(?=[{_CHINESE}])"
        r"|(?<![a-z][a-z])(?<=[a-z])[-*_·•|^`./\\#&=~]{1,3}(?=[a-z](?![a-z]))"  # V.X, but not taobao.com
    ),
)


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` is what is matched; its character n stood at `origins[n]` of the text as given."""

    text: str
    origins: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the text as given that the folded span stands for, end excluded."""
        return self.origins[start], self.origins[end - 1] + 1


def fold(text: str) -> Folded:
    """Fold width, case and script; take out emoji, invisible characters and what parts letters that belong together."""
    pairs = [(folded, place) for place, character in enumerate(text) for folded in _folded(character)]
    for noise in _NOISE:
        joined = "".join(character for character, _ in pairs)
        gone = {place for match in noise.finditer(joined) for place in range(*match.span())}
        if gone:
            pairs = [pair for place, pair in enumerate(pairs) if place not in gone]
    return Folded("".join(character for character, _ in pairs), tuple(place for _, place in pairs))


@lru_cache(maxsize=20_000)
def _folded(character: str) -> str:
    """What one character is matched as: none, one or (㎏) several."""
    if character in _STAND_INS:
        return _STAND_INS[character]
    if character == "\n" or character.isspace():
        return "\n" if character == "\n" else " "
    letter = _pictured_letter(ord(character))
    if letter or unicodedata.category(character) in ("Mn", "Me", "Cf", "Cc", "Cs"):
        return letter
    digit = unicodedata.digit(character, None)
    if digit is not None:  # ➊ and ① alike
        return str(digit)
    folded = _EMOJI.sub("", unicodedata.normalize("NFKC", character).lower())
    return str(_to_simplified().convert(folded))


def _pictured_letter(code: int) -> str:
    return next((chr(ord("a") + code - first) for first, count in _LETTERS if first <= code < first + count), "")


@cache
def _to_simplified() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
