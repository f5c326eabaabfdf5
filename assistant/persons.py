"""Whose measurements a turn gives: 给我妈买 她158 130斤，我165 speaks of two people and buys for one."""

from __future__ import annotations

import re
from dataclasses import dataclass

SELF = "我"
_KIN = (
    "妈妈|妈|爸爸|爸|婆婆|公公|奶奶|爷爷|外婆|外公|姥姥|姥爷|姐姐|姐|妹妹|妹|哥哥|哥|弟弟|弟|老公|老婆|媳妇|爱人|对象|"
    "男朋友|女朋友|男友|女友|闺蜜|朋友|同事|同学|室友|儿子|女儿|闺女|孙子|孙女|宝宝|孩子|小孩|娃|婆"
)
# 我165, 我身高165, 我自己是165: the number is the buyer's own; 我想买 says nothing of whose it is.
_OWN = r"(?:我|俺|本人)(?:自己|本人)?(?:的?身高|的?体重|现在|是|才|大概|\s)*(?=\d)"
_PRONOUNS = ("她", "他", "ta")
_PRONOUN = "她|他|ta(?![a-z])"
_ANOTHER = re.compile("那|再|另外|还|呢|也")  # 那我妈呢, 再给我妈买一件: the measurements before were not hers
_PERSON = re.compile(rf"(?P<own>{_OWN})|(?:我|俺|咱)?家?(?P<kin>{_KIN})|(?P<pronoun>{_PRONOUN})")
_FOR_KIN = re.compile(rf"(?:给|帮|替|送|为)(?:我|俺|咱)?家?的?(?P<kin>{_KIN})|(?P<wears>{_KIN})(?:要|来|想)?穿")
_SELF_WEARS = re.compile(r"我(?:自己|本人)(?:要|来|想)?(?:穿|买|用)|给(?:我自己|自己)")


@dataclass(frozen=True, slots=True)
class Share:
    """The words of a turn that speak of one person; `person` None is nobody named."""

    person: str | None
    text: str


def shares(text: str) -> list[Share]:
    """The turn cut at every person named, each person's words joined; a pronoun is the relative named last."""
    spoken: dict[str | None, list[str]] = {}
    person, start, relative = None, 0, None
    for match in _PERSON.finditer(text):
        spoken.setdefault(person, []).append(text[start : match.start()])
        relative = match["kin"] or relative
        person = SELF if match["own"] else relative or match["pronoun"]
        start = match.start() if match["own"] else match.end()
    spoken.setdefault(person, []).append(text[start:])
    return [Share(who, ",".join(words)) for who, words in spoken.items()]


def bought_for(text: str) -> str | None:
    """The person for whom the turn plainly says it is bought; None when it does not say."""
    if _SELF_WEARS.search(text):
        return SELF
    match = _FOR_KIN.search(text)
    return (match["kin"] or match["wears"]) if match else None


def turned_to(text: str) -> str | None:
    """The person to whom a turn without measurements goes over (那我妈呢); None when it stays with the one before."""
    if not _ANOTHER.search(text):
        return None
    return bought_for(text) or next((part.person for part in shares(text) if part.person), None)


def is_same(named: str, person: str) -> bool:
    """Whether a name now used may be the person spoken of before: 她 is the relative named last, never the buyer."""
    return named == person or (named in _PRONOUNS and person != SELF)
