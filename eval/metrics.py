"""What a run over labelled dialogs comes to: topics, complaints, emotions, empathy, silence, in shares of 1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sklearn.metrics import f1_score, precision_score, recall_score

from eval.runs import Outcome

OUTSIDE = "other.chitchat"
# Two pairs of codes ask for the same reply and count as one (see intents.yaml of the contract).
_SAME = {"flow.closing": "flow.ack", "flow.info": "other.unclear"}


@dataclass(frozen=True, slots=True)
class Scores:
    """`first` and `within_three`: the share of labelled turns with a right topic among the suggestions.

    `understood` is the share whose likeliest intent is right, whether or not anything is suggested. `empathy_first` is
    the share of turns taken for complaints whose first suggestion opens with empathy.
    """

    turns: int
    first: float
    within_three: float
    understood: float
    complaint_precision: float
    complaint_recall: float
    complaint_f1: float
    emotion_f1: float
    empathy_first: float
    abstained: float


def score(outcomes: Sequence[Outcome]) -> Scores:
    """The scores of a run; turns without a label for a quantity do not count for it."""
    judged = [each for each in outcomes if each.case.labels and each.case.labels.intents]
    said, true = _complaints(outcomes)
    felt = [
        (each.case.labels.emotion, each.response.understanding.emotion.label)
        for each in outcomes
        if each.case.labels and each.case.labels.emotion
    ]
    return Scores(
        turns=len(judged),
        first=_share(is_right(each, 1) for each in judged),
        within_three=_share(is_right(each, 3) for each in judged),
        understood=_share(_is_understood(each) for each in judged),
        complaint_precision=float(precision_score(true, said, zero_division=0.0)),
        complaint_recall=float(recall_score(true, said, zero_division=0.0)),
        complaint_f1=float(f1_score(true, said, zero_division=0.0)),
        emotion_f1=float(f1_score(*zip(*felt, strict=True), average="macro")) if felt else 0.0,
        empathy_first=_share(opens_with_empathy(each) for each in outcomes if is_complaint(each)),
        abstained=_share(each.response.abstained for each in judged),
    )


def is_right(outcome: Outcome, within: int) -> bool:
    """Whether one of the first `within` suggestions is about an acceptable topic.

    To what has nothing to do with the shop, silence is the right answer.
    """
    labels = outcome.case.labels
    if not labels or not labels.intents:
        return False
    if outcome.response.abstained and labels.intents[0] == OUTSIDE:
        return True
    return bool(_folded(outcome.topics[:within]) & _folded(labels.intents))


def is_complaint(outcome: Outcome) -> bool:
    """Whether the turn was taken for a complaint, and something of the knowledge is suggested."""
    response = outcome.response
    return response.understanding.complaint.value and not response.abstained


def opens_with_empathy(outcome: Outcome) -> bool:
    """Whether the first suggestion's first part is empathy."""
    suggestions = outcome.response.suggestions
    return bool(suggestions) and suggestions[0].parts[0].role == "empathy"


def _is_understood(outcome: Outcome) -> bool:
    guesses, labels = outcome.response.understanding.intents, outcome.case.labels
    return bool(_folded([each.code for each in guesses[:1]]) & _folded((labels and labels.intents) or ()))


def _complaints(outcomes: Sequence[Outcome]) -> tuple[list[bool], list[bool]]:
    known = [each for each in outcomes if each.case.labels and each.case.labels.complaint is not None]
    said = [each.response.understanding.complaint.value for each in known]
    return said, [bool(each.case.labels and each.case.labels.complaint) for each in known]


def _folded(codes: Sequence[str]) -> set[str]:
    return {_SAME.get(code, code) for code in codes}


def _share(values: Iterable[bool]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
