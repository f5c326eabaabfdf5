"""Regression: what a change would do to the labelled tests is known before it is made, and nothing is written."""

from __future__ import annotations

from datetime import UTC, datetime
from time import process_time
from typing import Any

import pytest

from assistant.regression import Regressed, TestReport, candidate, compare, run_tests
from assistant.service.wiring import Parts
from knowledge.changes import Changes
from knowledge.entries import EntryDraft
from knowledge.errors import EntryInvalid
from knowledge.index_rows import embed
from knowledge.labelled_tests import LabelledTest
from tests.entry_examples import draft
from tests.small_knowledge import ADDRESS, SHIP
from tests.starter_fixtures import starter_parts as starter_parts

pytest_plugins = ["tests.service_fixtures"]
AT = datetime(2026, 6, 1, tzinfo=UTC)


def labelled(number: int, text: str, *, shop_id: str = "demo", **labels: Any) -> LabelledTest:
    dialog = {"dialog_id": f"t{number}", "messages": [{"role": "buyer", "text": text, "labels": labels}]}
    return LabelledTest(number, shop_id, dialog, "小安", AT, AT)


SHIPPING = labelled(1, "啥时候发货呀", intents=["order.urge_ship"], complaint=False, entry_ids=["policy-ship"])
MOVING = labelled(2, "地址写错了", intents=["order.change_address"], abstained=False)


def compared(parts: Parts, *tests: LabelledTest, **changes: Any) -> TestReport:
    current = parts.base.snapshot()
    new = EntryDraft.model_validate({**SHIP.model_dump(), **changes})
    prepared = embed(parts.suggester.encoder, current.unembedded([new]))
    return compare(parts.suggester, tests, current, candidate(current, new, parts.suggester.encoder, prepared))


def test_tests_pass_over_the_knowledge_that_they_were_written_for(parts: Parts) -> None:
    report = run_tests(parts.suggester, [SHIPPING, MOVING])
    assert (report.tests, report.total, report.passed_after, report.passed_before) == (2, 2, 2, None)
    assert [each.outcome for each in report.results] == ["passes", "passes"]
    first = report.results[0]
    assert (first.message, first.expected.intents, first.before) == ("啥时候发货呀", ("order.urge_ship",), None)
    assert first.after.suggestions[0].entry_id == "policy-ship"


def test_what_would_fail_is_told_first_with_what_was_and_what_would_be(parts: Parts) -> None:
    report = compared(parts, MOVING, SHIPPING, intent="pre.invoice", title="怎么开发票", questions=["能开发票吗"])
    spoilt, kept = report.results
    assert (report.regressions, report.passed_before, report.passed_after) == (1, 2, 1)
    assert (spoilt.test_id, spoilt.outcome, kept.outcome) == (1, "regression", "passes")
    assert spoilt.before
    assert spoilt.before.passed
    assert spoilt.before.suggestions[0].entry_id == "policy-ship"
    assert any("应为“" in fault or "应出自 policy-ship" in fault for fault in spoilt.after.faults)
    assert report.spoilt() == [spoilt]


def test_nothing_is_written_by_trying(parts: Parts) -> None:
    before = parts.base.snapshot()
    compared(parts, SHIPPING, status="archived")
    assert parts.base.snapshot() is before
    assert parts.store.entry("policy-ship").version == 1


def test_a_test_that_failed_anyway_does_not_stand_in_the_way(parts: Parts) -> None:
    hopeless = labelled(3, "啥时候发货呀", intents=["pre.invoice"])
    report = compared(parts, hopeless, title="什么时候可以发货")
    assert (report.regressions, report.results[0].outcome) == (0, "fails")


def test_a_change_can_mend_a_test(parts: Parts) -> None:
    engraving = labelled(4, "杯子上能刻字吗", entry_ids=["policy-ship"])
    report = compared(parts, engraving, title="杯子上能刻字吗", questions=["可以刻字吗"])
    assert [each.outcome for each in report.results] == ["fixed"]


