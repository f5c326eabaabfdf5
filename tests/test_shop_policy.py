"""A shop's settings: sensible by default, refused when they break the platform's rules, quoted only when given."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from knowledge.exchange.field_problems import field_problems
from knowledge.placeholders import field_of, fields
from knowledge.shop_policy import ReturnFreight, ShopPolicy, default_settings

FULL = ShopPolicy.model_validate(
    {
        "name": "小店",
        "ship_from": "杭州",
        "carrier": "中通",
        "optional_carriers": ["顺丰", "EMS"],
        "freight_insurance": True,
        "price_protection_days": 7,
        "warranty": "一年",
        "return_address": "杭州市某路1号",
        "cutoff": "15:30",
        "region_carriers": {"新疆": "EMS", "北京": "京东", "西藏": "EMS"},
        "unserved_regions": ["港澳台"],
        "region_surcharges": {"新疆": 15, "西藏": 20.5},
        "free_shipping_from": 99,
        "freight": 8,
        "bargain_floor": 0.95,
        "member_benefits": {"银卡": "每月一张5元券", "金卡": "每月一张10元券"},
        "invoices": ["电子普通发票", "电子专用发票"],
        "compensation_options": ["补寄", "换新"],
        "compensation_limit": 20,
    }
)


def test_every_setting_is_documented_with_its_default_in_one_file() -> None:
    text = files("knowledge").joinpath("data/shop_policy.yaml").read_text("utf-8")
    assert list(default_settings()) == list(ShopPolicy.model_fields)
    lines = text.splitlines()
    for name in default_settings():
        (number,) = (n for n, line in enumerate(lines) if line.startswith(f"{name}:"))
        above = lines[number - 1]
        assert above.startswith(("# ", "opens:")), name


def test_the_defaults_are_those_of_an_ordinary_shop() -> None:
    policy = ShopPolicy()
    assert (policy.return_days, policy.quality_days, policy.ship_within_hours) == (7, 15, 48)
    assert (policy.bargain_floor, policy.compensation_limit, policy.free_shipping_from) == (None, None, 0)
    assert policy.return_freight == ReturnFreight(quality="shop", wrong="shop", wish="buyer")


def test_settings_are_quoted_in_a_buyers_words() -> None:
    facts = FULL.facts()
    assert facts["policy.optional_carriers"] == "顺丰、EMS"
    assert facts["policy.cutoff"] == "15:30"
    assert facts["policy.business_hours"] == "09:00-22:00"
    assert facts["policy.freight_insurance"] is True
    assert facts["policy.remote_regions"] == "新疆、西藏、港澳台"
    assert facts["policy.region_surcharges"] == "新疆15元、西藏20.5元"
    assert facts["policy.region_carriers"] == "新疆、西藏发EMS，北京发京东"
    assert facts["policy.free_shipping"] is False
    assert (facts["policy.free_shipping_from"], facts["policy.freight"]) == ("99", "8")
    assert facts["policy.invoice"] == "电子普通发票、电子专用发票"
    assert facts["policy.member_benefits"] == "银卡：每月一张5元券；金卡：每月一张10元券"
    assert "食品（拆封后）" in str(facts["policy.no_reason_excluded"])


@pytest.mark.parametrize(
    ("free_from", "free", "threshold"), [(0, True, None), (59.9, False, "59.9"), (None, False, None)]
)
def test_free_shipping_is_everything_a_threshold_or_never(
    free_from: float | None, free: bool, threshold: str | None
) -> None:
    facts = ShopPolicy(free_shipping_from=free_from, freight=6).facts()
    assert facts["policy.free_shipping"] is free
    assert facts.get("policy.free_shipping_from") == threshold
    assert facts.get("policy.freight") == (None if free else "6")


def test_surcharges_are_not_listed_when_one_of_them_is_open() -> None:
    facts = ShopPolicy(region_surcharges={"新疆": 15, "西藏": None}).facts()
    assert "policy.region_surcharges" not in facts
    assert facts["policy.remote_regions"] == "新疆、西藏"


# ---- for the agent alone


def test_what_the_agent_may_give_is_never_among_the_facts_of_replies() -> None:
    assert all(path.startswith("policy.") for path in FULL.facts())
    assert not {"20", "补寄、换新", "95%"} & {str(value) for value in FULL.facts().values()}
    assert FULL.facts()["policy.bargaining"] is True
    assert ShopPolicy(bargain_floor=1).facts()["policy.bargaining"] is False


def test_what_the_shop_has_not_said_is_not_quoted() -> None:
    facts = ShopPolicy().facts()
    unsaid = {"shop_name", "ship_from", "carrier", "optional_carriers", "price_protection_days", "warranty"}
    assert not {f"policy.{name}" for name in unsaid} & facts.keys()
    assert facts["policy.return_days"] == 7
    assert facts["policy.free_shipping"] is True


@pytest.mark.parametrize("blank", ["", "  "])
def test_blank_setting_is_not_quoted(blank: str) -> None:
    facts = ShopPolicy(name=blank, carrier=blank, warranty=blank, invoices=()).facts()
    assert not {"policy.shop_name", "policy.carrier", "policy.warranty", "policy.invoice"} & facts.keys()


def test_shop_that_delivers_everywhere_names_no_remote_regions() -> None:
    assert "policy.remote_regions" not in ShopPolicy(region_surcharges={}).facts()


def test_every_setting_of_the_catalogue_is_produced_and_no_other() -> None:
    promised = {path for path in fields() if path.startswith("policy.")}
    assert set(FULL.facts()) == promised
    assert all(field_of(path) for path in ShopPolicy().facts())


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"return_days": 3}, "return_days", "不能小于 7"),
        ({"ship_within_hours": 0}, "ship_within_hours", "不能小于 1"),
        ({"price_protection_days": -1}, "price_protection_days", "不能小于 0"),
        ({"transit_days": 99}, "transit_days", "不能大于 60"),
        ({"cutoff": "25:00"}, "cutoff", "16:00"),
        ({"cutoff": 960}, "cutoff", "加引号"),
        ({"opens": "soon"}, "opens", "不是钟点"),
        ({"timezone": "Mars/Base"}, "timezone", "没有时区"),
        ({"timezone": "../etc/passwd"}, "timezone", "没有时区"),
        ({"timezone": ""}, "timezone", "没有时区"),
        ({"retrun_days": 7}, "retrun_days", "return_days"),
        ({"invoice": "电子发票"}, "invoice", "invoices"),
        ({"remote_regions": ["新疆"]}, "remote_regions", "region_surcharges"),
        ({"answers": []}, "answers", "ship_within_hours"),
        ({"unserved_regions": ["新彊"]}, "unserved_regions[0]", "新疆"),
        ({"region_surcharges": {"新彊": 15}}, "region_surcharges.新彊", "新疆"),
        ({"region_surcharges": {"新疆": 0}}, "region_surcharges.新疆", "要大于 0"),
        ({"unserved_regions": ["新疆"], "region_surcharges": {"新疆": 1}}, "region_surcharges", "unserved_regions"),
        ({"unserved_regions": ["港澳台"], "region_surcharges": {"香港": 1}}, "region_surcharges", "香港"),
        ({"free_shipping_from": float("nan")}, "free_shipping_from", "数字"),
        ({"freight_insurance": "也许"}, "freight_insurance", "true 或 false"),
        ({"return_freight": {"quality": "buyer"}}, "return_freight.quality", "平台规则"),
        ({"return_freight": {"wihs": "buyer"}}, "return_freight.wihs", "wish"),
        ({"return_freight": {"wish": "us"}}, "return_freight.wish", "shop"),
        ({"return_freight": "shop"}, "return_freight", "一组字段"),
        ({"bargain_floor": 0.1}, "bargain_floor", "不能小于 0.5"),
        ({"member_benefits": ["金卡"]}, "member_benefits", "一组字段"),
        ({"invoices": [""]}, "invoices[0]", "空的"),
    ],
)
def test_setting_that_cannot_be_kept_is_refused_with_reason_and_remedy(
    wrong: dict[str, object], field: str, words: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        ShopPolicy.model_validate(wrong)
    (problem,) = field_problems(refused.value)
    assert problem.field == field
    assert words in f"{problem.reason}{problem.remedy}"


@given(
    st.builds(
        ShopPolicy,
        name=st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
        ship_within_hours=st.integers(1, 240),
        cutoff=st.times().map(lambda time: time.replace(second=0, microsecond=0)),
        optional_carriers=st.lists(st.sampled_from(["顺丰", "京东", "EMS"])).map(tuple),
        region_surcharges=st.dictionaries(st.sampled_from(["新疆", "西藏", "三沙市"]), st.none() | st.integers(1, 99)),
        free_shipping_from=st.none() | st.integers(0, 200),
        no_reason_excluded=st.lists(st.sampled_from(["定制", "食品(拆封后)"])).map(tuple),
        return_days=st.integers(7, 60),
        price_protection_days=st.integers(0, 60),
        timezone=st.sampled_from(["Asia/Shanghai", "UTC", "America/New_York"]),
    )
)
def test_settings_survive_json_and_no_fact_is_empty(policy: ShopPolicy) -> None:
    assert ShopPolicy.model_validate_json(policy.model_dump_json()) == policy
    assert all(value is not None and value != "" for value in policy.facts().values())
