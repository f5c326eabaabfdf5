"""Facts: computed from what is known, never guessed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from assistant.facts import Situation, collect_facts, local_time, with_asked_attribute
from knowledge.catalogue import ItemFacts
from knowledge.context import Context
from knowledge.placeholders import field_of, path_of
from knowledge.shop_policy import ShopPolicy

NOW = datetime.fromisoformat("2026-11-21T02:01:00+00:00")
CUP = ItemFacts(item_id="cup-9", title="保温杯", attributes={"容量": "500ml", "材质": "不锈钢"})


def situation(item: ItemFacts | None = None, now: datetime = NOW, text: str = "", **context: Any) -> Situation:
    return Situation("demo", Context.model_validate(context), item, ShopPolicy(), text, {}, now)


def test_without_context_only_the_shop_and_the_clock_are_known() -> None:
    facts = collect_facts(situation())
    assert {path.partition(".")[0] for path in facts} == {"policy", "return", "now"}
    assert facts["now.part_of_day"] == "早上"


def test_a_fact_without_a_value_is_not_there() -> None:
    facts = collect_facts(
        situation(CUP.model_copy(update={"attributes": {"容量": " "}, "title": ""}), buyer={"nick": ""}, order={})
    )
    assert not {"item.attributes.容量", "item.title", "buyer.nick", "order.state"} & facts.keys()
    assert all(value is not None and str(value).strip() for value in facts.values())


def test_false_and_zero_are_values() -> None:
    facts = collect_facts(situation(buyer={"is_returning": False}, order={"delivered_at": NOW.isoformat()}))
    assert facts["buyer.is_returning"] is False
    assert facts["order.days_since_delivery"] == 0


def test_every_fact_is_in_the_catalogue_that_editors_choose_from() -> None:
    facts = collect_facts(
        situation(
            CUP,
            buyer={"nick": "小鱼儿", "member_tier": "gold", "is_returning": True},
            agent={"id": "a07", "name": "小美"},
            order={
                "order_id": "1",
                "state": "delivered",
                "amount": 1.5,
                "payment": "online",
                "delivered_at": NOW.isoformat(),
                "receiver": {"name": "李**"},
            },
        )
    )
    assert {"buyer.nick", "agent.name", "order.return_by", "item.attributes.容量"} <= facts.keys()
    assert [path for path in facts if field_of(path) is None] == []


@pytest.mark.parametrize(
    ("clock", "part"),
    [("04:59", "晚上"), ("05:00", "早上"), ("10:59", "早上"), ("11:00", "中午"), ("13:00", "下午"), ("18:00", "晚上"),
     ("23:59", "晚上")],
)  # fmt: skip
def test_the_part_of_the_day_is_the_shops(clock: str, part: str) -> None:
    now = datetime.fromisoformat(f"2026-11-21T{clock}:00+08:00").astimezone(NOW.tzinfo)
    assert collect_facts(situation(now=now))["now.part_of_day"] == part


def test_the_local_time_follows_the_shops_zone() -> None:
    assert local_time(situation()).isoformat() == "2026-11-21T10:01:00+08:00"


def test_the_asked_attribute_is_quoted_from_the_item() -> None:
    facts = with_asked_attribute({}, CUP, "容量多少", "pre.spec")
    assert facts == {"asked.attribute": "容量", "asked.value": "500ml"}
    assert with_asked_attribute({}, CUP, "啥料子的", "pre.material")["asked.value"] == "不锈钢"


def test_an_attribute_that_the_item_does_not_say_has_no_value() -> None:
    facts = with_asked_attribute({"item.title": "保温杯"}, CUP, "多重啊", "pre.spec")
    assert facts["item.title"] == "保温杯"
    assert "asked.attribute" in facts
    assert "asked.value" not in facts


def test_the_placeholder_of_the_warranty_is_the_items_where_it_has_one() -> None:
    path = path_of("保修期") or ""
    bank = CUP.model_copy(update={"attributes": {"保修期": "12个月"}})
    shop = ShopPolicy(warranty="一年")
    assert collect_facts(replace(situation(bank), policy=shop))[path] == "12个月"
    assert collect_facts(replace(situation(CUP), policy=shop))[path] == "一年"
    assert path not in collect_facts(situation(CUP))


def test_an_empty_attribute_has_no_value() -> None:
    bare = CUP.model_copy(update={"attributes": {"容量": ""}})
    assert "asked.value" not in with_asked_attribute({}, bare, "容量多少", "pre.spec")


def test_what_asks_for_no_attribute_leaves_the_facts_alone() -> None:
    facts = {"order.state": "paid"}
    assert with_asked_attribute(facts, CUP, "能改地址吗", "order.change_address") is facts


def test_the_order_state_is_none_without_an_order() -> None:
    assert situation().order_state is None
    assert situation(order={"state": "paid"}).order_state == "paid"


_VARIANTS = [{"颜色": colour, "尺码": size} for colour in ("黑色", "蓝色") for size in "ML"]
DRESS = ItemFacts.model_validate(
    {"skus": [{"sku_id": str(number), "options": each, "stock": 9} for number, each in enumerate(_VARIANTS)]}
)


def test_a_bare_follow_up_is_answered_for_what_it_names_itself() -> None:
    one = replace(situation(DRESS, text="黑色m有吗,那蓝色呢"), turn="那蓝色呢", earlier=("黑色m有吗",))
    assert one.asked == "那蓝色呢"
    assert collect_facts(one)["stock.sku"] == "蓝色 M"
    assert situation(text="那蓝色呢").asked == "那蓝色呢"


def test_what_goes_with_the_item_is_told_by_title() -> None:
    assert collect_facts(replace(situation(DRESS), goes_with=("小白鞋",)))["item.goes_with"] == "「小白鞋」"


def test_an_age_from_an_earlier_message_is_compared() -> None:
    cup = CUP.model_copy(update={"attributes": {"适用年龄": "6-36个月"}})
    facts = collect_facts(replace(situation(cup, text="那这个能用吗"), earlier=("宝宝3个月",)))
    assert (facts["fit.result"], facts["fit.asked"], facts["fit.range"]) == ("outside", "3个月", "6-36个月")


def test_a_picture_just_sent_is_known() -> None:
    asked = situation(text="到手就碎了")
    assert collect_facts(replace(asked, heard=("[图片]，到手就碎了",)))["sent.picture"] is True
    assert collect_facts(replace(asked, heard=("[图片]", "你看看", "碎了")))["sent.picture"] is True
    assert "sent.picture" not in collect_facts(replace(asked, heard=("[图片]", *["还在吗"] * 6)))
    assert "sent.picture" not in collect_facts(asked)
