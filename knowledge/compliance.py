"""What must not be said to a buyer: each wording with its place, its reason and, where one fits, a better wording."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from knowledge.compliance_table import Action, Rule, allowed, quotation, rules
from knowledge.folded_text import fold

PERSONAL_DATA = "个人信息"  # the category of telephone, identity and card numbers
_SENTENCE = re.compile(r"(?:“[^”\n]*”|「[^」\n]*」|\"[^\"\n]*\"|[^。!?\n])+[。!?\n]*")
_LONGEST, _SHARED = 300, 100  # a sentence without end is read in pieces that share this much
_SEEN_BEFORE = 25  # characters before a wording that may excuse it

Span = tuple[int, int]


class Finding(BaseModel):
    """One wording that breaks a rule; `span` counts characters (code points) of the text, end excluded.

    `replacement` can stand in the span as it is; None where no wording can, then the reason says what to do.
    """

    model_config = ConfigDict(frozen=True)

    category: str
    action: Action
    span: Span
    text: str
    reason: str
    replacement: str | None = None


def check_text(text: str, facts: Collection[object] = ()) -> tuple[Finding, ...]:
    """Every finding on a text that is about to be sent, in the order of the text.

    Numbers that stand in one of `facts` may be said: the telephone in the shop's own return address.
    """
    folded = fold(text)
    findings: list[Finding] = []
    for place, sentence in sentences(folded.text):
        for rule, (start, end), replacement in _breaches(sentence):
            span = folded.span(place + start, place + end)
            findings.append(
                Finding(category=rule.category, action=rule.action, span=span, text=text[slice(*span)],
                        reason=rule.reason, replacement=replacement)
            )  # fmt: skip
    return in_order(one for one in findings if one.category != PERSONAL_DATA or not _is_fact(one.text, facts))


def blocks(findings: Iterable[Finding]) -> bool:
    """Whether any finding forbids sending."""
    return any(finding.action == "block" for finding in findings)


def sentences(text: str) -> Iterator[tuple[int, str]]:
    """The sentences of a folded text with their places.

    A very long one comes in pieces that overlap, so that the time to check it grows with its length and no faster.
    """
    for sentence in _SENTENCE.finditer(text):
        whole = sentence.group()
        for start in range(0, max(1, len(whole) - _SHARED), _LONGEST - _SHARED):
            yield sentence.start() + start, whole[start : start + _LONGEST]


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in the order of the text, without those that a stronger or longer one covers."""
    kept: list[Finding] = []
    for one in sorted(findings, key=lambda each: (each.action, each.span[0] - each.span[1], each.span)):
        if not any(_covers(stronger, one) for stronger in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda finding: (finding.span, finding.category)))


def _covers(stronger: Finding, weaker: Finding) -> bool:
    (start, end), (first, last) = stronger.span, weaker.span
    inside = start <= first and last <= end
    overlaps = first < end and start < last
    return overlaps if stronger.category == weaker.category else inside and weaker.action == "warn"


@lru_cache(maxsize=20_000)
def _breaches(sentence: str) -> tuple[tuple[Rule, Span, str | None], ...]:
    """The rules that a folded sentence breaks; cached, because replies repeat the sentences of the entries."""
    harmless = [span for phrase in allowed() for span in _places(phrase, sentence)]
    quoted = [match.span(1) for match in quotation().finditer(sentence)]
    return tuple(
        (rule, span, replacement)
        for rule in rules()
        for span, replacement in _matches(rule, sentence, harmless + quoted if rule.quotable else harmless)
    )


def _matches(rule: Rule, sentence: str, sheltered: list[Span]) -> Iterator[tuple[Span, str | None]]:
    """Where the rule is broken; an excused wording does not hide one that begins inside it."""
    match = rule.pattern.search(sentence)
    while match:
        start, end = match.span("p") if "p" in rule.pattern.groupindex else match.span()
        excused = any(first <= start and end <= last for first, last in sheltered) or _excused(rule, sentence, match)
        if end > start and not excused:
            yield (start, end), None if rule.replacement is None else match.expand(rule.replacement)
        match = rule.pattern.search(sentence, match.start() + 1 if excused else max(match.end(), match.start() + 1))


def _excused(rule: Rule, sentence: str, match: re.Match[str]) -> bool:
    before = sentence[max(0, match.start() - _SEEN_BEFORE) : match.start()]
    return bool(
        (rule.after and rule.after.search(before))
        or (rule.before and rule.before.match(sentence, match.end()))
        or (rule.within and rule.within.search(sentence))
    )


def _places(phrase: str, sentence: str) -> Iterator[Span]:
    start = sentence.find(phrase)
    while start >= 0:
        yield start, start + len(phrase)
        start = sentence.find(phrase, start + 1)


def _is_fact(number: str, facts: Collection[object]) -> bool:
    """Whether a fact holds the number, however either is parted."""
    digits = re.sub(r"[^0-9x]", "", fold(number).text)
    written = re.compile(rf"(?<!\d)(?:86)?{'[- ]{0,2}'.join(digits)}(?!\d)")
    return bool(digits) and any(written.search(fold(str(fact)).text) for fact in facts)
