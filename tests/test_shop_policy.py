"""A shop's settings: sensible by default, refused when they break the platform's rules, quoted only when given."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from knowledge.placeholders import field_of, fields
from knowledge.shop_policy import ShopPolicy

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
    }
)


def test_settings_are_quoted_in_a_buyers_words() -> None:
    facts = FULL.facts()
    assert facts["policy.optional_carriers"] == "顺丰、EMS"
    assert facts["policy.cutoff"] == "15:30"
    assert facts["policy.business_hours"] == "09:00-22:00"
    assert facts["policy.freight_insurance"] is True


def test_what_the_shop_has_not_said_is_not_quoted() -> None:
    facts = ShopPolicy().facts()
    unsaid = {"shop_name", "ship_from", "carrier", "optional_carriers", "price_protection_days", "warranty"}
    assert not {f"policy.{name}" for name in unsaid} & facts.keys()
    assert facts["policy.return_days"] == 7
    assert facts["policy.free_shipping"] is True


@pytest.mark.parametrize("blank", ["", "  "])
def test_blank_setting_is_not_quoted(blank: str) -> None:
    facts = ShopPolicy(name=blank, carrier=blank, warranty=blank, invoice=blank).facts()
    assert not {"policy.shop_name", "policy.carrier", "policy.warranty", "policy.invoice"} & facts.keys()


def test_shop_that_delivers_everywhere_names_no_remote_regions() -> None:
    assert "policy.remote_regions" not in ShopPolicy(remote_regions=()).facts()


def test_every_setting_of_the_catalogue_is_produced_and_no_other() -> None:
    promised = {path for path in fields() if path.startswith("policy.")}
    assert set(FULL.facts()) == promised
    assert all(field_of(path) for path in ShopPolicy().facts())


@pytest.mark.parametrize(
    "wrong",
    [
        {"return_days": 3},
        {"ship_within_hours": 0},
        {"price_protection_days": -1},
        {"cutoff": "25:00"},
        {"opens": "soon"},
        {"timezone": "Mars/Base"},
        {"timezone": "../etc/passwd"},
        {"timezone": ""},
        {"retrun_days": 7},
    ],
)
def test_setting_that_cannot_be_kept_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        ShopPolicy.model_validate(wrong)


@given(
    st.builds(
        ShopPolicy,
        name=st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=9),
        ship_within_hours=st.integers(1, 240),
        cutoff=st.times().map(lambda time: time.replace(second=0, microsecond=0)),
        optional_carriers=st.lists(st.sampled_from(["顺丰", "京东", "EMS"])).map(tuple),
        return_days=st.integers(7, 60),
        price_protection_days=st.integers(0, 60),
        timezone=st.sampled_from(["Asia/Shanghai", "UTC", "America/New_York"]),
    )
)
def test_settings_survive_json_and_no_fact_is_empty(policy: ShopPolicy) -> None:
    assert ShopPolicy.model_validate_json(policy.model_dump_json()) == policy
    assert all(value is not None and value != "" for value in policy.facts().values())
