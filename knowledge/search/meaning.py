"""Entries by meaning: those whose phrasings are nearest to a text, whatever their words."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from knowledge.roster import NOBODY
from knowledge.snapshot import Snapshot
from knowledge.vector_segment import Bools

MOST = 100  # beyond these nobody reads on, and they have little to do with the text


def nearest(
    snapshot: Snapshot, vector: NDArray[np.float32], among: Iterable[str] | None, shop_id: str | None
) -> dict[str, float]:
    """The searchable ids `among` these, nearest first, with the cosine of the nearest phrasing; at most `MOST`.

    None: among all that the shop sees (None: all shops), which need not be listed for it.
    """
    allowed = _of_shop(snapshot, shop_id) if among is None else _listed(snapshot, among)
    if not allowed.any():
        return {}
    hits = snapshot.phrasings.search(vector, MOST, snapshot.phrasings.mask(allowed))
    found = (snapshot.roster.entry(owner).id for owner in hits.owners.tolist())
    return dict(zip(found, hits.scores.tolist(), strict=True))


def _of_shop(snapshot: Snapshot, shop_id: str | None) -> Bools:
    taken: Bools = snapshot.roster.shops != NOBODY
    return taken if shop_id is None else snapshot.roster.of_shop(shop_id)


def _listed(snapshot: Snapshot, ids: Iterable[str]) -> Bools:
    slots = snapshot.roster.slots
    allowed = np.zeros(len(snapshot.roster), np.bool_)
    allowed[[slots[entry_id] for entry_id in ids if entry_id in slots]] = True
    return allowed
