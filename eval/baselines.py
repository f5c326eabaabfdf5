"""What simpler means reach on the same dialogs: words contained, BM25, nearest phrasing by the untuned encoder.

They see the buyer's turn and the entries of the shop, no more; they are silent only where they find nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.conversation import read_conversation
from assistant.suggester import Suggester
from eval.encoding import encoded
from eval.errors import PackagesMissing
from eval.metrics import topic_metrics
from eval.plain_encoder import plain_encoder
from eval.progress import Steps
from eval.ranked import TOPIC_MEASURES
from eval.result import Metrics, Row
from eval.runs import Outcome
from eval.topics import SILENCE, accepted, folded, is_judged
from knowledge.entries import Entry
from knowledge.lexical_index import top
from knowledge.retriever import Scope
from knowledge.snapshot import Snapshot
from models.encoder import Encoder
from models.intents import intents
from models.text import normalise, tokens

SHORTEST = 2  # characters; a single one is contained in nearly everything


@dataclass(frozen=True, slots=True)
class Asked:
    """What a baseline sees of a case."""

    text: str
    scope: Scope
    accepted: set[str]


def baseline_table(suggester: Suggester, outcomes: Sequence[Outcome], metrics: Metrics, steps: Steps) -> list[Row]:
    """Topics in the order of each baseline, and of the system; one that cannot be had here says so in its note."""
    snapshot = suggester.base.snapshot()
    asked = [_asked(each, suggester.default_shop) for each in outcomes if is_judged(each)]
    return [
        _row("keyword", "关键词：标准问或相似问整句出现", asked, _each(asked, _keyword_search(snapshot), steps)),
        _row("bm25", "BM25：只用字面索引", asked, _each(asked, lambda one: _by_words(snapshot, one), steps)),
        _nearest_row(snapshot, asked, steps),
        Row(name="system", note="整套系统", metrics={name: metrics[name] for name in TOPIC_MEASURES}),
    ]


def _asked(outcome: Outcome, default_shop: str) -> Asked:
    request = outcome.case.request
    item = request.context.item
    now = request.context.now
    if now is None:
        raise ValueError("a case must say when it is asked")
    scope = Scope(request.shop_id or default_shop, now, item.item_id if item else None)
    return Asked(read_conversation(request.messages).query, scope, accepted(outcome.case))


def _row(name: str, note: str, asked: Sequence[Asked], rankings: Sequence[Sequence[str]]) -> Row:
    return Row(name=name, note=note, metrics=topic_metrics(rankings, [one.accepted for one in asked]))


def _each(asked: Sequence[Asked], search: Callable[[Asked], Iterable[Entry]], steps: Steps) -> list[list[str]]:
    rankings = []
    with steps("基线") as heard:
        for number, one in enumerate(asked, start=1):
            rankings.append(topics(search(one)))
            heard(number, len(asked))
    return rankings


def topics(entries: Iterable[Entry]) -> list[str]:
    """The entries' topics, folded, each once, in the order of the entries; silence for none."""
    codes = (folded(entry.intent) for entry in entries if intents()[entry.intent].voice == "buyer")
    return list(dict.fromkeys(codes)) or [SILENCE]


def _keyword_search(snapshot: Snapshot) -> Callable[[Asked], list[Entry]]:
    entries = filter(_is_found, snapshot.entries.values())
    phrasings = sorted(
        {(normalise(text), entry.id) for entry in entries for text in entry.phrasings},
        key=lambda pair: (-len(pair[0]), pair),
    )

    def search(one: Asked) -> list[Entry]:
        held = (snapshot.entries[key] for text, key in phrasings if len(text) >= SHORTEST and text in one.text)
        return [entry for entry in held if one.scope.admits(entry)]

    return search


def _is_found(entry: Entry) -> bool:
    """Whether it is an answer by itself, as only such entries are in the indexes."""
    return entry.answers_messages


def _by_words(snapshot: Snapshot, one: Asked) -> list[Entry]:
    scores = snapshot.lexical.scores(tokens(one.text), len(snapshot.roster))
    slots = top(scores, snapshot.view(one.scope).allowed, len(scores))
    return [snapshot.roster.entry(slot) for slot in slots.tolist()]


def _nearest_row(snapshot: Snapshot, asked: Sequence[Asked], steps: Steps) -> Row:
    note = "multilingual-e5-small（未调优）：最相近的问法"
    try:
        with steps("生成未调优的编码器"), plain_encoder() as encoder:
            rankings = nearest(snapshot, asked, encoder, steps)
    except PackagesMissing as error:
        return Row(name="plain_e5", note=str(error), metrics=dict.fromkeys(TOPIC_MEASURES))
    return _row("plain_e5", note, asked, rankings)


def nearest(snapshot: Snapshot, asked: Sequence[Asked], encoder: Encoder, steps: Steps) -> list[list[str]]:
    """For each message the topics of all admitted entries, nearest phrasing first."""
    entries = list(filter(_is_found, snapshot.entries.values()))
    rows = [(place, normalise(text)) for place, entry in enumerate(entries) for text in entry.phrasings]
    owners = np.array([place for place, _ in rows])
    with steps("编码问法") as heard:
        vectors = encoded(encoder.encode_queries, [text for _, text in rows], heard)
    queries = encoder.encode_queries([one.text for one in asked])
    starts = np.flatnonzero(np.diff(owners, prepend=-1))
    found = []
    for one, query in zip(asked, queries, strict=True):
        best = np.maximum.reduceat(vectors @ query, starts)
        ordered = (entries[owners[starts[place]]] for place in np.argsort(-best, kind="stable"))
        found.append(topics(entry for entry in ordered if one.scope.admits(entry)))
    return found
