"""The first stage: what three searches find (phrasings, words, answers), in one order and with all signals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import EMERGENCY_TAG, Entry
from knowledge.fusion import centred, combined
from knowledge.lexical_index import top
from knowledge.roster import Scope
from knowledge.snapshot import Snapshot
from knowledge.vector_index import Hits, VectorIndex
from models.text import tokens

__all__ = ["Candidate", "Query", "Scope", "retrieve"]

DEPTH = 30  # 50 found the right topic within three 1 point more often on one set, less on another, and cost 0.1 x
# Candidates whose every signal is read, as a multiple of those asked for. Reading all that the three lists hold takes
# as long as the searches; with 1, 3 % fewer of the right ones were among the first hundred.
LOOKED_AT = 1.5
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
    phrasing may be missed for the next one (cosine lower by less than 0.01). `fused`, the score of `knowledge.fusion`,
    orders the candidates of one query, no more.
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
    left out because its words are unlike every phrasing. And the emergency entries of all these intents.
    """
    view = snapshot.view(scope)
    dense = snapshot.phrasings.search(query.vector, k, view.phrasings)
    answer = snapshot.answers.search(query.vector, k, view.answers)
    lexical = snapshot.lexical.scores(tokens(query.text), len(snapshot.roster))
    words = top(lexical, view.allowed, k)
    slots = list(dict.fromkeys([*dense.owners.tolist(), *words.tolist(), *answer.owners.tolist()]))
    promising = _promising(slots, (dense, answer), lexical, round(k * LOOKED_AT))
    found = _candidates(snapshot, query, promising, (dense, answer), lexical)[:k]
    topics, likely = {one.entry.intent for one in found}, tuple(likely)
    more = [*_missed(snapshot, scope, topics, likely), *_emergencies(snapshot, scope, topics.union(likely))]
    known = {one.entry.id for one in found}
    slots = [snapshot.roster.slots[entry_id] for entry_id in dict.fromkeys(more) if entry_id not in known]
    return found + _candidates(snapshot, query, slots, (dense, answer), lexical)


def _promising(slots: Sequence[int], hits: tuple[Hits, Hits], lexical: NDArray[np.float32], k: int) -> Sequence[int]:
    """The k slots that can score highest: one that a vector search did not find is no nearer than the last it found."""
    if len(slots) <= k:
        return slots
    sides = [_at_most(one, slots) for one in hits if len(one)]
    similarity = np.mean(sides, axis=0) if sides else np.zeros(len(slots), np.float32)
    score = combined(similarity, lexical[np.asarray(slots, np.int64)])
    return [slots[place] for place in sorted(np.argsort(-score, kind="stable")[:k].tolist())]


def _at_most(hits: Hits, slots: Sequence[int]) -> NDArray[np.float32]:
    """The centred cosine of each slot, (len(slots),), that of the last hit for one that is not among them."""
    near = centred(hits.scores, hits.common)
    known, least = dict(zip(hits.owners.tolist(), near.tolist(), strict=True)), float(near.min())
    return np.array([known.get(slot, least) for slot in slots], np.float32)


def _missed(snapshot: Snapshot, scope: Scope, found: Collection[str], likely: Iterable[str]) -> list[str]:
    entries = (
        entry for code in likely if code not in found for entry in snapshot.phrases(scope, intent=code)[:AT_MOST]
    )
    return [entry.id for entry in entries if entry.answers_messages]


def _emergencies(snapshot: Snapshot, scope: Scope, topics: Collection[str]) -> list[str]:
    """Emergency entries of what the message may be about: they count whatever their words are."""
    entries = snapshot.phrases(scope, tag=EMERGENCY_TAG)
    return [one.id for one in entries if one.intent in topics and one.answers_messages]


def _candidates(
    snapshot: Snapshot, query: Query, slots: Sequence[int], hits: tuple[Hits, Hits], lexical: NDArray[np.float32]
) -> list[Candidate]:
    """The entries in these slots with all their signals, best first; of equal score in the order of `slots`."""
    phrasings, answers = (
        _best_rows(index, query, slots, found)
        for index, found in zip((snapshot.phrasings, snapshot.answers), hits, strict=True)
    )
    words = lexical[np.asarray(slots, np.int64)]
    fused = combined(_similarity(phrasings, answers), words)
    order = np.argsort(-fused, kind="stable").tolist()
    columns = (phrasings.positions, phrasings.scores, words, answers.scores, fused)
    signals = list(zip(*(column.tolist() for column in columns), strict=True))
    return [_candidate(snapshot.roster.entry(slots[place]), *signals[place]) for place in order]


def _best_rows(index: VectorIndex, query: Query, slots: Sequence[int], hits: Hits) -> Hits:
    """Each slot's best row, in the order of `slots`: from the hits, or computed where another list found the slot."""
    places = {owner: place for place, owner in enumerate(hits.owners.tolist())}
    others = [slot for slot in slots if slot not in places]
    if others:
        places |= {slot: place for place, slot in enumerate(others, start=len(hits))}
        hits += index.best_rows(query.vector, others)
    return hits[np.array([places[slot] for slot in slots], np.int64)]


def _similarity(phrasings: Hits, answers: Hits) -> NDArray[np.float32]:
    """The mean of the centred cosines of phrasing and answer, (n,); an entry without text on a side has the other."""
    sides = [(one.positions >= 0, centred(one.scores, one.common)) for one in (phrasings, answers)]
    total = sum(np.where(there, similar, np.float32(0)) for there, similar in sides)
    count = sum(there.astype(np.float32) for there, _ in sides)
    return np.asarray(total / np.maximum(count, 1), np.float32)


def _candidate(entry: Entry, position: int, dense: float, lexical: float, answer: float, fused: float) -> Candidate:
    phrasing = entry.questions[position - 1] if position > 0 else entry.title
    return Candidate(entry, phrasing, dense, lexical, answer, fused)
