"""A whole evaluation over a few dialogs: every part of its document, and the same document every time."""

from __future__ import annotations

from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from rich.console import Console

from assistant.evidence import NONE
from eval.dialog_evaluation import Dialogs, evaluate_dialogs
from eval.errors import DialogsUnreadable
from eval.metric_names import NOTHING, metric_names
from eval.progress import silent
from eval.result import CaseResult, DialogsResult, as_json
from eval.runs import CLOCK
from eval.tables import dialogs_tables
from tests.dialog_files import DIALOGS, dialog, told, write_dialogs
from tests.starter_fixtures import _opened


@cache
def result() -> DialogsResult:
    with TemporaryDirectory() as folder:
        read = Dialogs.read([write_dialogs(Path(folder) / "few.jsonl")])
        return evaluate_dialogs(_opened().suggester, read, silent)


def case(key: str) -> CaseResult:
    return next(each for each in result().cases if each.id == key)


def without_latency(one: DialogsResult) -> dict[str, Any]:
    return one.model_dump(mode="json", exclude={"latency"})


def test_every_labelled_message_and_opening_is_a_case() -> None:
    assert [each.id for each in result().cases] == [
        "ship#0", "talk#0", "talk#2", "miss#0", "outside#0", "unsure#0", "opening#0"
    ]  # fmt: skip
    assert [(each.file, each.cases) for each in result().inputs] == [("few.jsonl", 7)]
    assert len(result().inputs[0].sha256) == 64


def test_a_case_says_what_was_wanted_and_what_came_of_it() -> None:
    found = case("talk#2")
    assert (found.text, found.context) == ("收到就是破的，太失望了！", ["买家：在吗", "客服：在的亲"])
    assert found.wanted == ["after.damaged"]
    assert (found.labelled.complaint, found.said.complaint) == (True, True)
    assert (found.right_first, found.why) == (True, None)
    assert found.suggestions[0].intent == "after.damaged"
    assert found.score == pytest.approx(found.suggestions[0].confidence, abs=0.5)


def test_a_miss_says_why_the_winner_won_and_the_right_one_lost() -> None:
    found = case("miss#0")
    assert (found.right_first, found.suggestions[0].intent) == (False, "order.change_address")
    assert found.why is not None
    intents = {each.code: each for each in found.why.intents}
    assert {"order.change_address"} <= set(intents) <= {"order.change_address", "pre.size", NONE}
    assert intents["order.change_address"].contributions
    assert found.why.entries[0].entry_id == found.suggestions[0].entry_id
    assert found.why.complaint is None


def test_what_readers_did_not_agree_on_is_there_and_not_judged() -> None:
    found = case("unsure#0")
    assert (found.right_first, found.right_three, found.wanted, found.why) == (None, None, [], None)
    assert result().metrics["turns"] == 5


def test_an_opening_is_measured_by_itself() -> None:
    assert case("opening#0").wanted == ["care.thanks"]
    assert result().metrics["openings_right"] == 1


def test_what_is_taken_for_what_is_counted_by_intent_and_by_pair() -> None:
    missed = result().by_intent["pre.size"]
    assert (missed.n, missed.first, missed.confused_with) == (1, 0, {"order.change_address": 1})
    assert [(one.wanted, one.got, one.n) for one in result().confusions if one.wanted == "pre.size"] == [
        ("pre.size", "order.change_address", 1)
    ]
    assert sum(each.n for each in result().by_intent.values()) == 5


def test_the_system_says_what_it_is() -> None:
    suggester = _opened().suggester
    assert result().system.encoder == suggester.encoder.id
    assert result().system.fitted_on == suggester.calibration.fitted_on
    assert result().system.entries == len(suggester.base.snapshot().entries)
    assert result().system.clock == CLOCK.isoformat()


def test_the_stages_are_timed_on_single_requests() -> None:
    latency = result().latency
    assert latency.requests == 7
    assert set(latency.stages) == {"encode", "retrieve", "understand", "write", "steps"}
    assert 0 < latency.total.p50 <= latency.total.p95 <= latency.total.p99
    assert latency.stages["encode"].p50 <= latency.total.p99


def test_every_metric_has_a_name_for_people() -> None:
    assert set(result().metrics) <= set(metric_names())
    assert result().metrics.keys() == result().by_file["few.jsonl"].keys()
    assert result().metrics == result().by_file["few.jsonl"]


def test_a_second_run_gives_the_same_document_but_for_the_times(tmp_path: Path) -> None:
    again = evaluate_dialogs(_opened().suggester, Dialogs.read([write_dialogs(tmp_path / "few.jsonl")]), silent)
    assert without_latency(again) == without_latency(result())
    assert DialogsResult.model_validate_json(as_json(again)) == again


def test_several_files_are_measured_together_and_each_for_itself(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    paths = [
        write_dialogs(tmp_path / "more" / "a.jsonl", *DIALOGS[:2]),
        write_dialogs(tmp_path / "a.jsonl", DIALOGS[2]),
    ]
    found = evaluate_dialogs(_opened().suggester, Dialogs.read(paths), silent)
    turns = [found.by_file[str(path)]["turns"] for path in paths]
    assert (turns, found.metrics["turns"]) == ([3, 1], 4)
    assert [each.file for each in found.cases] == [str(paths[0])] * 3 + [str(paths[1])]


def test_dialogs_of_one_name_stay_apart(tmp_path: Path) -> None:
    path = write_dialogs(tmp_path / "d.jsonl", DIALOGS[2], DIALOGS[2])
    assert [each.id for each in Dialogs.read([path, path]).cases] == ["miss#0", "miss~2#0", "miss~3#0", "miss~4#0"]


def test_a_file_without_labels_says_so(tmp_path: Path) -> None:
    path = write_dialogs(tmp_path / "d.jsonl", dialog("d", {"role": "buyer", "text": "在吗"}))
    with pytest.raises(DialogsUnreadable, match=r"d\.jsonl.*labels"):
        Dialogs.read([path])


def test_a_request_without_a_time_is_asked_at_the_same_time_every_day(tmp_path: Path) -> None:
    row = {**dialog("d", told("在吗", "flow.greeting")), "context": {}}
    [found] = Dialogs.read([write_dialogs(tmp_path / "d.jsonl", row)]).cases
    assert found.request.context.now == CLOCK


def test_people_read_tables_with_names_and_percentages() -> None:
    console = Console(width=120, file=StringIO())
    for table in dialogs_tables(result()):
        console.print(table)
    text = console.file.getvalue()  # type: ignore[attr-defined]
    assert "首条对" in text
    assert metric_names()["success_at_1"].written(result().metrics["success_at_1"]) in text
    assert "最常混淆的意图" in text
    assert "编码" in text
    assert metric_names()["success_at_1"].written(None) == NOTHING
