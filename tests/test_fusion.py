"""Reciprocal rank fusion, against values computed by hand."""

from __future__ import annotations

import pytest

from knowledge.fusion import reciprocal_rank_fusion


def test_scores_are_the_sums_of_reciprocal_ranks() -> None:
    fused = reciprocal_rank_fusion([["a", "b"], ["b", "c"]])
    assert list(fused) == ["b", "a", "c"]
    assert fused["b"] == pytest.approx(1 / 62 + 1 / 61)
    assert fused["a"] == pytest.approx(1 / 61)
    assert fused["c"] == pytest.approx(1 / 62)


def test_weights_scale_a_list_and_ties_keep_the_order_of_meeting() -> None:
    assert list(reciprocal_rank_fusion([["a"], ["b"]])) == ["a", "b"]
    assert list(reciprocal_rank_fusion([["a"], ["b"]], weights=[1, 2])) == ["b", "a"]


def test_empty_lists_fuse_to_nothing_and_weights_must_fit() -> None:
    assert reciprocal_rank_fusion([[], []]) == {}
    with pytest.raises(ValueError, match="argument"):
        reciprocal_rank_fusion([["a"]], weights=[1, 2])
