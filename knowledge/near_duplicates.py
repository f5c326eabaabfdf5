"""Entries that a draft gets in the way of: the same question again, another answer to it, a phrasing of another topic.

Compared with what a message can find (published answers of the shop and shared ones): drafts are not in the index.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from knowledge.agreement import Said, disagreement
from knowledge.entries import Entry, EntryDraft
from knowledge.index_rows import Side, TextRow, embed, text_rows
from knowledge.precedence import precedence
from knowledge.snapshot import Snapshot
from knowledge.vector_index import Mask
from models.encoder import Encoder

Kind = Literal["contradiction", "near_duplicate", "phrasing_elsewhere"]

# Cosines, judged by eye on the starter knowledge: from here on two phrasings ask the same in other words.
SAME, SAME_WITHIN_INTENT = 0.97, 0.965
NEAR, NEARER_BY = 0.93, 0.05  # a phrasing this near to another topic, and nearer to it by this than to its own
_LOOKED_AT = 6  # entries beside each phrasing
MOST = 20
_ORDER: tuple[Kind, ...] = ("contradiction", "phrasing_elsewhere", "near_duplicate")
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A stored entry that the draft resembles: its closest phrasing, the draft's own one, and their cosine.

    `wins` tells which of both a buyer gets: the draft, the other, or (None) neither for sure. `reason` is for editors.
    """

    entry_id: str
    title: str
    phrasing: str
    own_phrasing: str
    similarity: float
    kind: Kind
    wins: Literal["draft", "other"] | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Near:
    """A phrasing of the draft and one of a stored entry; `own` is the cosine to the nearest of the draft's topic."""

    own_phrasing: str
    other: Entry
    phrasing: str
    cosine: float
    own: float


def near_duplicates(
    draft: EntryDraft, snapshot: Snapshot, encoder: Encoder, shop_id: str | None, now: datetime
) -> list[Duplicate]:
    """What the draft resembles among the shop's entries and the shared ones, the worst first; at most `MOST`."""
    if not draft.answers_messages:
        return []
    vectors = _Vectors(snapshot, encoder, draft)
    found: dict[tuple[str, Kind], Duplicate] = {}
    for near in _nearest(draft, vectors.of("phrasings"), snapshot, draft.shop_id or shop_id):
        one = _judged(draft, near, vectors, snapshot, now)
        if one and one.similarity > found.get((one.entry_id, one.kind), one).similarity - 1e-9:
            found[one.entry_id, one.kind] = one
    return sorted(found.values(), key=lambda each: (_ORDER.index(each.kind), -each.similarity, each.entry_id))[:MOST]


class _Vectors:
    """The draft's texts with their vectors, those of the stored version where it has them."""

    def __init__(self, snapshot: Snapshot, encoder: Encoder, draft: EntryDraft) -> None:
        self._snapshot, self._encoder, self._draft = snapshot, encoder, draft
        self._made: dict[Side, list[tuple[TextRow, Vectors]]] = {}

    def of(self, side: Side) -> list[tuple[TextRow, Vectors]]:
        """Each text of a side and its vector (dim,)."""
        if side not in self._made:
            rows = text_rows(self._draft, side)
            known = self._known(side)
            known |= embed(self._encoder, {(side, r.digest): r.text for r in rows if (side, r.digest) not in known})
            self._made[side] = [(row, known[side, row.digest]) for row in rows]
        return self._made[side]

    def _known(self, side: Side) -> dict[tuple[Side, int], Vectors]:
        slot = self._snapshot.roster.slots.get(self._draft.id or "")
        if slot is None:
            return {}
        index = self._snapshot.index(side)
        digests = index.rows_of(slot).digests.tolist()
        return {(side, digest): vector for digest, vector in zip(digests, index.vectors(slot), strict=True)}


