"""Fusion, against values computed by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.fusion import centred, combined

SHARES = st.floats(0, 1, width=32)


def floats(*values: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    return np.array(values, np.float32)


def test_half_of_what_is_common_goes_from_a_cosine() -> None:
    assert centred(floats(0.9, 0.8), floats(0.8, 0.4)) == pytest.approx([0.5, 0.6])


def test_a_text_that_is_near_to_everything_falls_behind_one_that_is_near_to_this() -> None:
    hub, close = centred(floats(0.86, 0.85), floats(0.84, 0.78))
    assert hub < close


def test_words_count_a_fifth() -> None:
    assert combined(floats(0.5, 0.5), floats(0.0, 1.0)) == pytest.approx([0.4, 0.6])


@given(st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=20))
def test_better_on_both_is_never_worse(pairs: list[tuple[float, float]]) -> None:
    similar, words = floats(*(a for a, _ in pairs)), floats(*(b for _, b in pairs))
    fused = combined(similar, words)
    raised = combined(similar + np.float32(0.1), words)
    assert (raised > fused).all()
    assert (fused <= np.maximum(similar, words) + 1e-6).all()
    assert (fused >= np.minimum(similar, words) - 1e-6).all()
