"""`xiaoer eval` as it is run: documents for programs, tables for people, and no traceback whatever it is given."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from eval.commands.output import NEEDED, require_packages, require_place, write_text
from eval.errors import OutputUnwritable, PackagesMissing
from eval.result import DialogsResult, RetrievalResult
from models.extras import install_command
from tests.beir_folders import write_folder
from tests.dialog_files import DIALOGS, write_dialogs
from tests.service_processes import ROOT, environment, xiaoer

pytest_plugins = ["tests.service_fixtures"]


def python(data: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Run a program with the command's environment."""
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, env=environment(data, {}), cwd=ROOT, timeout=240, check=False, text=True,
    )  # fmt: skip


def test_the_command_that_is_installed_is_the_whole_one() -> None:
    [script] = [each for each in entry_points(group="console_scripts") if each.name == "xiaoer"]
    assert script.value == "eval.cli:main"
    assert not [each for each in entry_points(group="console_scripts") if each.name == "eval"]


def test_programs_get_the_whole_result_and_nothing_else(starter_data: Path, tmp_path: Path) -> None:
    done = xiaoer(starter_data, "eval", "dialogs", str(write_dialogs(tmp_path / "d.jsonl")), "--json")
    assert done.returncode == 0, done.stderr
    result = DialogsResult.model_validate_json(done.stdout)
    assert (result.format, result.kind, result.metrics["turns"]) == ("xiaoer-eval/1", "dialogs", 5)
    assert (result.baselines, result.ablation) == (None, None)


def test_people_get_a_table_in_chinese(starter_data: Path, tmp_path: Path) -> None:
    paths = [write_dialogs(tmp_path / "甲.jsonl", *DIALOGS[:2]), write_dialogs(tmp_path / "乙.jsonl", *DIALOGS[2:])]
    done = xiaoer(starter_data, "eval", "dialogs", *map(str, paths))
    assert done.returncode == 0, done.stderr
    for word in ("合计", "甲.jsonl", "乙.jsonl", "首条对", "投诉 F1", "逐条耗时"):
        assert word in done.stdout
    assert done.stderr.splitlines()[0] == "整套系统……", "what takes long is told also where no terminal is"


def test_a_report_has_its_numbers_beside_it(starter_data: Path, tmp_path: Path) -> None:
    page = tmp_path / "报告.html"
    path = write_dialogs(tmp_path / "d.jsonl")
    done = xiaoer(starter_data, "eval", "dialogs", str(path), "--report", str(page))
    assert done.returncode == 0, done.stderr
    assert page.read_text("utf-8").lstrip().lower().startswith("<!doctype html")
    assert DialogsResult.model_validate_json(page.with_suffix(".json").read_bytes()).metrics["turns"] == 5


def test_a_collection_is_measured_and_its_run_written(empty_data: Path, tmp_path: Path) -> None:
    folder, run = write_folder(tmp_path / "小集合"), tmp_path / "结果.trec"
    done = xiaoer(empty_data, "eval", "retrieval", str(folder), "--run", str(run), "--json")
    assert done.returncode == 0, done.stderr
    result = RetrievalResult.model_validate_json(done.stdout)
    assert (result.kind, result.metrics["queries"], result.metrics["success_at_1"]) == ("retrieval", 3, 1)
    lines = [line.split(" ") for line in run.read_text("utf-8").splitlines()]
    assert [line[:4] for line in lines if line[3] == "1"] == [
        ["q1", "Q0", "d1", "1"], ["q2", "Q0", "d2", "1"], ["q3", "Q0", "d4", "1"]
    ]  # fmt: skip
    assert all(len(line) == 6 and line[5] == "xiaoer" for line in lines)
    assert not empty_data.exists(), "it needs no knowledge"


