"""Lists for editors: how long a page of the entries takes, by every way to search, in a large knowledge base."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter
from urllib.parse import urlencode

from rich.progress import Progress

from eval.bench.load import Sample
from eval.bench.server import Server

PAGE = 50
LISTS: Mapping[str, tuple[dict[str, object], ...]] = {
    "newest first": ({"sort": "updated_at"}, {"sort": "updated_at", "status": "published", "kind": "policy"}),
    "by title": ({"sort": "title"}, {"sort": "title", "intent": "pre.size"}),
    "by text": ({"q": "发货"}, {"q": "尺码 偏小"}, {"q": "退"}, {"q": "没有人写过的话"}),
    "by pinyin": ({"q": "fahuo", "mode": "pinyin"}, {"q": "tk", "mode": "pinyin"}),
    "by meaning": ({"q": "啥时候发货呀", "mode": "meaning"}, {"q": "衣服洗了褪色咋整", "mode": "meaning"}),
    "what nothing matched": ({"never_matched": "true"}, {"disliked": "true"}),
}


def measure_lists(server: Server, rounds: int, progress: Progress) -> dict[str, Sample]:
    """For every way to search the seconds of first pages, and of one deep in the list."""
    task = progress.add_task("listing and searching", total=rounds + 1)
    samples = {name: Sample() for name in LISTS}
    with server.session() as call:
        total = int(call("GET", f"/v1/entries?{urlencode({'limit': 1})}")["total"])
        deep = {"sort": "updated_at", "offset": max(0, total - PAGE)}
        for number in range(rounds + 1):
            for name, asked in {**LISTS, "newest first": (*LISTS["newest first"], deep)}.items():
                for query in asked:
                    began = perf_counter()
                    call("GET", f"/v1/entries?{urlencode({'limit': PAGE, **query})}")
                    if number:  # the first round reads what is kept in memory afterwards
                        samples[name].waited.append(perf_counter() - began)
            progress.advance(task)
    return samples
