"""Reciprocal rank fusion: several ranked lists into one, by ranks alone, so that their scores need no common scale."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import TypeVar

RRF_K = 60  # Cormack, Clarke & Büttcher, "Reciprocal Rank Fusion outperforms Condorcet ...", SIGIR 2009

Id = TypeVar("Id", bound=Hashable)


def reciprocal_rank_fusion(
    rankings: Iterable[Sequence[Id]], *, weights: Sequence[float] | None = None
) -> dict[Id, float]:
    """Ids with their fused scores, best first: the sum over the lists of weight / (RRF_K + rank), ranks from 1.

    Without `weights` every list counts the same; ids of equal score keep the order in which they were met.
    Raises ValueError when the weights are not as many as the lists.
    """
    lists = list(rankings)
    fused: dict[Id, float] = {}
    for ranking, weight in zip(lists, weights or [1.0] * len(lists), strict=True):
        for rank, one in enumerate(ranking, 1):
            fused[one] = fused.get(one, 0.0) + weight / (RRF_K + rank)
    return dict(sorted(fused.items(), key=lambda pair: -pair[1]))
