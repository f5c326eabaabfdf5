"""`xiaoer models fit`: a calibration for this knowledge, which everything uses from then on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from models.calibration import load_calibration
from models.encoder import Encoder
from tests.service_processes import xiaoer

pytest_plugins = ["tests.service_fixtures"]


def test_a_fit_writes_a_calibration_that_the_next_command_uses(data: Path, encoder: Encoder) -> None:
    before = json.loads(xiaoer(data, "suggest", "能改地址吗", "--json").stdout)
    done = xiaoer(data, "models", "fit")
    assert (done.returncode, done.stdout) == (0, "")
    assert f"已写入 {data / 'calibration.json'}" in done.stderr
    fitted = load_calibration(encoder.id, data / "calibration.json")
    assert fitted != load_calibration(encoder.id)
    for name, value in fitted.fitted_on.items():
        assert f"{name}: {value}"[:12] in done.stderr
    after = xiaoer(data, "suggest", "能改地址吗", "--json")
    assert (after.returncode, after.stderr) == (0, "")
    assert json.loads(after.stdout)["suggestions"][0]["confidence"] != before["suggestions"][0]["confidence"]


@pytest.mark.parametrize("output", ["没有/calibration.json", "."])
def test_a_file_that_cannot_be_written_is_misuse_told_before_the_fit(data: Path, tmp_path: Path, output: str) -> None:
    done = xiaoer(data, "models", "fit", "--output", str(tmp_path / output))
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.strip().splitlines()
    assert str(tmp_path) in line
    assert "请检查路径" in line
