"""What a run over labelled dialogs comes to: topics, understanding, feelings, silence, in shares of 1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support

from eval.ranked import TOPIC_MEASURES, as_scores, measured
from eval.result import Metrics, rounded
from eval.runs import Outcome
from eval.sureness import area, calibration_error, out_of_scope, reliability, risk_coverage
from eval.topics import accepted, closest_wanted, folded, is_judged, offered, risks, understood_as, wanted


def measure(outcomes: Sequence[Outcome], further: Sequence[Outcome] | None = None) -> Metrics:
    """Every number of a run; turns without a label for a quantity do not count for it.

    `further` are the same cases with ten suggestions asked for, from which the reciprocal rank is taken.
    """
    judged = [each for each in outcomes if is_judged(each)]
    told = out_of_scope(outcomes)
    return rounded(
        {
            "turns": float(len(judged)),
            **_topics(outcomes, further or outcomes),
            **_entries(outcomes),
            **_intents(judged),
            **_complaints(outcomes),
            **_emotions(outcomes),
            **_risks(judged),
            "empathy_first": share(opens_with_empathy(each) for each in outcomes if is_complaint(each)),
            "abstained": share(each.response.abstained for each in judged),
            "calibration_error": calibration_error(reliability(outcomes)),
            "risk_coverage_area": area(risk_coverage(outcomes)),
            "scope_auroc": told.auroc,
            "outside_answered": told.answered,
            "outside_answered_at_95": told.answered_at_95,
            "openings_right": share(_is_as_asked(each) for each in outcomes if each.case.labels is None),
        }
    )


def share(values: Iterable[bool]) -> float | None:
    """The share that holds; None of nothing."""
    found = list(values)
    return sum(found) / len(found) if found else None


def topic_metrics(rankings: Sequence[Sequence[str]], accepted_codes: Sequence[set[str]]) -> Metrics:
    """Success@1, Success@3 and RR@10 of ranked topics against the accepted ones, a list and a set for every turn."""
    qrels = {str(number): dict.fromkeys(sorted(codes), 1) for number, codes in enumerate(accepted_codes)}
    run = {str(number): as_scores(ranking) for number, ranking in enumerate(rankings)}
    return dict(measured(TOPIC_MEASURES, qrels, run)) if qrels else dict.fromkeys(TOPIC_MEASURES)


def is_complaint(outcome: Outcome) -> bool:
    """Whether the turn was taken for a complaint, and something of the knowledge is suggested."""
    response = outcome.response
    return response.understanding.complaint.value and not response.abstained


def opens_with_empathy(outcome: Outcome) -> bool:
    """Whether the first suggestion's first part is empathy."""
    suggestions = outcome.response.suggestions
    return bool(suggestions) and suggestions[0].parts[0].role == "empathy"


def _topics(outcomes: Sequence[Outcome], further: Sequence[Outcome]) -> Metrics:
    first = _ranked_topics(outcomes)
    return {**first, "rr_at_10": _ranked_topics(further)["rr_at_10"]}


def _ranked_topics(outcomes: Sequence[Outcome]) -> Metrics:
    judged = [each for each in outcomes if is_judged(each)]
    return topic_metrics([offered(each) for each in judged], [accepted(each.case) for each in judged])


def _entries(outcomes: Sequence[Outcome]) -> Metrics:
    """Where readers named the relevant entries: whether one of them is first, or among the three."""
    named = [(each.case.labels.entry_ids, each) for each in outcomes if each.case.labels and each.case.labels.entry_ids]
    lists = [
        list(dict.fromkeys(one.source.entry_id for one in each.response.suggestions if not one.fallback))
        for _, each in named
    ]
    found = topic_metrics(lists, [set(ids) for ids, _ in named])
    return {f"entry_{name}": found[name] for name in ("success_at_1", "success_at_3")}


def _intents(judged: Sequence[Outcome]) -> Metrics:
    """The likeliest intent, whether or not anything is suggested; every acceptable code counts as the right one."""
    said = [understood_as(each) for each in judged]
    true = [closest_wanted(code, wanted(each.case)) for code, each in zip(said, judged, strict=True)]
    return {
        "intent_accuracy": float(accuracy_score(true, said)) if judged else None,
        "intent_macro_f1": _macro_f1(true, said),
    }


def _complaints(outcomes: Sequence[Outcome]) -> Metrics:
    known = [each for each in outcomes if each.case.labels and each.case.labels.complaint is not None]
    true = [bool(each.case.labels and each.case.labels.complaint) for each in known]
    return _yes_or_no("complaint", true, [each.response.understanding.complaint.value for each in known])


def _emotions(outcomes: Sequence[Outcome]) -> Metrics:
    known = [each for each in outcomes if each.case.labels and each.case.labels.emotion]
    true = [str(each.case.labels and each.case.labels.emotion) for each in known]
    said = [each.response.understanding.emotion.label for each in known]
    return {
        "emotion_accuracy": float(accuracy_score(true, said)) if known else None,
        "emotion_macro_f1": _macro_f1(true, said),
    }


def _risks(judged: Sequence[Outcome]) -> Metrics:
    """Whether a risk was seen where readers see one; a code that is acceptable but not the first decides nothing."""
    true, said = [], []
    for each in judged:
        named = risks(each.response.understanding.risks)
        codes = wanted(each.case)
        said.append(bool(named))
        true.append(bool(named & set(codes)) or bool(risks(codes[:1])))
    return _yes_or_no("risk", true, said)


def _yes_or_no(name: str, true: Sequence[bool], said: Sequence[bool]) -> Metrics:
    if not any(true):
        return dict.fromkeys((f"{name}_precision", f"{name}_recall", f"{name}_f1"))
    precision, recall, f1, _ = precision_recall_fscore_support(true, said, average="binary", zero_division=0.0)
    return {f"{name}_precision": float(precision), f"{name}_recall": float(recall), f"{name}_f1": float(f1)}


def _macro_f1(true: Sequence[str], said: Sequence[str]) -> float | None:
    """The mean of the F1 of every label that occurs among the true ones."""
    labels = sorted(set(true))
    return float(f1_score(true, said, labels=labels, average="macro", zero_division=0.0)) if labels else None


def _is_as_asked(outcome: Outcome) -> bool:
    """Whether all that the shop may open with is of the intent it asked for."""
    asked = outcome.case.request.intent
    return bool(outcome.topics) and {folded(code) for code in outcome.topics} == {folded(asked or "")}
