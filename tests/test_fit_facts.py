"""Whether the item suits, as facts: the value is quoted as the catalogue writes it."""

from __future__ import annotations

import pytest

from assistant.fit_facts import fit_facts
from knowledge.catalogue import ItemFacts

CUP = ItemFacts(attributes={"适用年龄": "6-36个月，需在大人看护下使用", "适用机型": "不适合笔记本"})


def test_a_comparison_gives_four_facts() -> None:
    assert fit_facts(CUP, "宝宝3个月能用吗") == {
        "fit.result": "outside",
        "fit.asked": "3个月",
        "fit.attribute": "适用年龄",
        "fit.range": "6-36个月，需在大人看护下使用",
    }
    assert fit_facts(CUP, "笔记本能用吗")["fit.attribute"] == "适用机型"


@pytest.mark.parametrize("item", [None, ItemFacts(), ItemFacts(attributes={"材质": "棉"})])
def test_without_an_attribute_to_compare_nothing_is_said(item: ItemFacts | None) -> None:
    assert fit_facts(item, "宝宝8个月能用吗", ["宝宝8个月"]) == {}


def test_an_age_told_earlier_still_holds_and_the_newest_wins() -> None:
    assert fit_facts(CUP, "那这个能用吗", ["宝宝3个月", "说错了 宝宝8个月", "好的"])["fit.asked"] == "8个月"
    assert fit_facts(CUP, "宝宝8个月了", ["宝宝3个月"])["fit.asked"] == "8个月"
    assert fit_facts(CUP, "那这个能用吗", ["笔记本能用吗"]) == {}