def test_a_new_entry_without_id_is_tried_out_too(parts: Parts) -> None:
    engraving = labelled(4, "杯子上能刻字吗", abstained=False, complaint=False)
    report = compared(parts, engraving, SHIPPING, id=None, title="杯子上能刻字吗", questions=["可以刻字吗"])
    assert report.regressions == 0
    mended = next(each for each in report.results if each.test_id == 4)
    assert mended.after.suggestions[0].title == "杯子上能刻字吗"


@pytest.mark.parametrize(
    ("labels", "fault"),
    [
        ({"abstained": True}, "应当不给建议，却给了"),
        ({"complaint": True}, "应当看作投诉，却没有"),
        ({"entry_ids": ["policy-address"]}, "首条建议出自条目 policy-ship，应出自 policy-address"),
        ({"intents": ["order.change_address"]}, "首条建议是“催发货与发货时间”，应为"),
    ],
)
def test_each_label_can_fail(parts: Parts, labels: dict[str, Any], fault: str) -> None:
    [result] = run_tests(parts.suggester, [labelled(5, "啥时候发货呀", **labels)]).results
    assert result.outcome == "fails"
    assert [each for each in result.after.faults if fault in each], result.after.faults


def test_every_labelled_message_of_a_dialog_is_judged_with_what_was_said_before(parts: Parts) -> None:
    messages = [
        {"role": "buyer", "text": "啥时候发货呀", "labels": {"intents": ["order.urge_ship"]}},
        {"role": "agent", "text": "亲，48小时内发出。"},
        {"role": "buyer", "text": "地址写错了", "labels": {"intents": ["order.change_address"]}},
    ]
    report = run_tests(
        parts.suggester, [LabelledTest(6, "demo", {"dialog_id": "d", "messages": messages}, "小安", AT, AT)]
    )
    assert (report.tests, report.total) == (1, 2)
    assert [each.place for each in report.results] == [0, 2]


def test_tests_ask_for_their_own_shop(parts: Parts) -> None:
    parts.base.write(Changes(drafts=[draft("mine", shop_id="other", title="本店刻字吗", questions=["本店刻字吗"])]))
    ours = labelled(7, "本店刻字吗", shop_id="other", entry_ids=["mine"])
    theirs = labelled(8, "本店刻字吗", shop_id="demo", entry_ids=["mine"])
    outcomes = {each.test_id: each.outcome for each in run_tests(parts.suggester, [ours, theirs]).results}
    assert outcomes == {7: "passes", 8: "fails"}


def test_without_tests_there_is_nothing_to_tell(parts: Parts) -> None:
    report = compared(parts, title="什么时候可以发货")
    assert (report.tests, report.total, report.regressions, report.results) == (0, 0, 0, ())


def test_a_stored_dialog_that_is_not_understood_any_more_names_its_test(parts: Parts) -> None:
    old = LabelledTest(9, "demo", {"dialog_id": "old", "messages": [{"role": "owner", "text": "?"}]}, "小安", AT, AT)
    with pytest.raises(EntryInvalid, match=r"tests\[9\].messages\[0\].role"):
        run_tests(parts.suggester, [old])


def test_the_refusal_names_what_would_fail(parts: Parts) -> None:
    error = Regressed(compared(parts, SHIPPING, status="archived"))
    assert "啥时候发货呀" in str(error)
    assert [each["test_id"] for each in error.extension["regressions"]] == [1]


def test_two_hundred_tests_take_seconds(starter_parts: Parts) -> None:
    """Against one pass of the encoder over the same texts, both in time of the processor, however busy it is."""
    current, encoder = starter_parts.base.snapshot(), starter_parts.suggester.encoder
    texts = [phrasing for entry in current.entries.values() for phrasing in entry.questions][:200]
    tests = [labelled(number, text, complaint=False) for number, text in enumerate(texts, start=1)]
    new = EntryDraft.model_validate({**SHIP.model_dump(), "answers": ADDRESS.answers})
    changed = candidate(current, new, encoder, embed(encoder, current.unembedded([new])))
    start = process_time()
    encoder.encode_queries(texts)
    alone = process_time() - start
    start = process_time()
    report = compare(starter_parts.suggester, tests, current, changed)
    took = process_time() - start
    assert report.total == len(tests) == 200
    assert took < 6 * alone + 3, f"{took:.2f} s, the encoder alone {alone:.2f} s"
