"""The bench at its smallest: every part of the report is there and fits together; nothing is said about speed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from eval.bench.load import Call, Limits, run
from eval.bench.made_entries import PHRASINGS, made_entries
from eval.bench.questions import query_of, questions
from knowledge.checks import check_entry
from knowledge.index_rows import text_rows


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench")
    command = [sys.executable, "-m", "eval.bench", "--quick", "--entries", "120", "--output", str(folder)]
    # A tuned environment, so that the bench starts itself again without it.
    environment = {**os.environ, "OPENBLAS_CORETYPE": "Haswell"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr
    assert "HTTP round trip" in done.stdout
    return folder


@pytest.fixture(scope="module")
def report(output: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((output / "bench.json").read_text("utf-8"))
    return content


def test_each_stage_under_each_load_as_ratios_to_the_encoder_alone(report: dict[str, Any]) -> None:
    stages = ("encoder alone", "suggester", "HTTP round trip")
    assert [(row["stage"], row["clients"]) for row in report["rows"]] == [(s, n) for n in (1, 32) for s in stages]
    for row in report["rows"]:
        assert row["requests"] == (20 if row["clients"] == 1 else 64)
        assert 0 < row["ms"]["p50"] <= row["ms"]["p95"] <= row["ms"]["p99"]
        assert row["per_second"] > 0
        assert (row["cpu_ms"] is None) == (row["stage"] == "HTTP round trip")
        base = next(r for r in report["rows"] if (r["stage"], r["clients"]) == ("encoder alone", row["clients"]))
        for percentile in ("p50", "p95", "p99"):
            assert row["ratios"][percentile] == pytest.approx(row["ms"][percentile] / base["ms"][percentile])
        assert row["ratios"]["throughput"] == pytest.approx(row["per_second"] / base["per_second"])


def test_promises_and_what_was_made_up_are_told(report: dict[str, Any]) -> None:
    speed, start, memory, edit, lists = report["promises"]
    assert [each["limit"] for each in report["promises"]] == [2.0, 3.0, 450.0, 150.0, 200.0]
    for promise in (speed, start, edit, lists):
        assert promise["kept"] == (promise["value"] <= promise["limit"])
    assert (memory["value"] is not None) == Path("/proc/self/status").exists()
    assert (report["corpus"]["entries"], report["corpus"]["made"]) == (120, 60)
    assert report["corpus"]["phrasings"] >= 60 * PHRASINGS
    assert "made-" in report["synthetic"]
    assert report["machine"]["processors"] == os.cpu_count()


def test_the_chart_is_a_picture(output: Path) -> None:
    assert (output / "bench.png").read_bytes().startswith(b"\x89PNG")


def test_made_entries_are_valid_varied_and_the_same_every_time() -> None:
    made = list(made_entries(2_000))
    assert [each.draft for each in made[:50]] == [each.draft for each in made_entries(50)]
    assert not [problem for each in made for problem in check_entry(each.draft)]
    assert all(len(text_rows(each.draft, "phrasings")) == PHRASINGS for each in made)
    assert len({each.draft.title for each in made}) == len(made)
    assert len({each.draft.intent for each in made}) > 30
    with pytest.raises(ValueError, match="were asked for"):
        next(made_entries(10**6))


def test_questions_are_short_real_and_the_same_every_time() -> None:
    bodies = questions(50)
    assert bodies == questions(50)
    assert len({query_of(body) for body in bodies}) > 40
    assert {bool(body["context"]) for body in bodies} == {True, False}


def test_a_load_is_bounded_and_an_error_is_raised() -> None:
    asked: list[int] = []

    @contextmanager
    def client() -> Iterator[Call]:
        yield asked.append

    sample = run(client, 4, Limits(100, 60.0))
    assert sorted(asked) == list(range(100))
    assert len(sample.waited) == len(sample.worked) == 100
    assert len(run(client, 2, Limits(10**9, 0.05)).waited) > 0

    @contextmanager
    def refused() -> Iterator[Call]:
        def call(_: int) -> None:
            raise ConnectionError

        yield call

    with pytest.raises(ConnectionError):
        run(refused, 3, Limits(10, 60.0))
