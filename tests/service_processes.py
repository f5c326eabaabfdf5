"""Xiaoer as its users run it: commands and servers as processes of their own, over a data folder."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess

from httpx2 import Client

ROOT = Path(__file__).parents[1]
PATIENCE_S = 240


def command(*arguments: str) -> list[str]:
    """The command line of `xiaoer` with this interpreter."""
    return [sys.executable, "-m", "eval.cli", *arguments]


def environment(data_dir: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """The caller's environment, with no settings of Xiaoer but these."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("XIAOER_")}
    given = {f"XIAOER_{name.upper()}": value for name, value in settings.items()}
    return {**others, "XIAOER_DATA_DIR": str(data_dir), "COLUMNS": "200", **given}


def xiaoer(
    data_dir: Path,
    *arguments: str,
    stdin: bytes = b"",
    under: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
) -> CompletedProcess[str]:
    """Run one command to its end, `under` another one such as setpriv; nobody is ever shown a traceback."""
    done = subprocess.run(
        [*under, *command(*arguments)],
        input=stdin,
        capture_output=True,
        env=environment(data_dir, settings or {}),
        cwd=ROOT,
        timeout=PATIENCE_S,
        check=False,
    )
    out, err = done.stdout.decode(), done.stderr.decode()
    assert "Traceback" not in out + err, err
    return CompletedProcess(done.args, done.returncode, out, err)


@dataclass
class Server:
    """A running `xiaoer serve`; `lines` is what it has said on standard error so far."""

    process: subprocess.Popen[str]
    lines: list[str] = field(default_factory=list)
    url: str = ""

    @property
    def log(self) -> str:
        """All that it has said."""
        return "".join(self.lines)

    def client(self, **headers: str) -> Client:
        """A client of its API."""
        return Client(base_url=self.url, headers=headers, timeout=60)


@contextmanager
def serving(data_dir: Path, *arguments: str, settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A server on a free port, ready to answer; ended afterwards if it still runs."""
    process = subprocess.Popen(
        command("serve", "--port", "0", *arguments),
        env=environment(data_dir, settings or {}),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    server, settled = Server(process), threading.Event()
    reader = threading.Thread(target=_listen, args=(server, settled), daemon=True)
    reader.start()
    try:
        assert settled.wait(PATIENCE_S), server.log
        assert server.url, f"it did not start:\n{server.log}"
        yield server
    finally:
        process.terminate()
        process.wait(30)
        reader.join(30)
    assert "Traceback" not in server.log, server.log


def _listen(server: Server, settled: threading.Event) -> None:
    assert server.process.stderr is not None
    with server.process.stderr as stream:
        for line in stream:
            server.lines.append(line)
            if ready := re.search(r"已就绪：http://[^/]+:(\d+)/", line):
                server.url = f"http://127.0.0.1:{ready[1]}"
                settled.set()
    settled.set()