def _nearest(
    draft: EntryDraft, phrasings: Sequence[tuple[TextRow, Vectors]], snapshot: Snapshot, shop_id: str | None
) -> Iterator[_Near]:
    """Each phrasing of the draft with the entries nearest to it."""
    mask = _others(draft, snapshot, shop_id)
    written = (draft.title, *draft.questions)
    matrix = np.array([vector for _, vector in phrasings], np.float32)
    for number, (row, vector) in enumerate(phrasings):
        siblings = np.delete(matrix @ vector, number)
        hits = snapshot.phrasings.search(vector, _LOOKED_AT, mask)
        entries = [snapshot.roster.entry(owner) for owner in hits.owners.tolist()]
        kin = [cosine for one, cosine in zip(entries, hits.scores.tolist(), strict=True) if one.intent == draft.intent]
        own = max([*siblings.tolist(), *kin], default=0.0)
        for one, position, cosine in zip(entries, hits.positions.tolist(), hits.scores.tolist(), strict=True):
            phrasing = one.questions[position - 1] if position > 0 else one.title
            yield _Near(written[row.position], one, phrasing, cosine, own)


def _others(draft: EntryDraft, snapshot: Snapshot, shop_id: str | None) -> Mask:
    allowed = snapshot.roster.of_shop(shop_id)
    slot = snapshot.roster.slots.get(draft.id or "")
    if slot is not None:
        allowed[slot] = False
    return snapshot.phrasings.mask(allowed)


def _judged(draft: EntryDraft, near: _Near, vectors: _Vectors, snapshot: Snapshot, now: datetime) -> Duplicate | None:
    """What one resemblance amounts to; None when it is harmless."""
    other, kin = near.other, near.other.intent == draft.intent
    if not _meet(draft, other, now):
        return None
    same = near.cosine >= (SAME_WITHIN_INTENT if kin else SAME)
    if same and (kin or near.own_phrasing == draft.title):
        reason = disagreement(_said(vectors.of("answers"), draft), _stored_answers(other, snapshot))
        if reason:
            return _found(draft, near, "contradiction", f"问法很接近，回答不一致（{reason}）")
        return _found(draft, near, "near_duplicate", "问法很接近，回答没有明显不同，看看能不能合并成一条")
    elsewhere = not kin and (same or (near.cosine >= NEAR and near.cosine > near.own + NEARER_BY))
    return _found(draft, near, "phrasing_elsewhere", "这句问法更像另一个意图的条目") if elsewhere else None


def _found(draft: EntryDraft, near: _Near, kind: Kind, reason: str) -> Duplicate:
    mine, theirs = precedence(draft), precedence(near.other)
    wins: Literal["draft", "other"] | None = None if mine == theirs else "draft" if mine > theirs else "other"
    after = {"draft": "；同时适用时用本条", "other": "；同时适用时用那一条", None: ""}[wins]
    return Duplicate(
        near.other.id,
        near.other.title,
        near.phrasing,
        near.own_phrasing,
        round(near.cosine, 4),
        kind,
        wins,
        reason + ("" if kind == "phrasing_elsewhere" else after),
    )


def _meet(draft: EntryDraft, other: Entry, now: datetime) -> bool:
    """Whether both may answer about one item at one time from now on."""
    items = not draft.items or not other.items or bool(set(draft.items) & set(other.items))
    begins = max(each for each in (now, draft.effective_from, other.effective_from) if each)
    ends = [each for each in (draft.effective_until, other.effective_until) if each]
    return items and all(begins < end for end in ends)


def _said(answers: Sequence[tuple[TextRow, Vectors]], entry: EntryDraft) -> list[Said]:
    return [Said(entry.answers[row.position], vector) for row, vector in answers]


def _stored_answers(other: Entry, snapshot: Snapshot) -> list[Said]:
    slot = snapshot.roster.slots[other.id]
    rows, vectors = snapshot.answers.rows_of(slot), snapshot.answers.vectors(slot)
    places = rows.positions.tolist()
    return [Said(other.answers[place], vector) for place, vector in zip(places, vectors, strict=True)]
