"""Comparing: no difference where there is none, the known one where there is, and exactly the cases that changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support

from eval.bootstrap import compared
from eval.case_measures import measures
from eval.compare import Comparison, compare_files
from eval.errors import InputUnreadable
from eval.result import CaseResult, Judged
from eval.saved_results import SavedCase
from tests.command_runs import Xiaoer
from tests.command_runs import xiaoer as xiaoer
from tests.saved_result_examples import case, dialogs_result, outside, retrieval_result, saved, suggested

EMOTIONS = ("positive", "neutral", "anxious", "upset", "angry")
CODES = ("pre.bargain", "pre.size", "after.return")
ROWS = st.tuples(*[st.sampled_from(EMOTIONS)] * 2, *[st.booleans()] * 2, *[st.sampled_from(CODES)] * 2)


def run(count: int, wrong: set[int]) -> list[CaseResult]:
    return [case(f"c-{number}#0", right=number not in wrong) for number in range(count)]


def compare(folder: Path, a: list[CaseResult], b: list[CaseResult], resamples: int = 1_000) -> Comparison:
    files = (saved(folder / "a.json", dialogs_result(a)), saved(folder / "b.json", dialogs_result(b)))
    return compare_files(*files, resamples)


def metric(found: Comparison, name: str) -> Any:
    return next(each for each in found.metrics if each.name == name)


@settings(max_examples=25, deadline=None)
@given(wrong=st.sets(st.integers(0, 29)), seed=st.integers(0, 9))
def test_identical_runs_show_no_difference(wrong: set[int], seed: int) -> None:
    chance = np.random.default_rng(seed)
    rows = [
        saved_case(each, said=str(chance.choice(EMOTIONS)), complains=bool(chance.integers(2)))
        for each in run(30, wrong)
    ]
    for each in compared(measures(rows), measures(rows), len(rows), resamples=200):
        assert (each.difference, each.low, each.high, each.p, each.verdict) == (0.0, 0.0, 0.0, 1.0, "no_difference")


def saved_case(one: CaseResult, said: str = "neutral", complains: bool = False, **fields: object) -> SavedCase:
    row = one.model_dump(mode="json") | {"said": {"complaint": complains, "emotion": said}} | fields
    return SavedCase.model_validate(row)


def test_a_known_difference_is_found(tmp_path: Path) -> None:
    found = metric(compare(tmp_path, run(200, set(range(60))), run(200, set(range(30)))), "success_at_1")
    assert (found.first, found.second, found.difference, found.verdict) == (0.7, 0.85, 0.15, "better")
    assert 0.0 < found.low < 0.15 < found.high
    assert found.p < 0.01


def test_the_other_way_round_it_is_worse_by_as_much(tmp_path: Path) -> None:
    found = metric(compare(tmp_path, run(200, set(range(30))), run(200, set(range(60)))), "success_at_1")
    assert (found.difference, found.verdict) == (-0.15, "worse")


def test_a_difference_that_chance_explains_is_none(tmp_path: Path) -> None:
    found = metric(compare(tmp_path, run(200, {0, 1, 2, 3}), run(200, {4, 5})), "success_at_1")
    assert found.difference == 0.01
    assert found.verdict == "no_difference"
    assert found.low < 0.0 < found.high


def test_the_interval_is_that_of_paired_differences(tmp_path: Path) -> None:
    """Mean ± 1.96 standard errors of the differences, within the noise of 10,000 draws."""
    found = metric(compare(tmp_path, run(400, set(range(80))), run(400, set(range(40))), 10_000), "success_at_1")
    error = np.sqrt(0.1 * 0.9 / 400)
    assert found.low == pytest.approx(0.1 - 1.96 * error, abs=0.004)
    assert found.high == pytest.approx(0.1 + 1.96 * error, abs=0.004)


def test_fewer_answers_outside_the_job_are_better(tmp_path: Path) -> None:
    before = [outside(f"o-{number}#0", abstained=False) for number in range(40)]
    after = [outside(f"o-{number}#0", abstained=number < 30) for number in range(40)]
    assert metric(compare(tmp_path, before, after), "outside_answered").verdict == "better"
    assert metric(compare(tmp_path, before, after), "abstained").verdict == "higher"


@settings(max_examples=40, deadline=None)
@given(st.lists(ROWS, min_size=1), st.randoms(use_true_random=False))
def test_measures_of_a_resample_are_those_of_the_drawn_cases(rows: list[Any], random: Any) -> None:
    cases = [
        saved_case(case(str(n), labelled=Judged(complaint=c, emotion=e), wanted=[w], understood=[u]), said, d)
        for n, (e, said, c, d, w, u) in enumerate(rows)
    ]
    drawn = random.choices(range(len(rows)), k=len(rows))
    weights = np.bincount(drawn, minlength=len(rows)).astype(float)[None]
    feels, said, true, told, wanted, read = map(list, zip(*(rows[place] for place in drawn), strict=True))
    expected = {
        "emotion_accuracy": accuracy_score(feels, said),
        "emotion_macro_f1": f1_score(feels, said, labels=sorted(set(feels)), average="macro", zero_division=0.0),
        "intent_accuracy": accuracy_score(wanted, read),
        "intent_macro_f1": f1_score(wanted, read, labels=sorted(set(wanted)), average="macro", zero_division=0.0),
        "complaint_accuracy": accuracy_score(true, told),
    }
    if any(true):
        scores = precision_recall_fscore_support(true, told, average="binary", zero_division=0.0)
        expected |= dict(zip(("complaint_precision", "complaint_recall", "complaint_f1"), scores[:3], strict=True))
    found = {name: measure(weights)[0] for name, measure in measures(cases).items()}
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    assert any(true) or np.isnan(found["complaint_f1"])


def test_exactly_the_changed_cases_are_listed(tmp_path: Path) -> None:
    before, after = run(20, {1, 2}), run(20, {2, 5})
    after[7] = case("c-7#0", said=Judged(complaint=True, emotion="neutral"))
    after[8] = case("c-8#0", said=Judged(complaint=False, emotion="angry"))
    changes = compare(tmp_path, before, after, 50).changes
    assert {(each.id, each.aspect, each.won) for each in changes} == {
        ("c-1#0", "first", True), ("c-1#0", "three", True), ("c-1#0", "understood", True),
        ("c-5#0", "first", False), ("c-5#0", "three", False), ("c-5#0", "understood", False),
        ("c-7#0", "complaint", False), ("c-8#0", "emotion", False),
    }  # fmt: skip
    lost = next(each for each in changes if each.id == "c-5#0")
    assert (lost.text, lost.wanted, lost.before, lost.after) == ("能不能便宜点 c-5#0", "议价", "议价", "尺码与型号选择")


def test_cases_of_one_file_only_and_relabelled_ones_are_named_and_left_out(tmp_path: Path) -> None:
    other = case("c-2#0", wanted=["pre.bargain", "pre.coupon"])
    found = compare(tmp_path, [case("c-0#0"), case("c-1#0"), case("c-2#0")], [case("c-1#0"), other, case("c-3#0")], 50)
    assert (found.paired, found.only_first, found.only_second) == (1, ["c-0#0"], ["c-3#0"])
    assert found.relabelled == ["c-2#0"]


def test_results_of_retrieval_are_compared_query_by_query(tmp_path: Path) -> None:
    first = saved(tmp_path / "a.json", retrieval_result({f"q{n}": 0.5 for n in range(30)} | {"gone": 1.0}))
    second = saved(tmp_path / "b.json", retrieval_result({f"q{n}": 0.5 if n else 0.25 for n in range(30)}))
    found = compare_files(first, second, 200)
    assert [each.name for each in found.metrics] == ["ndcg_at_10"]
    assert (found.paired, found.only_first) == (30, ["gone"])
    assert [(each.id, each.won, each.before, each.after) for each in found.changes] == [("q0", False, "0.500", "0.250")]


@pytest.mark.parametrize(("content", "told"), [
    ("{not json", "不是 JSON"),
    ('{"format": "other/1", "kind": "dialogs", "metrics": {}}', "format 不对"),
    ('{"format": "xiaoer-eval/1", "kind": "speed", "metrics": {}}', "kind 不对"),
    ('{"format": "xiaoer-eval/1", "kind": "dialogs", "metrics": {}, "cases": [{"id": 3}]}', r"cases\.0"),
    ("[]", "整个文件 不对"),
])  # fmt: skip
def test_what_is_no_result_is_told(tmp_path: Path, content: str, told: str) -> None:
    good = saved(tmp_path / "good.json", dialogs_result(run(3, set())))
    bad = tmp_path / "bad.json"
    bad.write_text(content, "utf-8")
    with pytest.raises(InputUnreadable, match=told):
        compare_files(good, bad)


def test_a_metric_that_nobody_labelled_is_left_out(tmp_path: Path) -> None:
    unlabelled: dict[str, Any] = {
        "labelled": Judged(complaint=None, emotion=None),
        "right_first": None,
        "right_three": None,
        "wanted": [],
    }
    rows = [case(str(number), **unlabelled) for number in range(3)]
    assert compare(tmp_path, rows, rows, 20).metrics == []
    labelled = [*rows, case("c")]
    assert {each.name for each in compare(tmp_path, labelled, labelled, 20).metrics} >= {
        "success_at_1",
        "emotion_macro_f1",
    }


def test_the_entries_that_readers_named_are_compared_as_well(tmp_path: Path) -> None:
    named: dict[str, Any] = {"wanted_entries": ["policy-2"]}
    other = suggested("pre.bargain").model_copy(update={"entry_id": "policy-2"})
    before = [case("a", **named), case("b", **named), case("c")]
    after = [
        case("a", **named, suggestions=[other]),
        case("b", **named, suggestions=[suggested("pre.size"), other]),
        case("c"),
    ]
    found = compare(tmp_path, before, after, 20)
    first, three = (metric(found, f"entry_success_at_{n}") for n in (1, 3))
    assert (first.first, first.second, three.first, three.second) == (0.0, 0.5, 0.0, 1.0)


def test_results_that_cannot_be_compared_are_told(tmp_path: Path) -> None:
    dialogs = saved(tmp_path / "a.json", dialogs_result(run(3, set())))
    with pytest.raises(InputUnreadable, match="不能相比"):
        compare_files(dialogs, saved(tmp_path / "b.json", retrieval_result({"q": 1.0})))
    with pytest.raises(InputUnreadable, match="没有一条相同的消息"):
        compare_files(dialogs, saved(tmp_path / "c.json", dialogs_result([case("other#0")])))
    with pytest.raises(InputUnreadable, match="读不出来"):
        compare_files(dialogs, tmp_path / "absent.json")


def test_a_later_field_of_the_same_format_is_no_hindrance(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.json", dialogs_result(run(3, set())))
    content = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps(content | {"new": 1, "cases": [row | {"new": 2} for row in content["cases"]]}), "utf-8")
    assert compare_files(path, path, 20).paired == 3


def test_the_command_tells_the_verdict_or_writes_json(xiaoer: Xiaoer, tmp_path: Path) -> None:
    first = saved(tmp_path / "a.json", dialogs_result(run(60, set(range(30)))))
    second = saved(tmp_path / "b.json", dialogs_result(run(60, set())))
    shown = xiaoer("eval", "compare", first, second)
    assert shown.code == 0
    assert "变好" in shown.out
    assert "首条：30 条变好，0 条变差" in shown.out
    assert Comparison.model_validate_json(xiaoer("eval", "compare", first, second, "--json").out).paired == 60


def test_the_command_ends_with_exit_2_on_what_it_cannot_compare(xiaoer: Xiaoer, tmp_path: Path) -> None:
    dialogs = saved(tmp_path / "a.json", dialogs_result(run(3, set())))
    for other in (saved(tmp_path / "b.json", retrieval_result({"q": 1.0})), tmp_path / "absent.json"):
        ran = xiaoer("eval", "compare", dialogs, other)
        assert (ran.code, ran.out) == (2, "")
        assert "Traceback" not in ran.err
