"""The first stage: three ranked lists (phrasings, words, answers) fused into candidates with all their signals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import Entry
from knowledge.fusion import reciprocal_rank_fusion
from knowledge.lexical_index import top
from knowledge.roster import Scope
from knowledge.snapshot import Snapshot
from knowledge.vector_index import Hits, VectorIndex
from models.text import tokens

__all__ = ["Candidate", "Query", "Scope", "retrieve"]

DEPTH = 30  # 50 found the right topic within three 1 point more often on one set, less on another, and cost 0.1 x
AT_MOST = 20  # entries of an intent that are looked at although no search found them


@dataclass(frozen=True, eq=False)
class Query:
    """What is asked: `text` normalised, `vector` (dim,) its unit float32 from `encode_queries`."""

    text: str
    vector: NDArray[np.float32]


@dataclass(frozen=True)
class Candidate:
    """An entry that may answer, and why.

    `phrasing` is its closest one as written, `dense` that one's cosine to the query, `answer` the best cosine of an
    answer, `lexical` the share (0 to 1) of the query's words in the best phrasing. Every candidate has all three,
    whichever list found it; only an entry without searchable text on a side has 0 there. In a large index the closest
    phrasing may be missed for the next one (cosine lower by less than 0.01). `fused` is the reciprocal rank fusion
    score: it orders the candidates of one query, no more.
    """

    entry: Entry
    phrasing: str
    dense: float
    lexical: float
    answer: float
    fused: float


def retrieve(
    snapshot: Snapshot, query: Query, scope: Scope, k: int = DEPTH, likely: Iterable[str] = ()
) -> list[Candidate]:
    """The k best candidates that the scope admits, best first; fewer when there are fewer.

    After them, entries of the `likely` intents that none of the k has: what the message seems to be about is never
    left out because its words are unlike every phrasing.
    """
    view = snapshot.view(scope)
    dense = snapshot.phrasings.search(query.vector, k, view.phrasings)
    answer = snapshot.answers.search(query.vector, k, view.answers)
    lexical = snapshot.lexical.scores(tokens(query.text), len(snapshot.roster))
    words = top(lexical, view.allowed, k)
    fused = reciprocal_rank_fusion([dense.owners.tolist(), words.tolist(), answer.owners.tolist()])
    slots = list(fused)[:k]
    slots += _missed(snapshot, scope, slots, likely)
    phrasings = _signals(snapshot.phrasings, query, slots, dense)
    answers = _signals(snapshot.answers, query, slots, answer)
    return [
        _candidate(
            snapshot.roster.entry(slot), phrasings[slot], float(lexical[slot]), answers[slot][1], fused.get(slot, 0.0)
        )
        for slot in slots
    ]


def _missed(snapshot: Snapshot, scope: Scope, slots: Sequence[int], likely: Iterable[str]) -> list[int]:
    found = {snapshot.roster.entry(slot).intent for slot in slots}
    entries = (
        entry for code in likely if code not in found for entry in snapshot.phrases(scope, intent=code)[:AT_MOST]
    )
    return [snapshot.roster.slots[entry.id] for entry in entries if entry.answers_messages]


def _signals(index: VectorIndex, query: Query, slots: Sequence[int], hits: Hits) -> dict[int, tuple[int, float]]:
    """Position and cosine of each slot's best row: from the hits, computed for the slots that another list found."""
    signals = dict(
        zip(hits.owners.tolist(), zip(hits.positions.tolist(), hits.scores.tolist(), strict=True), strict=True)
    )
    others = [slot for slot in slots if slot not in signals]
    if others:
        positions, scores = index.best_rows(query.vector, others)
        signals.update(zip(others, zip(positions.tolist(), scores.tolist(), strict=True), strict=True))
    return signals


def _candidate(entry: Entry, best: tuple[int, float], lexical: float, answer: float, fused: float) -> Candidate:
    position, dense = best
    phrasing = entry.questions[position - 1] if position > 0 else entry.title
    return Candidate(entry, phrasing, dense, lexical, answer, fused)
