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


@pytest.mark.parametrize(
    "text", ["孕妇能用吗", "笔记本能充吗", "华为能充吗", "能装300毫升吗", "保质期多久", "那我妈能用吗", "啥材质的"]
)
def test_an_age_told_earlier_is_no_answer_to_another_question(text: str) -> None:
    cup = ItemFacts(attributes={"适用年龄": "6-36个月", "适用人群": "孕妇请先咨询医生"})
    assert fit_facts(cup, text, ["宝宝8个月"]) == {}


@pytest.mark.parametrize("text", ["那他能用吗", "那孩子能用吗", "能用吧", "多大能用", "那买这个行吗"])
def test_an_age_told_earlier_holds_for_a_turn_that_asks_of_it_or_of_nothing_else(text: str) -> None:
    assert fit_facts(CUP, text, ["宝宝3个月"])["fit.result"] == "outside"


def test_the_age_told_of_a_person_is_that_persons() -> None:
    bed = ItemFacts(attributes={"适用年龄": "3岁以上"})
    assert fit_facts(bed, "那我妈呢", ["我妈60岁了", "宝宝2岁"])["fit.asked"] == "60岁"


def test_an_age_told_earlier_still_holds_and_the_newest_wins() -> None:
    assert fit_facts(CUP, "那这个能用吗", ["宝宝3个月", "说错了 宝宝8个月", "好的"])["fit.asked"] == "8个月"
    assert fit_facts(CUP, "宝宝8个月了", ["宝宝3个月"])["fit.asked"] == "8个月"
    assert fit_facts(CUP, "那这个能用吗", ["笔记本能用吗"]) == {}
