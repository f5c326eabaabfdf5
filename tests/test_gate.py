"""The gate: exit 0 where every level is held, 1 where one is not, 2 where the levels or the result cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from eval.errors import InputUnreadable
from eval.gate import Levels, judge, read_levels, shipped_levels
from tests.command_runs import Ran, Xiaoer
from tests.command_runs import xiaoer as xiaoer
from tests.saved_result_examples import case, dialogs_result, retrieval_result, saved

DIALOG = (
    '{"dialog_id": "d", "messages": [{"role": "buyer", "text": "这件衣服有现货吗",'
    ' "labels": {"intents": ["pre.stock"], "complaint": 0, "emotion": "neutral"}}]}\n'
)

Gate = Callable[..., Ran]


@pytest.fixture
def gate(xiaoer: Xiaoer, tmp_path: Path) -> Gate:
    """The command with these files and the text of a file of levels."""

    def run(*given: Path, levels: str) -> Ran:
        (tmp_path / "levels.yaml").write_text(levels, "utf-8")
        return xiaoer("eval", "gate", *given, "--levels", tmp_path / "levels.yaml")

    return run


@pytest.fixture
def result(tmp_path: Path) -> Path:
    """Three of four right: success_at_1 0.75, calibration_error 0.05, leaks 0."""
    return saved(tmp_path / "result.json", dialogs_result([case(str(n), right=n > 0) for n in range(4)]))


@pytest.mark.parametrize(("levels", "code"), [
    ("success_at_1: 0.7\n", 0),
    ("success_at_1: 0.75\n", 0),
    ("success_at_1: 0.7501\n", 1),
    ("success_at_1: 0.7\nat_most:\n  calibration_error: 0.05\n  leaks: 0\n", 0),
    ("at_most:\n  calibration_error: 0.04\n", 1),
    ("entry_success_at_1: 0.0\n", 1),
    ("success_at_3: 0.0\n", 1),
])  # fmt: skip
def test_the_exit_code_says_whether_every_level_is_held(gate: Gate, result: Path, levels: str, code: int) -> None:
    ran = gate(result, levels=levels)
    assert ran.code == code, ran.err
    assert ("没守住" in ran.out) == (code == 1)


@pytest.mark.parametrize(("levels", "told"), [
    ("first: 0.8\nsuccess_at_1: 0.8\nat_most: {ece: 0.1}\n", "没有指标 first、ece"),
    ("success_at_1: high\n", "success_at_1 不是数字"),
    ("success_at_1: true\n", "success_at_1 不是数字"),
    ("at_most: {leaks: .nan}\n", "leaks 不是数字"),
    ("", "没有写任何底线"),
    ("- 1\n", "没有写任何底线"),
    ("a: [", "YAML"),
])  # fmt: skip
def test_levels_that_cannot_be_used_are_told_with_exit_2(gate: Gate, result: Path, levels: str, told: str) -> None:
    ran = gate(result, levels=levels)
    assert ran.code == 2
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_what_is_no_result_ends_with_exit_2(gate: Gate, tmp_path: Path, result: Path) -> None:
    (tmp_path / "broken.json").write_text("{", "utf-8")
    for given in ([tmp_path / "broken.json"], [result, result], [tmp_path / "absent.json"]):
        ran = gate(*given, levels="success_at_1: 0.1\n")
        assert (ran.code, "Traceback" in ran.err) == (2, False), ran.err


def test_results_of_retrieval_are_judged_too(gate: Gate, tmp_path: Path) -> None:
    path = saved(tmp_path / "r.json", retrieval_result({"a": 1.0, "b": 0.5}))
    assert gate(path, levels="ndcg_at_10: 0.75\n").code == 0
    assert gate(path, levels="ndcg_at_10: 0.76\n").code == 1


def test_dialogs_are_evaluated_and_judged(gate: Gate, tmp_path: Path) -> None:
    (tmp_path / "dialogs.jsonl").write_text(DIALOG, "utf-8")
    ran = gate(tmp_path / "dialogs.jsonl", levels="success_at_1: 1.0\nat_most: {leaks: 0}\n")
    assert ran.code == 0, ran.out + ran.err
    assert "首条对" in ran.out


def test_a_level_missed_by_less_than_is_written_is_told_with_its_digits(gate: Gate, tmp_path: Path) -> None:
    path = saved(tmp_path / "r.json", dialogs_result([case("c")], metrics={"success_at_1": 0.79996}))
    assert "0.79996" in gate(path, levels="success_at_1: 0.8\n").out


def test_the_shipped_levels_are_of_metrics_that_exist() -> None:
    levels = read_levels(shipped_levels())
    assert {"success_at_1", "success_at_3", "complaint_f1"} <= set(levels.at_least)


def test_levels_are_judged_in_the_order_of_tables() -> None:
    levels = Levels(at_least={"complaint_f1": 0.5, "success_at_1": 0.5}, at_most={"abstained": 0.1})
    held = judge({"success_at_1": 0.5, "complaint_f1": None, "abstained": 0.2}, levels)
    assert [(each.name, each.ok) for each in held] == [
        ("success_at_1", True), ("complaint_f1", False), ("abstained", False),
    ]  # fmt: skip


def test_a_file_of_levels_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputUnreadable, match="读不出来"):
        read_levels(tmp_path / "absent.yaml")
