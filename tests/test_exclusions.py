"""Exclusions from 七天无理由: by category and by what the attributes say, conditions told apart from plain ones."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.catalogue import ItemFacts
from knowledge.exclusions import Verdict, no_reason_verdict

RULES = ("定制", "食品(拆封后)", "内衣（拆封后）", "生鲜")


def verdict(**item: Any) -> Verdict | None:
    return no_reason_verdict(ItemFacts.model_validate(item), RULES)


@pytest.mark.parametrize(
    ("item", "allowed", "rule"),
    [
        ({"category": "服饰"}, "yes", None),
        ({"category": "生鲜/水果"}, "no", "生鲜"),
        ({"category": "休闲食品"}, "unless", "食品（拆封后）"),
        ({"category": "女士内衣/文胸"}, "unless", "内衣（拆封后）"),
        ({"category": "饰品", "attributes": {"是否定制": "是"}}, "no", "定制"),
        ({"category": "饰品", "attributes": {"是否定制": "否"}}, "yes", None),
        ({"category": "饰品", "attributes": {"销售方式": "定制"}}, "no", "定制"),
        ({"category": "饰品", "attributes": {"可定制": "是，请联系客服"}}, "yes", None),
        ({"category": "服饰", "attributes": {"透光度": "米白色建议搭配肤色内衣"}}, "yes", None),
        ({"category": "食品", "attributes": {"类型": "生鲜"}}, "no", "生鲜"),
        ({"category": "服饰", "attributes": {"七天无理由": "不支持"}}, "no", "商品页面注明不支持"),
        ({"category": "食品", "attributes": {"是否支持7天无理由退货": "支持"}}, "yes", None),
    ],
)
def test_category_and_attributes_decide(item: dict[str, Any], allowed: str, rule: str | None) -> None:
    found = verdict(**item)
    assert found is not None
    assert (found.allowed, found.rule) == (allowed, rule)


def test_an_item_of_an_unknown_kind_is_not_judged() -> None:
    assert verdict() is None
    assert verdict(title="水杯", attributes={"材质": "玻璃"}) is None


def test_the_verdict_follows_the_rules_and_the_item_as_they_are_now() -> None:
    item = ItemFacts(category="食品")
    assert no_reason_verdict(item, ["食品"]) == Verdict("no", "食品")
    assert no_reason_verdict(item, ["食品(拆封后)"]) == Verdict("unless", "食品（拆封后）")
    assert no_reason_verdict(item.model_copy(update={"attributes": {"七天无理由": "支持"}}), ["食品"]) == Verdict("yes")


def test_without_exclusions_every_item_of_a_known_kind_may_go_back() -> None:
    assert no_reason_verdict(ItemFacts(category="食品"), ()) == Verdict("yes")
