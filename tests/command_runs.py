"""The installed command, run in this process with its exit code and output: fast, and as a shell would see it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import structlog

from eval.cli import main


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: object
    out: str
    err: str


Xiaoer = Callable[..., Ran]


@pytest.fixture
def xiaoer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., Ran]]:
    """`xiaoer` with these arguments, a data folder of its own, and a terminal wide enough for any line."""
    monkeypatch.setenv("XIAOER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")
    logs = structlog.get_config()  # the command logs to the captured stream, which ends with the test

    def run(*arguments: str | Path) -> Ran:
        monkeypatch.setattr("sys.argv", ["xiaoer", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return Ran(ended.value.code, *capsys.readouterr())

    yield run
    structlog.configure(**logs)
