"""Words as features: the characters of a message and their pairs and triples, hashed, weighed by how rare they are.

What a word says for certain (发票, 12315, 退货) a linear model on these learns from few examples; the vector of the
encoder, which blurs single words, is right where they mislead. Each mends errors of the other.
"""

from __future__ import annotations

import math
import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

BUCKETS = 1 << 15  # 1 << 16 was not better
LONGEST = 300  # characters that are read
_SIZES = (1, 2, 3)


@dataclass(frozen=True, eq=False)
class Bag:
    """The features of one text: bucket numbers (n,) and their values (n,), of length 1 together."""

    buckets: NDArray[np.int64]
    values: NDArray[np.float32]


def count(text: str) -> dict[int, float]:
    """Bucket → 1 + log of how often it occurs, for a normalised text."""
    edged = f" {text[:LONGEST]} "
    grams = Counter(edged[at : at + size] for size in _SIZES for at in range(len(edged) - size + 1))
    buckets: Counter[int] = Counter()
    for gram, number in grams.items():
        buckets[zlib.crc32(gram.encode()) % BUCKETS] += number
    return {bucket: 1.0 + math.log(number) for bucket, number in buckets.items()}


def rarity(texts: Sequence[str]) -> NDArray[np.float32]:
    """The weight (BUCKETS,) of each bucket: smoothed inverse document frequency over the texts."""
    seen = np.zeros(BUCKETS)
    for text in texts:
        seen[list(count(text))] += 1
    # Rounded as it is stored, so that heads are the same before and after their file.
    return (np.log((1 + len(texts)) / (1 + seen)) + 1).astype(np.float16).astype(np.float32)


def bag(text: str, rare: NDArray[np.float32]) -> Bag:
    """The features of a normalised text."""
    counted = count(text)
    buckets = np.fromiter(counted, np.int64, len(counted))
    values = np.fromiter(counted.values(), np.float32, len(counted)) * rare[buckets]
    return Bag(buckets, values / max(float(np.linalg.norm(values)), 1e-6))


def matrix(texts: Sequence[str], rare: NDArray[np.float32]) -> Any:
    """The features of many texts, as a sparse scipy matrix (len(texts), BUCKETS)."""
    from scipy.sparse import csr_matrix

    bags = [bag(text, rare) for text in texts]
    bounds = np.cumsum([0, *(len(each.buckets) for each in bags)])
    nothing = bag("", rare)  # so that there is something to join where there are no texts
    values = np.concatenate([each.values for each in (*bags, nothing)])[: bounds[-1]]
    buckets = np.concatenate([each.buckets for each in (*bags, nothing)])[: bounds[-1]]
    return csr_matrix((values, buckets, bounds), shape=(len(texts), BUCKETS))