def test_people_read_of_a_collection_what_was_found(empty_data: Path, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "c", judged=[("q1", "d1", 1), ("q1", "d99", 1)])
    done = xiaoer(empty_data, "eval", "retrieval", str(folder))
    assert done.returncode == 0
    assert "nDCG@10" in done.stdout
    assert "1 处文档不在 corpus.jsonl" in done.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "d.jsonl"),
        (b"", "没有对话"),
        ("在吗".encode("gbk"), "UTF-8"),
        (b"{broken", "第 1 行"),
        (b'{"dialog_id": "d", "messages": [{"role": "buyer", "text": "x", "labels": {"intents": ["no"]}}]}', "no"),
        (b'{"dialog_id": "d", "messages": [{"role": "agent", "text": "x", "labels": {}}]}', "buyer"),
        (b'{"dialog_id": "d", "messages": [{"role": "buyer", "text": "x", "labels": {"intent": []}}]}', "intents"),
        (b'{"dialog_id": "d", "messages": [{"role": "buyer", "text": "x"}]}', "labels"),
    ],
)
def test_dialogs_that_cannot_be_read_are_misuse(
    empty_data: Path, tmp_path: Path, content: bytes | None, told: str
) -> None:
    path = tmp_path / "d.jsonl"
    if content is not None:
        path.write_bytes(content)
    done = xiaoer(empty_data, "eval", "dialogs", str(path))
    assert done.returncode == 2
    assert told in done.stderr
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert not empty_data.exists(), "told before anything is opened"


def test_a_collection_that_cannot_be_read_is_misuse(empty_data: Path, tmp_path: Path) -> None:
    done = xiaoer(empty_data, "eval", "retrieval", str(tmp_path / "nowhere"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "corpus.jsonl" in done.stderr
    folder = write_folder(tmp_path / "c", judged=[("q1", "d1", "high"), ("q2", "d1", "low")])
    done = xiaoer(empty_data, "eval", "retrieval", str(folder))
    assert (done.returncode, done.stdout) == (2, "")
    assert "第 2 行" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [["eval"], ["eval", "dialogs"], ["eval", "retrieval"], ["eval", "dialgos", "x"], ["eval", "dialogs", "x", "--jsn"]],
)
def test_misuse_exits_with_2(empty_data: Path, arguments: list[str]) -> None:
    done = xiaoer(empty_data, *arguments)
    assert done.returncode == 2
    assert not empty_data.exists()


@pytest.mark.parametrize("place", ["nowhere/报告.html", "."])
def test_a_report_that_cannot_be_written_is_told_at_once(empty_data: Path, tmp_path: Path, place: str) -> None:
    path = write_dialogs(tmp_path / "d.jsonl")
    done = xiaoer(empty_data, "eval", "dialogs", str(path), "--report", str(tmp_path / place))
    assert done.returncode == 2
    assert "写不了" in done.stderr
    assert not empty_data.exists()


def test_an_output_that_cannot_be_written_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(OutputUnwritable, match="nowhere"):
        require_place(tmp_path / "nowhere" / "a.html")
    with pytest.raises(OutputUnwritable, match="写不了"):
        write_text(tmp_path, "x")
    write_text(tmp_path / "a.txt", "好")
    assert (tmp_path / "a.txt").read_text("utf-8") == "好"


@pytest.mark.parametrize(("module", "package"), NEEDED.items())
def test_without_its_packages_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, module: str, package: str
) -> None:
    require_packages()
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(PackagesMissing, match=f"{package}.*{re.escape(install_command('eval'))}"):
        require_packages()


def without(*modules: str) -> str:
    """A program that runs the command where these modules are not installed."""
    return f"import sys; sys.modules.update(dict.fromkeys({modules!r})); from eval.cli import main; main()"


def test_a_serving_installation_does_everything_else(data: Path, tmp_path: Path) -> None:
    code = without(*NEEDED, "scipy", "torch", "pandas")
    path = write_dialogs(tmp_path / "d.jsonl")
    done = python(data, code.replace("main()", f"sys.argv[1:] = ['eval', 'dialogs', {str(path)!r}]; main()", 1))
    assert done.returncode == 1
    assert install_command("eval") in done.stderr
    assert "Traceback" not in done.stderr
    done = python(data, code.replace("main()", "sys.argv[1:] = ['suggest', '能改地址吗', '--json']; main()", 1))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["suggestions"][0]["source"]["entry_id"] == "policy-address"


def test_no_other_command_waits_for_the_libraries_of_measuring(data: Path) -> None:
    code = f"import sys, eval.cli; print([name for name in {[*NEEDED, 'scipy', 'torch']!r} if name in sys.modules])"
    assert python(data, code).stdout.strip() == "[]"
