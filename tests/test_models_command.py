"""`xiaoer models fit`: a calibration for this shop, which everything uses from then on."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assistant import fitting
from eval.cli import app
from models.calibration import load_calibration
from models.encoder import Encoder
from tests.fitting_fixtures import said, some_of
from tests.service_processes import ROOT, environment, xiaoer

pytest_plugins = ["tests.service_fixtures"]

TURNS = {
    "order.change_address": ["能改地址吗", "地址写错了咋整", "换个地方收行不", "收货人写成我妈了", "想寄到公司去"],
    "order.urge_ship": ["咋还不发", "啥时候走啊", "催一下", "今天能发不", "发货了没"],
}


@pytest.fixture
def dialogs(tmp_path: Path) -> Path:
    """A file of labelled dialogs."""
    rows = [
        {
            "dialog_id": f"{code}-{number}",
            "messages": [{"role": "buyer", "text": text, "labels": {"intents": [code], "complaint": 0}}],
        }
        for code, texts in TURNS.items()
        for number, text in enumerate(texts)
    ]
    path = tmp_path / "标注对话.jsonl"
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), "utf-8")
    return path


def test_a_fit_writes_a_calibration_that_the_next_command_uses(data: Path, dialogs: Path, encoder: Encoder) -> None:
    before = json.loads(xiaoer(data, "suggest", "能改地址吗", "--json").stdout)
    done = xiaoer(data, "models", "fit", "--dialogs", str(dialogs))
    assert (done.returncode, done.stdout) == (0, "")
    assert f"已写入 {data / 'calibration.json'}；正在运行的服务重启后生效。" in done.stderr
    fitted, shipped = load_calibration(encoder.id, data / "calibration.json"), load_calibration(encoder.id)
    assert fitted != shipped
    assert fitted.fitted_on == {**shipped.fitted_on, "shop_turns": 10}
    assert "按本店调整……" in done.stderr, "a long step is told also where no terminal is"
    assert "学习了本店标注的买家消息 10 条。" in done.stderr
    assert f"首条意图对 {shipped.fitted_on['intent_first']:.1%}" in done.stderr
    assert not re.search("|".join(fitted.fitted_on), done.stderr), "numbers have Chinese names"
    after = xiaoer(data, "suggest", "能改地址吗", "--json")
    assert (after.returncode, after.stderr) == (0, "")
    assert json.loads(after.stdout)["suggestions"][0]["confidence"] != before["suggestions"][0]["confidence"]


def test_a_shop_with_nothing_of_its_own_keeps_what_is_shipped(data: Path, encoder: Encoder) -> None:
    done = xiaoer(data, "models", "fit")
    assert (done.returncode, done.stdout) == (0, "")
    fitted, shipped = load_calibration(encoder.id, data / "calibration.json"), load_calibration(encoder.id)
    assert fitted.heads == shipped.heads
    assert fitted.intent == pytest.approx(shipped.intent)


def test_several_files_are_learned_from_and_the_result_goes_where_it_is_told(
    data: Path, dialogs: Path, tmp_path: Path, encoder: Encoder
) -> None:
    more, output = tmp_path / "more.jsonl", tmp_path / "elsewhere.json"
    more.write_text(dialogs.read_text("utf-8").splitlines()[0], "utf-8")
    done = xiaoer(data, "models", "fit", "--dialogs", str(dialogs), "--dialogs", str(more), "--output", str(output))
    assert done.returncode == 0
    assert load_calibration(encoder.id, output).fitted_on["shop_turns"] == 11
    assert not (data / "calibration.json").exists()
    assert done.stderr.splitlines()[-1] == f"已写入 {output}。"


def test_a_fit_from_scratch_forgets_what_is_shipped(
    data: Path, dialogs: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In this process and on fewer utterances: all of them take minutes."""
    few = some_of(8, ("order.change_address", "order.urge_ship", "flow.greeting"))
    monkeypatch.setattr(fitting, "own_examples", lambda: (*few, said("在吗", "flow.greeting")))
    monkeypatch.setenv("XIAOER_DATA_DIR", str(data))
    done = CliRunner().invoke(app, ["models", "fit", "--from-scratch", "--dialogs", str(dialogs)])
    assert done.exit_code == 0, done.output
    fitted = load_calibration(encoder.id, data / "calibration.json")
    assert "shop_turns" not in fitted.fitted_on
    assert f"重新拟合：用例 {fitted.fitted_on['examples']:,}，" in done.stderr
    assert set(fitted.heads.message.intent.labels) == {"order.change_address", "order.urge_ship", "flow.greeting"}


@pytest.mark.parametrize("output", ["没有/calibration.json", "."])
def test_a_file_that_cannot_be_written_is_misuse_told_before_the_fit(data: Path, tmp_path: Path, output: str) -> None:
    done = xiaoer(data, "models", "fit", "--output", str(tmp_path / output))
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.strip().splitlines()
    assert str(tmp_path) in line
    assert "请检查路径" in line


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (None, "读不出来"),
        ("{", "第 1 行"),
        ('{"dialog_id": "d", "messages": [{"role": "buyer", "text": "在吗"}]}', "intents"),
        (
            '{"dialog_id": "d", "messages": [{"role": "buyer", "text": "在吗", "labels": {"intents": ["no.such"]}}]}',
            "no.such",
        ),
    ],
    ids=["missing", "damaged", "without labels", "unknown intent"],
)
def test_dialogs_that_cannot_be_learned_from_are_misuse_and_named(
    data: Path, tmp_path: Path, content: str | None, word: str
) -> None:
    path = tmp_path / "dialogs.jsonl"
    if content is not None:
        path.write_text(content, "utf-8")
    done = xiaoer(data, "models", "fit", "--dialogs", str(path))
    assert (done.returncode, done.stdout) == (2, "")
    assert "dialogs.jsonl" in done.stderr
    assert word in done.stderr
    assert not (data / "calibration.json").exists()


def test_the_command_starts_without_the_libraries_that_only_fits_and_measurements_need(data: Path) -> None:
    """An installation that only serves has none of them; imported at the start they would also slow every command."""
    heavy = ("sklearn", "torch", "transformers", "matplotlib", "jinja2", "ir_measures")
    code = f"import sys, eval.cli; print(*(name for name in {heavy} if name in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, env=environment(data, {}), cwd=ROOT, timeout=120, check=False
    )
    assert (done.returncode, done.stdout.decode().strip()) == (0, ""), done.stderr.decode()
