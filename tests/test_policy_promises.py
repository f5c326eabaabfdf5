"""A promise that the shop's settings do not bear out is found; what they bear out is not."""

from __future__ import annotations

import pytest

from knowledge.policy_promises import CATEGORY, promise_findings
from knowledge.shop_policy import ShopPolicy
from tests.compliance_fixtures import mended, passes

PRICE = 159.0
ORDINARY = ShopPolicy()
OPEN = ShopPolicy(
    ship_within_hours=24,
    return_days=15,
    quality_days=30,
    price_protection_days=7,
    bargain_floor=0.95,
    freight_insurance=True,
    unserved_regions=("港澳台",),
    region_surcharges={"新疆": 15.0},
    free_shipping_from=99,
)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("亲，我们24小时内发货", "亲，我们48小时内发货"),
        ("一天内就给您发出", "48小时内就给您发出"),
        ("支持15天无理由退换", "支持7天无理由退换"),
        ("一个月内都可以退", "7天内都可以退"),
        ("半个月内可以退货", "7天内可以退货"),
        ("30天内有质量问题可以换", "15天内有质量问题可以换"),
        ("给您做到120元吧", "给您做到159元吧"),
        ("我给您改价到158元", "我给您改价到159元"),
        ("给您便宜20元", "按页面标价"),
        ("可以打9折", "按页面标价"),
        ("给您九五折", "按页面标价"),
        ("新疆也包邮的亲", "新疆需要加运费，以结算页为准亲"),
        ("我们全国包邮", "我们除新疆、西藏、港澳台外包邮"),
        ("每单送运费险", "是否带运费险以下单页为准"),
        ("我们３０天無理由退換", "我们7天無理由退換"),
    ],
)
def test_a_promise_beyond_the_settings_is_found_and_mended(text: str, after: str) -> None:
    findings = promise_findings(text, ORDINARY, PRICE)
    assert [(finding.category, finding.action) for finding in findings] == [(CATEGORY, "block")]
    assert findings[0].text == text[slice(*findings[0].span)]
    assert findings[0].reason
    assert mended(text, findings) == after


def test_a_promise_that_no_wording_can_save_says_what_to_do() -> None:
    (finding,) = promise_findings("我们有30天价保", ORDINARY)
    assert finding.replacement is None
    assert "没有开通价保" in finding.reason


@pytest.mark.parametrize(
    "text",
    [
        "24小时内发货",
        "支持15天无理由退换",
        "30天内有质量问题可以换",
        "7天价保",
        "给您改价到152元",
        "给您九五折",
        "每单送运费险",
    ],
)
def test_what_the_settings_bear_out_passes(text: str) -> None:
    assert promise_findings(text, OPEN, PRICE) == ()
    assert promise_findings(text, ORDINARY, PRICE)


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("给您改价到151元", "给您改价到159元"),
        ("可以打九折", "按页面标价"),
        ("20天无理由", "15天无理由"),
        ("价保30天", "价保7天"),
        ("港澳台也可以发", "港澳台目前发不到"),
        ("香港能发的", "香港目前发不到"),
        ("我们全店包邮哦", "我们满99元包邮哦"),
        ("乌鲁木齐包邮", "乌鲁木齐需要加运费，以结算页为准"),
    ],
)
def test_even_an_open_hand_has_its_limits(text: str, after: str) -> None:
    assert mended(text, promise_findings(text, OPEN, PRICE)) == after


@pytest.mark.parametrize(
    "text",
    [
        *passes(),
        "付款后48小时内发出",
        "不能保证24小时内发货",
        "24小时内没有发货可以联系我",
        "签收后7天内可以退货",
        "超过30天就不能退了",
        "用券后到手139元",
        "10元优惠券您领一下",
        "满200元减20元",
        "不能给您便宜20元",
        "新疆、西藏不包邮",
        "除了新疆西藏都包邮",
        "您是问新疆包邮吗？",
        "江浙沪包邮",
        "运费10元",
        "这款159元",
        "没有运费险的哦",
    ],
)
def test_ordinary_sentences_promise_nothing(text: str) -> None:
    assert promise_findings(text, ORDINARY, PRICE) == ()


def test_without_a_listed_price_no_amount_is_too_low() -> None:
    assert promise_findings("给您做到120元", ORDINARY) == ()
    assert promise_findings("给您做到120元", ORDINARY, 100.0) == ()
