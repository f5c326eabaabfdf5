"""Threads and processes that use one store at once lose nothing, and a killed one leaves what it acknowledged."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from knowledge.store import Changes, Store
from tests.entry_examples import draft

ROOT = Path(__file__).parents[1]


def test_threads_that_write_at_once_lose_nothing(store: Store) -> None:
    def write(number: int) -> int:
        return store.write(Changes(drafts=[draft(f"t{number}"), draft("shared", title=f"第{number}次")])).revision

    with ThreadPoolExecutor(8) as pool:
        revisions = list(pool.map(write, range(64)))
    assert sorted(revisions) == list(range(1, 65))
    assert store.entries().total == 65
    assert store.entry("shared").version == 64


def test_readers_see_whole_writes_only(store: Store) -> None:
    def read(_: int) -> None:
        delta = store.delta(0)
        assert len(delta.entries) == 3 * delta.revision

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read, number) for number in range(60)]
        for number in range(20):
            store.write(Changes(drafts=[draft(f"{number}-{part}") for part in range(3)]))
        for reader in readers:
            reader.result()


WRITER = """
import sys
from knowledge.store import Changes, Store
from tests.entry_examples import draft
store = Store(sys.argv[1])
for number in range(int(sys.argv[3])):
    store.write(Changes(drafts=[draft(f"{sys.argv[2]}-{number}"), draft("shared", title=f"{sys.argv[2]} {number}")]))
    sys.stdout.write(f"{sys.argv[2]}-{number}\\n")
    sys.stdout.flush()
store.close()
"""


def writer(url: str, name: str, count: int) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", WRITER, url, name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment)


def test_processes_that_open_a_new_database_and_write_at_once_lose_nothing(url: str) -> None:
    processes = [writer(url, name, 25) for name in ("x", "y", "z")]
    for process in processes:
        process.communicate(timeout=120)
        assert process.returncode == 0
    with closing(Store(url)) as store:
        assert store.revision() == 75
        assert store.entries().total == 76
        assert store.entry("shared").version == 75


def test_killed_writer_leaves_every_acknowledged_write(url: str) -> None:
    with writer(url, "k", 100_000) as process:
        assert process.stdout is not None
        acknowledged = [process.stdout.readline().strip() for _ in range(40)]
        process.kill()
        acknowledged += process.stdout.read().split()
    with closing(Store(url)) as store:
        assert {entry.id for entry in store.every_entry()} >= set(acknowledged)
        assert store.revision() in (len(acknowledged), len(acknowledged) + 1)
        assert store.write(Changes(drafts=[draft("after")])).saved[0].outcome == "created"
