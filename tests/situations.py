"""Situations for tests: buyers of whom nothing, something or everything is known, at every state of an order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, get_args

from assistant.facts import Situation, collect_facts, with_asked_attribute
from assistant.slots import Measurements, read_measurements
from knowledge.catalogue import ItemFacts
from knowledge.context import Context, OrderState
from knowledge.shop_policy import ReturnFreight, ShopPolicy
from knowledge.starter import starter_changes
from models.text import normalise

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
STATES = get_args(OrderState)
SAID_LITTLE = ShopPolicy()
SAID_EVERYTHING = ShopPolicy(
    name="小店", ship_from="杭州", carrier="中通", optional_carriers=("顺丰",), free_shipping_from=None,
    freight_insurance=True, price_protection_days=7, warranty="一年", return_address="杭州市某路1号",
)  # fmt: skip
SAID_BY_REGION = ShopPolicy(
    carrier="中通", region_carriers={"新疆": "邮政EMS"}, unserved_regions=("港澳台",), region_surcharges={"新疆": 15},
    free_shipping_from=99, freight=8, return_freight=ReturnFreight(wish="shop"), bargain_floor=0.95,
    member_benefits={"gold": "每月一张10元券"},
)  # fmt: skip
PEOPLE: dict[str, Any] = {
    "agent": {"id": "a07", "name": "小美"},
    "buyer": {"nick": "小鱼儿", "member_tier": "gold", "is_returning": True},
}


@dataclass(frozen=True, slots=True)
class Case:
    """A situation with a name for the test's report; `intent` is what the buyer's question is about.

    `talk` holds what the conversation adds to the facts: where it stands and what the buyer spoke of before.
    """

    name: str
    situation: Situation
    intent: str = "pre.material"
    talk: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.name


def known_of(case: Case) -> dict[str, object]:
    """Every fact of the case."""
    return {**collect_facts(case.situation), **dict(case.talk)}


def facts_of(case: Case) -> dict[str, object]:
    """Every fact of the case, with the attribute that its text asks for."""
    facts = known_of(case)
    return dict(with_asked_attribute(facts, case.situation.item, case.situation.text, case.intent))


@cache
def situations() -> tuple[Case, ...]:
    """Some eighty, each different from the others in what is known."""
    return (
        *_bare(),
        *_policies(),
        *_orders(),
        *_on_delivery(),
        *_regions(),
        *_changes(),
        *_given(),
        *_pictured(),
        *_price_protected(),
        *_reminders(),
        *_stages(),
        *_items(),
        *_babies(),
        *_shoes(),
        *_clock(),
    )


def _case(
    name: str, *, item: ItemFacts | None = None, policy: ShopPolicy = SAID_LITTLE, text: str = "", now: datetime = NOW,
    measurements: Measurements | None = None, intent: str = "flow.greeting", **context: Any,
) -> Case:  # fmt: skip
    text = normalise(text)
    measured = read_measurements(text) if measurements is None else measurements
    known = Context.model_validate(context)
    return Case(name, Situation("demo", known, item, policy, text, measured, now), intent)


def _bare() -> list[Case]:
    return [
        _case("nothing known"),
        _case("a shop that says everything", policy=SAID_EVERYTHING),
        _case("the demo shop", policy=starter_changes().policies["demo"]),
        _case("people known", **PEOPLE),
        _case("people known to a shop that says everything", policy=SAID_EVERYTHING, **PEOPLE),
        _case("a new buyer", buyer={"is_returning": False}),
        _case("an order without a state", order={"order_id": "202611180001"}),
    ]


def _orders() -> list[Case]:
    """Each state alone, and with all that the platform tells about it."""
    found = []
    for state in STATES:
        found.append(_case(f"{state} alone", order={"state": state}))
        for name, days in (("fresh", 1), ("old", 30)):
            order = _order(state, days)
            found.append(_case(f"{state} {name}", policy=SAID_EVERYTHING, order=order, **PEOPLE))
    in_time = {"state": "paid", "promised_ship_at": NOW + timedelta(hours=9), "payment": "cod", "amount": 159}
    today = {"state": "delivered", "delivered_at": NOW - timedelta(hours=1)}
    items = {item.item_id: item for item in starter_changes().items}
    variant = items["dress-001"].model_copy(update={"sku_id": "dress-001-m-blue"})
    just_paid = {"state": "paid", "paid_at": NOW, "receiver": {"address": "浙江省杭州市****"}}
    demo = starter_changes().policies["demo"]
    return [
        *found,
        _case("still in time", order=in_time),
        _case("delivered today", order=today),
        _case("just paid", policy=demo, order=just_paid, **PEOPLE),
        _case("just paid, the variant known", policy=demo, order=just_paid, item=variant),
        _case("paid and nothing else, an item", order={"state": "paid"}, item=variant),
        _case("unpaid in the evening", order={"state": "unpaid"}, now=datetime(2026, 11, 21, 13, tzinfo=UTC)),
    ]


def _on_delivery() -> list[Case]:
    """Orders that are paid for at the door."""
    parcel = {"payment": "cod", "carrier": "中通", "tracking_no": "73100000000001"}
    orders = {state: {"state": state, **(parcel if state == "collected" else {"payment": "cod"})} for state in STATES}
    address = {"receiver": {"name": "李**", "phone": "138****0000", "address": "浙江省杭州市****"}}
    known = _case("unpaid on delivery, address known", order={**orders["unpaid"], **address})
    return [known, *(_case(f"{state} on delivery", order=order) for state, order in orders.items())]


def _regions() -> list[Case]:
    """An address in a region that the settings single out, or in none, at the states in which it can be changed."""
    asked = {"surcharged": "改到新疆", "not served": "改到香港", "ordinary": "改到河北"}
    policies = {
        "surcharged": SAID_BY_REGION,
        "not served": SAID_BY_REGION,
        "ordinary": starter_changes().policies["demo"],
    }
    far = {"state": "unpaid", "receiver": {"address": "香港特别行政区****"}}
    return [
        _case("an unpaid order to a region not served", policy=SAID_BY_REGION, order=far),
        *(
            _case(f"{state}, to a region {name}", policy=policies[name], text=text, order={"state": state})
            for name, text in asked.items() for state in ("unpaid", "paid")
        ),
    ]  # fmt: skip


def _changes() -> list[Case]:
    """A dress ordered in another variant than the one now wanted."""
    items = {item.item_id: item for item in starter_changes().items}
    asked = {
        "in stock": "换成蓝色M码", "sold out": "换成米白S码", "not offered": "换成紫色M码",
        "partly": "换成黑色M或者米白S", "a size not offered": "换成4XL",
    }  # fmt: skip
    late = {"state": "paid", "promised_ship_at": NOW - timedelta(days=1)}
    dress, nuts = items["dress-001"], items["nuts-001"]
    sold_out = nuts.model_copy(update={"skus": tuple(s.model_copy(update={"stock": 0}) for s in nuts.skus)})
    return [
        *(
            _case(f"{state or 'no order'}, wants what is {name}", item=dress, text=text,
                  order={"state": state} if state else None)
            for name, text in asked.items() for state in ("unpaid", "paid", "collected", None)
        ),
        _case("late for what is sold out", item=dress, text="米白S什么时候有货", order=late),
        _case("wants what is sold out like all else", item=sold_out, text="换成四盒装", order={"state": "paid"}),
    ]  # fmt: skip


def _given() -> list[Case]:
    """What is to be changed is told in the same breath: a new address by state, a variant that no stock tells of."""
    dress = next(item for item in starter_changes().items if item.item_id == "dress-001")
    looked_at = dress.model_copy(update={"sku_id": "dress-001-m-blue"})
    address, demo = "改成江苏省南京市鼓楼区青年路1号 王芳", starter_changes().policies["demo"]
    return [
        *(
            _case(f"{state or 'no order'}, a new address given", text=address,
                  order={"state": state} if state else None)
            for state in (*STATES, None)
        ),
        _case("on delivery, a new address given", text=address, order={"state": "paid", "payment": "cod"}),
        _case("a new address in a region surcharged", policy=SAID_BY_REGION, text="改成新疆乌鲁木齐市青年路1号 王芳",
              order={"state": "paid"}),
        _case("a new address in a region free", policy=demo, text=address, order={"state": "paid"}),
        *(
            _case(f"{state or 'no order'}, a variant wanted of an item not known", text="换成红色L码",
                  order=_order(state, 1) if state else None)
            for state in (*STATES, None)
        ),
        _case("a wanted variant, freight by the shop", policy=SAID_BY_REGION, text="换成红色L码",
              order=_order("delivered", 1), item=ItemFacts(title="连衣裙", category="服饰")),
        _case("a wanted variant, freight by the buyer", text="换成红色L码",
              order=_order("delivered", 1), item=ItemFacts(title="连衣裙", category="服饰")),
        *(
            _case(f"a size larger than the ordered one, {state}", item=looked_at, text="小了想换大一码",
                  order=_order(state, 1))
            for state in ("paid", "delivered")
        ),
    ]  # fmt: skip


def _pictured() -> list[Case]:
    """The buyer has just sent a picture."""
    power = next(item for item in starter_changes().items if item.item_id == "power-001")
    cases = [
        _case("a picture"),
        _case("a picture, an order", order={"order_id": "202611180001"}),
        *(_case(f"a picture, {state}", order=_order(state, 1)) for state in STATES),
        _case("a picture after long", order=_order("delivered", 30)),
        _case("a picture after long, a shop with a warranty", policy=SAID_EVERYTHING, order=_order("delivered", 30)),
        _case("a picture after long, an item with a warranty", item=power, order=_order("delivered", 30)),
    ]
    return [replace(case, situation=replace(case.situation, heard=("[图片]", "你看看"))) for case in cases]


def _price_protected() -> list[Case]:
    """Signed for before the price protection ends and after it."""
    return [
        _case(f"paid {days} days ago, with price protection", policy=SAID_EVERYTHING,
              order={"state": "delivered", "paid_at": NOW - timedelta(days=days)})
        for days in (3, 20)
    ]  # fmt: skip


def _reminders() -> list[Case]:
    """Unpaid orders of buyers who spoke of something before."""
    items = {item.item_id: item for item in starter_changes().items}
    dress, ring = items["dress-001"], ItemFacts(title="刻字戒指", category="饰品", attributes={"是否定制": "是"})
    topics = (
        "pre.bargain", "pre.size", "pre.color", "pre.arrival", "pre.carrier", "pre.ship_region", "pre.return_policy",
        "pre.freight", "pre.stock", "pre.usage", "pre.payment",
    )  # fmt: skip
    scenes: dict[str, dict[str, Any]] = {
        "alone": {},
        "in a shop that says everything": {"policy": SAID_EVERYTHING, "item": dress},
        "to a region surcharged": {"policy": SAID_BY_REGION, "text": "新疆"},
        "to a region free": {"policy": starter_changes().policies["demo"], "text": "河北"},
        "with a size": {"item": dress, "text": "160高100斤"},
        "with two sizes": {"item": dress, "text": "165 53.5kg"},
        "without a size": {"item": dress},
        "of what is in stock": {"item": dress, "text": "蓝色M码"},
        "made to order": {"item": ring},
        "not to go back once opened": {"item": items["cream-001"]},
        "for an age that suits": {"item": items["cup-001"], "text": "宝宝8个月"},
        "for an age that does not suit": {"item": items["cup-001"], "text": "宝宝3个月"},
    }
    return [
        replace(_case(f"{topic} {name}", order={"state": "unpaid"}, **scene), talk=(("talk.topic", topic),))
        for topic in topics for name, scene in scenes.items()
    ]  # fmt: skip


def _stages() -> list[Case]:
    """Each stage of a sale, with what may be said after the reply."""
    following = {
        "welcome": None, "introduce": "order", "bargain": "order", "order": None, "pay": "pay", "check": "check",
        "farewell": None,
    }  # fmt: skip
    return [
        replace(
            _case(f"at the stage {stage}"), talk=(("talk.stage", stage), *((("talk.next", after),) if after else ()))
        )
        for stage, after in following.items()
    ]


def _policies() -> list[Case]:
    """What the settings decide: by region, by the kind of the item, by the time that a parcel takes."""
    ring = ItemFacts(title="刻字戒指", category="饰品", attributes={"是否定制": "是"})
    cream = ItemFacts(title="面霜", category="美妆")
    dress = ItemFacts(title="连衣裙", category="服饰")
    power = next(item for item in starter_changes().items if item.item_id == "power-001")
    just_shipped = {"state": "shipped", "shipped_at": NOW - timedelta(hours=2)}
    asked = {"surcharged": "新疆包邮吗", "not served": "香港能发吗", "ordinary": "河北包邮吗"}
    return [
        *(_case(f"a region {name}", policy=SAID_BY_REGION, text=text, **PEOPLE) for name, text in asked.items()),
        _case("an ordinary region of the demo shop", policy=starter_changes().policies["demo"], text="河北包邮吗"),
        _case("two regions of the demo shop", policy=starter_changes().policies["demo"], text="新疆西藏包邮吗"),
        _case("a region left open", policy=SAID_LITTLE, text="新疆包邮吗"),
        _case("paid without a promise", policy=SAID_BY_REGION, order={"state": "paid", "paid_at": NOW}, **PEOPLE),
        _case("just shipped", order=just_shipped),
        _case("just shipped, number known", order={**just_shipped, "carrier": "中通", "tracking_no": "73100000000001"}),
        _case("made to order", item=ring, order=_order("delivered", 1)),
        _case("not to go back once opened", item=cream, order=_order("delivered", 1)),
        *(_case(f"to go back after {days} days", item=dress, order=_order("delivered", days)) for days in (1, 7, 9)),
        *(_case(f"made to order, {state}", item=ring, order=_order(state, 1)) for state in ("paid", "shipped")),
        _case("not to go back once opened, paid", item=cream, order=_order("paid", 1)),
        *(_case(f"with a warranty after {days} days", item=power, order=_order("delivered", days)) for days in (1, 30)),
    ]


def _order(state: str, days: int) -> dict[str, Any]:
    reached = ["unpaid", "paid", "shipped", "collected", "delivered", "after_sale", "closed"].index(state)
    paid = NOW - timedelta(days=days + 5)
    times = {
        "paid_at": paid, "promised_ship_at": paid + timedelta(days=2), "shipped_at": paid + timedelta(days=1),
        "collected_at": paid + timedelta(days=1, hours=3), "delivered_at": NOW - timedelta(days=days),
    }  # fmt: skip
    since = {"paid_at": 1, "promised_ship_at": 1, "shipped_at": 2, "collected_at": 3, "delivered_at": 4}
    shipped = {"carrier": "中通", "tracking_no": "73100000000001"} if reached >= 2 else {}
    return {
        "order_id": "202611180001", "state": state, "amount": 159.0, "payment": "online", **shipped,
        "receiver": {"name": "李**", "phone": "138****0000", "address": "浙江省杭州市****"},
        **{name: moment for name, moment in times.items() if reached >= since[name]},
    }  # fmt: skip


def _items() -> list[Case]:
    items = {item.item_id: item for item in starter_changes().items}
    dress = items["dress-001"]
    questions = {
        "one size": "我160高100斤穿多大", "two sizes": "165 53.5kg穿什么码", "outside": "150高180斤穿啥",
        "no measurements": "穿多大", "height alone": "160高穿多大", "in stock": "蓝色M码有货吗",
        "low stock": "黑色L码还有吗", "out of stock": "米白S码还有吗", "material": "啥料子的",
        "no such attribute": "重不重", "a colour not offered": "紫色有吗", "several variants": "黑色M和白色S都有吗",
        "a usual size": "平时穿M码",
    }  # fmt: skip
    unknown = dress.model_copy(update={"skus": tuple(sku.model_copy(update={"stock": None}) for sku in dress.skus)})
    delivered = _order("delivered", 1)
    looked_at = dress.model_copy(update={"sku_id": "dress-001-m-blue"})
    return [
        *(_case(f"dress, {name}", item=dress, text=text, intent="pre.spec") for name, text in questions.items()),
        *(_case(f"{item_id} in view", item=item, **PEOPLE) for item_id, item in items.items()),
        *(_case(f"{item_id}, material", item=item, text="什么材质", intent="pre.material")
          for item_id, item in items.items()),
        _case("an age that suits", item=items["cup-001"], text="宝宝8个月能用吗", intent="pre.suitability"),
        _case("an age that does not suit", item=items["cup-001"], text="宝宝3个月能用吗", intent="pre.suitability"),
        _case("a device that does not suit", item=items["power-001"], text="笔记本能充吗", intent="pre.suitability"),
        _case("a device that suits", item=items["charger-001"], text="iphone15能充吗", intent="pre.suitability"),
        _case("a laptop at the charger", item=items["charger-001"], text="笔记本能充吗", intent="pre.suitability"),
        _case("a phone at the power bank", item=items["power-001"], text="手机能充吗", intent="pre.suitability"),
        _case("a temperature that suits", item=items["cup-001"], text="100度开水能装吗", intent="pre.suitability"),
        _case("a temperature too low", item=items["power-001"], text="零下20度能用吗", intent="pre.suitability"),
        _case("a weight that suits", item=ItemFacts(title="折叠椅", attributes={"承重": "120kg"}), text="200斤能坐吗"),
        _case("a weight too high", item=ItemFacts(title="折叠椅", attributes={"承重": "120kg"}), text="300斤能坐吗"),
        _case("an age old enough for nuts", item=items["nuts-001"], text="5岁能吃吗", intent="pre.suitability"),
        _case("an age too young for nuts", item=items["nuts-001"], text="宝宝8个月能吃吗", intent="pre.suitability"),
        _case("two in stock", item=dress, text="黑色M和米白M有货吗", intent="pre.stock"),
        _case("one in stock, one sold out", item=dress, text="米白M和米白S有货吗", intent="pre.stock"),
        _case("a colour not offered in this size", item=dress, text="紫色M有吗", intent="pre.stock"),
        _case("a usual size and measurements", item=dress, text="160高100斤 平时穿M码"),
        _with_companion(dress, str(items["shoe-001"].title)),
        _case("a variant in view", item=looked_at, policy=SAID_EVERYTHING),
        _case("a variant in view of people known", item=looked_at, policy=SAID_EVERYTHING, **PEOPLE),
        _case("stock of the named variant unknown", item=unknown, text="黑色L码有货吗"),
        _case("exchange for what is in stock", item=dress, text="想换蓝色M码", order=delivered),
        _case("exchange for what is sold out", item=dress, text="想换米白S码", order=delivered),
        _case("an item to be put up", item=ItemFacts(title="置物架", attributes={"安装方式": "免打孔粘贴"})),
        _case("an item without facts", item=ItemFacts(title="新品"), text="什么材质 160高100斤穿多大"),
        _case("an item with a chart and no stock", item=ItemFacts(size_chart=dress.size_chart), text="有货吗"),
        _case("measurements without an item", text="160高100斤穿多大"),
    ]  # fmt: skip


def _with_companion(item: ItemFacts, title: str) -> Case:
    case = _case("what it goes with", item=item, text="搭什么鞋好看", intent="pre.recommend")
    return replace(case, situation=replace(case.situation, goes_with=(title,)))


def _babies() -> list[Case]:
    romper = next(item for item in starter_changes().items if item.item_id == "romper-001")
    said = {
        "one": "身高70体重17斤", "between": "身高66体重16斤", "outside": "身高66体重30斤", "height": "身高70",
        "usual": "平时穿73码", "an age that suits": "宝宝8个月能穿吗", "an age that does not": "2岁能穿吗",
    }  # fmt: skip
    return [_case(f"romper, {name}", item=romper, text=text, intent="pre.suitability") for name, text in said.items()]


def _shoes() -> list[Case]:
    rows = [{"尺码": 37, "脚长": [23, 23.5]}, {"尺码": 38, "脚长": [23.5, 24]}]
    shoes = ItemFacts.model_validate({"title": "软底板鞋", "category": "女鞋", "size_chart": rows})
    said = {
        "one": "脚长23.2", "between": "脚长23.5", "outside": "脚长30", "ask": "拍几码", "usual": "平时穿37",
        "both": "平时穿37 脚长23.2",
    }  # fmt: skip
    bare = shoes.model_copy(update={"size_chart": None})
    return [*(_case(f"shoes, {name}", item=shoes, text=text) for name, text in said.items()), _case("shoes", item=bare)]


def _clock() -> list[Case]:
    hours = {hour: datetime(2026, 11, 21, hour, tzinfo=UTC) for hour in (0, 4, 8, 13, 18)}
    return [
        *(_case(f"at {hour} o'clock", now=now) for hour, now in hours.items()),
        *(
            _case(f"{state} at nine in the evening", now=hours[13], order={"state": state})
            for state in ("unpaid", "paid")
        ),
    ]
