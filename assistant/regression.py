"""Regression: what a change of the knowledge does to the shop's labelled tests, found out before it is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.judging import faults
from assistant.labelled_dialogs import Case, Dialog, cases
from assistant.response import SuggestionResponse
from assistant.suggester import Suggester
from knowledge.changes import Delta
from knowledge.entries import Entry, EntryDraft
from knowledge.errors import EntryInvalid, Problem
from knowledge.exchange.field_problems import problems_of
from knowledge.index_rows import Prepared
from knowledge.labelled_tests import LabelledTest
from knowledge.snapshot import Snapshot
from models.encoder import Encoder
from models.remembered import RememberedEncoder

SHOWN = 3
UNNAMED = "（新 条目）"  # the id of a draft without one, while it is tried out; with its space no entry can have it
Outcome = Literal["passes", "fails", "regression", "fixed"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class Offered(_Frozen):
    """One of the first suggestions."""

    entry_id: str
    title: str
    intent: str
    confidence: float
    text: str


class Expected(_Frozen):
    """What the labels say; null where they say nothing."""

    intents: tuple[str, ...]
    complaint: bool | None = None
    abstained: bool | None = None
    entry_ids: tuple[str, ...] = ()


class Seen(_Frozen):
    """What one state of the knowledge makes of a test; without `faults` it passes."""

    passed: bool
    faults: tuple[str, ...]
    abstained: bool
    complaint: bool
    suggestions: tuple[Offered, ...]


class TestResult(_Frozen):
    """One labelled message of a test; `place` counts the messages of the dialog from 0. `before` null: not compared."""

    __test__ = False  # no test of ours, whatever its name

    test_id: int
    dialog_id: str
    place: int
    message: str
    expected: Expected
    outcome: Outcome
    before: Seen | None
    after: Seen


class TestReport(_Frozen):
    """All labelled messages, those that a change would spoil first, then those that fail anyway."""

    __test__ = False

    tests: int
    total: int
    passed_before: int | None
    passed_after: int
    regressions: int
    results: tuple[TestResult, ...]

    def spoilt(self) -> list[TestResult]:
        """What passed and would not any more."""
        return [each for each in self.results if each.outcome == "regression"]


class Regressed(Exception):
    """A change would spoil labelled tests; nothing was published."""

    def __init__(self, report: TestReport) -> None:
        spoilt = report.spoilt()
        named = "、".join(f"“{each.message}”" for each in spoilt[:3])
        super().__init__(
            f"发布后有 {len(spoilt)} 个原来通过的测试会失败：{named}{' 等' if len(spoilt) > 3 else ''}。"
            "请改好提案或测试后再发布；确有必要时，管理员可以写明理由后发布。"
        )
        self.extension = {"regressions": [each.model_dump(mode="json") for each in spoilt]}


@dataclass(frozen=True, slots=True)
class FixedKnowledge:
    """One state of the knowledge that a suggester answers from, whatever is written meanwhile."""

    state: Snapshot

    def snapshot(self) -> Snapshot:
        return self.state


@dataclass(frozen=True, slots=True)
class _TestCase:
    test: LabelledTest
    case: Case


def run_tests(suggester: Suggester, tests: Sequence[LabelledTest]) -> TestReport:
    """What the knowledge as it is makes of the tests."""
    found = _cases(tests)
    after = _answers(suggester, suggester.base.snapshot(), found)
    results = [_result(each, None, response) for each, response in zip(found, after, strict=True)]
    return _report(tests, results)


def compare(suggester: Suggester, tests: Sequence[LabelledTest], current: Snapshot, changed: Snapshot) -> TestReport:
    """What two states of the knowledge make of the tests; each text is encoded once."""
    found = _cases(tests)
    once = replace(suggester, encoder=RememberedEncoder(suggester.encoder))
    before, after = (_answers(once, state, found) for state in (current, changed))
    return _report(tests, [_result(*each) for each in zip(found, before, after, strict=True)])


def candidate(snapshot: Snapshot, draft: EntryDraft, encoder: Encoder, prepared: Prepared) -> Snapshot:
    """The knowledge as it would be with the draft, without writing it."""
    entry_id = draft.id or UNNAMED
    stored = snapshot.entries.get(entry_id)
    fields = {**draft.model_dump(), "id": entry_id, "version": stored.version + 1 if stored else 1}
    delta = Delta(snapshot.revision, (Entry.model_validate(fields),), frozenset(), (), {})
    return snapshot.advanced(delta, encoder, prepared=prepared)


def _cases(tests: Sequence[LabelledTest]) -> list[_TestCase]:
    return [_TestCase(test, case) for test in tests for case in cases([read_dialog(test)], SHOWN)]


def read_dialog(test: LabelledTest) -> Dialog:
    """The dialog of a stored test; raises EntryInvalid when this program does not understand it any more."""
    try:
        return Dialog.model_validate(test.dialog)
    except ValidationError as error:
        found = problems_of(error.errors(include_url=False), Dialog)
        raise EntryInvalid([Problem(f"tests[{test.id}].{p.field}", p.reason, p.remedy) for p in found]) from error


def _answers(suggester: Suggester, state: Snapshot, found: Sequence[_TestCase]) -> list[SuggestionResponse]:
    requests = [each.case.request.model_copy(update={"shop_id": each.test.shop_id}) for each in found]
    return replace(suggester, base=FixedKnowledge(state)).suggest_many(requests) if requests else []


def _report(tests: Sequence[LabelledTest], results: Sequence[TestResult]) -> TestReport:
    order: list[Outcome] = ["regression", "fails", "fixed", "passes"]
    compared = [each.before for each in results if each.before]
    return TestReport(
        tests=len(tests),
        total=len(results),
        passed_before=sum(each.passed for each in compared) if compared else None,
        passed_after=sum(each.after.passed for each in results),
        regressions=sum(each.outcome == "regression" for each in results),
        results=tuple(sorted(results, key=lambda each: order.index(each.outcome))),
    )


def _result(found: _TestCase, before: SuggestionResponse | None, after: SuggestionResponse) -> TestResult:
    case, labels = found.case, found.case.labels
    seen, was = _seen(case, after), _seen(case, before) if before else None
    return TestResult(
        test_id=found.test.id,
        dialog_id=case.dialog_id,
        place=len(case.request.messages) - (labels is not None),
        message=case.text,
        expected=Expected(
            intents=(labels.intents if labels else (case.request.intent or "",)) or (),
            complaint=labels.complaint if labels else None,
            abstained=labels.abstained if labels else None,
            entry_ids=labels.entry_ids if labels else (),
        ),
        outcome=_outcome(was, seen),
        before=was,
        after=seen,
    )


def _outcome(before: Seen | None, after: Seen) -> Outcome:
    if before is None or before.passed == after.passed:
        return "passes" if after.passed else "fails"
    return "fixed" if after.passed else "regression"


def _seen(case: Case, response: SuggestionResponse) -> Seen:
    found = faults(case, response)
    return Seen(
        passed=not found,
        faults=tuple(found),
        abstained=response.abstained,
        complaint=response.understanding.complaint.value,
        suggestions=tuple(
            Offered(
                entry_id=each.source.entry_id,
                title=each.source.title,
                intent=each.intent,
                confidence=each.confidence,
                text=each.text,
            )
            for each in response.suggestions
            if not each.fallback
        ),
    )
