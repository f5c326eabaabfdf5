"""Every case as a document, and what is taken for what: by intent, and the worst pairs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from assistant.evidence import NONE
from assistant.explanation import Explained
from assistant.response import Suggestion
from assistant.suggester import Suggester
from eval.result import CaseResult, Confusion, IntentResult, Judged, Suggested
from eval.runs import Heard, Outcome
from eval.sureness import answering_score
from eval.topics import SILENCE, is_judged, is_right, offered, wanted

_SPEAKERS = {"buyer": "买家", "agent": "客服", "system": "系统"}
WORST = 30


def case_result(outcome: Outcome, why: Explained | None) -> CaseResult:
    """A case with what was wanted and what came of it."""
    case, response = outcome.case, outcome.response
    judged, labels = is_judged(outcome), case.labels
    before = case.request.messages if labels is None else case.request.messages[:-1]
    return CaseResult(
        id=case.id,
        file=case.file,
        text=case.text if labels else "",
        context=[f"{_SPEAKERS[each.role]}：{each.text}" for each in before],
        wanted=list((labels.intents if labels else (case.request.intent or "",)) or ()),
        wanted_entries=list(labels.entry_ids if labels else ()),
        understood=[guess.code for guess in response.understanding.intents],
        labelled=Judged(complaint=labels.complaint if labels else None, emotion=labels.emotion if labels else None),
        said=Judged(complaint=response.understanding.complaint.value, emotion=response.understanding.emotion.label),
        suggestions=[_suggested(each) for each in response.suggestions],
        right_first=is_right(outcome, 1) if judged else None,
        right_three=is_right(outcome, 3) if judged else None,
        abstained=response.abstained,
        score=round(answering_score(outcome), 6),
        tags=list(case.tags),
        why=why,
    )


def _suggested(one: Suggestion) -> Suggested:
    return Suggested(
        intent=one.intent,
        confidence=one.confidence,
        entry_id=one.source.entry_id,
        text=one.text,
        fallback=one.fallback,
    )


def reasons(
    suggester: Suggester, outcomes: Sequence[Outcome], on_progress: Heard | None = None
) -> list[Explained | None]:
    """For every miss of a topic why the winner won and the right one lost, for every miss of a complaint what was
    weighed; None for the rest."""
    missed = [place for place, each in enumerate(outcomes) if _topic_missed(each) or _complaint_missed(each)]
    found: dict[int, Explained] = {}
    for number, place in enumerate(missed, start=1):
        found[place] = _why(suggester, outcomes[place])
        if on_progress:
            on_progress(number, len(missed))
    return [found.get(place) for place in range(len(outcomes))]


def _why(suggester: Suggester, outcome: Outcome) -> Explained:
    whole = suggester.explain(outcome.case.request)
    codes: list[str] = []
    if _topic_missed(outcome) and outcome.case.labels:
        leading = outcome.topics[:1] or [each.intent for each in whole.entries[:1]]
        codes = [*leading, *(outcome.case.labels.intents or ()), *([NONE] if outcome.response.abstained else [])]
    chosen = whole.only(codes)
    return chosen.model_copy(update={"complaint": whole.complaint}) if _complaint_missed(outcome) else chosen


def _topic_missed(outcome: Outcome) -> bool:
    return is_judged(outcome) and not is_right(outcome, 1)


def _complaint_missed(outcome: Outcome) -> bool:
    labels = outcome.case.labels
    if labels is None or labels.complaint is None:
        return False
    return labels.complaint != outcome.response.understanding.complaint.value


def by_intent(outcomes: Sequence[Outcome]) -> dict[str, IntentResult]:
    """For every code that is first accepted somewhere, in the order of the codes."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for each in filter(is_judged, outcomes):
        groups[wanted(each.case)[0]].append(each)
    return {code: _intent(groups[code]) for code in sorted(groups)}


def _intent(group: Sequence[Outcome]) -> IntentResult:
    confused = Counter(first_offered(each) for each in group if not is_right(each, 1))
    return IntentResult(
        n=len(group),
        first=round(sum(is_right(each, 1) for each in group) / len(group), 6),
        within_three=round(sum(is_right(each, 3) for each in group) / len(group), 6),
        confused_with=dict(sorted(confused.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def confusions(intents: dict[str, IntentResult]) -> list[Confusion]:
    """The pairs that occur most often, worst first."""
    pairs = [
        Confusion(wanted=code, got=got, n=n)
        for code, result in intents.items()
        for got, n in result.confused_with.items()
    ]
    return sorted(pairs, key=lambda pair: (-pair.n, pair.wanted, pair.got))[:WORST]


def first_offered(outcome: Outcome) -> str:
    """What the first suggestion is about, `silence` for none."""
    return next(iter(offered(outcome)), SILENCE)
