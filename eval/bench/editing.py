"""Edit to visible: from the moment an editor saves until the next suggestion says it, while other clients ask.

The others ask as busy agents do, each about once a second: clients that never pause would only measure their own queue.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from time import perf_counter
from typing import Any

from rich.progress import Progress

from eval.bench.load import Sample
from eval.bench.questions import questions
from eval.bench.server import Server, ServerFailed, Session

ASKERS, PAUSE_S = 16, 1.0
ASKED = "橙色风筝配几根线轴呀"
_ENTRY_ID = "bench-edit"


def measure_edits(server: Server, edits: int, progress: Progress) -> Sample:
    """Seconds from each save to the suggestion that says it; ServerFailed where one does not."""
    task = progress.add_task(f"editing while {ASKERS} clients ask", total=edits)
    sample = Sample()
    with server.session() as call, _asking(server, ASKERS):
        call("POST", "/v1/entries", _draft(0))
        began = perf_counter()
        for number in range(1, edits + 1):
            sample.waited.append(_seen_after(call, number))
            progress.advance(task)
        sample.elapsed = perf_counter() - began
        call("DELETE", f"/v1/entries/{_ENTRY_ID}")
    return sample


def _seen_after(call: Session, number: int) -> float:
    began = perf_counter()
    call("PUT", f"/v1/entries/{_ENTRY_ID}", _draft(number))
    answer = call("POST", "/v1/suggestions", {"messages": [{"role": "buyer", "text": ASKED}]})
    seconds = perf_counter() - began
    if not any(_words(number) in each["text"] for each in answer["suggestions"]):
        raise ServerFailed(f"edit {number} is not in the next suggestion")
    return seconds


def _draft(number: int) -> dict[str, Any]:
    return {
        "id": _ENTRY_ID, "kind": "policy", "shop_id": "demo", "intent": "pre.spec", "status": "published",
        "title": ASKED, "questions": ["风筝的线轴有几根"], "answers": [{"text": f"亲，{_words(number)}"}],
    }  # fmt: skip


def _words(number: int) -> str:
    return f"这款风筝配的线轴是第{number}版哦。"


@contextmanager
def _asking(server: Server, clients: int) -> Iterator[None]:
    """Clients that ask again and again until the end; the first error of any of them is raised."""
    bodies, enough = questions(320), Event()

    def ask(first: int) -> None:
        with server.client(bodies) as answer:
            number = first
            enough.wait(PAUSE_S * first / clients)
            while not enough.is_set():
                answer(number)
                number += clients
                enough.wait(PAUSE_S)

    with ThreadPoolExecutor(clients) as pool:
        askers = [pool.submit(ask, first) for first in range(clients)]
        try:
            yield
        finally:
            enough.set()
        for asker in askers:
            asker.result()
