"""Which signals decided: the winner against the right one, and what a complaint was read from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.evidence import NONE
from assistant.explanation import EntryReason, Explained, Reason
from eval.report_words import words
from eval.result import CaseResult
from eval.tables import zh
from eval.topics import folded

_LEAST_PULL = 0.005  # differences that would be written 0.00 say nothing


@dataclass(frozen=True, slots=True)
class Pull:
    """A signal's worth for the winner and for the right one; `share` is the difference, −1 to 1, of the largest."""

    name: str
    winner: float
    right: float
    share: float


@dataclass(frozen=True, slots=True)
class Duel:
    """The winner against the right one: their names, scores, and every signal that tells them apart, widest first."""

    winner: str
    right: str
    winner_score: str
    right_score: str
    pulls: list[Pull]


def intent_duel(case: CaseResult, why: Explained | None) -> Duel | None:
    """What won against the likeliest of the wanted intents; None where none of them was a candidate.

    Where nothing was said, what won is the alternative that the knowledge has no answer.
    """
    known = why.intents if why else ()
    won = [NONE] if case.abstained else first_topic(case)
    winner = next((each for each in known if folded(each.code) in won), None)
    right = max((each for each in known if is_wanted(case, each.code)), key=_likely, default=None)
    if not winner or not right or winner == right:
        return None
    scores = (f"{winner.probability:.1%}", f"{right.probability:.1%}")
    return Duel(_named(winner.code), zh(right.code), *scores, pulls(winner.contributions, right.contributions))


def entry_duel(case: CaseResult, why: Explained | None) -> Duel | None:
    """The entry that was first, or would have been, against the surest of a wanted intent."""
    known = why.entries if why else ()
    others = [each for each in known if not is_wanted(case, each.intent)]
    winner = next((each for each in others if case.abstained or folded(each.intent) in first_topic(case)), None)
    right = max((each for each in known if is_wanted(case, each.intent)), key=_sure, default=None)
    if not winner or not right:
        return None
    scores = (f"{winner.confidence:.1%}", f"{right.confidence:.1%}")
    return Duel(winner.title, right.title, *scores, pulls(winner.contributions, right.contributions))


def is_wanted(case: CaseResult, code: str) -> bool:
    """Whether readers accept the code."""
    return folded(code) in map(folded, case.wanted)


def _likely(reason: Reason) -> float:
    return reason.probability


def _sure(reason: EntryReason) -> float:
    return reason.confidence


def _named(code: str) -> str:
    return words().signals[NONE] if code == NONE else zh(code)


def complaint_signals(case: CaseResult) -> tuple[str, list[Pull]] | None:
    """How likely a complaint was taken to be, and what spoke for it and against it; None where nobody asked."""
    told = case.why.complaint if case.why else None
    if told is None:
        return None
    return f"{told.probability:.1%}", pulls(told.contributions, {})


def pulls(winner: Mapping[str, float], right: Mapping[str, float]) -> list[Pull]:
    """Every signal whose worth differs, the widest difference first."""
    names = sorted({*winner, *right})
    gaps = {name: winner.get(name, 0.0) - right.get(name, 0.0) for name in names}
    widest = max(map(abs, gaps.values()), default=0.0)
    told = sorted((name for name in names if abs(gaps[name]) >= _LEAST_PULL), key=lambda name: (-abs(gaps[name]), name))
    return [
        Pull(words().signals.get(name, name), winner.get(name, 0.0), right.get(name, 0.0), gaps[name] / widest)
        for name in told
    ]


def first_topic(case: CaseResult) -> list[str]:
    """What the first suggestion is about, as a list of one; empty for none, and for a holding phrase."""
    return [folded(each.intent) for each in case.suggestions[:1] if not each.fallback]
