"""Reasons: why a buyer does not buy or cancels, in their own words."""

from __future__ import annotations

import pytest

from assistant.reasons import read_reason, reasons

UNSOLD = {"价格高", "质量不好", "款式", "同行性价比", "没有优惠", "功能缺乏", "不包邮", "快递"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("太贵了", "价格高"),
        ("能便宜點嗎", "价格高"),
        ("别家才卖99", "同行性价比"),
        ("拼多多比你家便宜", "同行性价比"),
        ("运费太贵了", "不包邮"),
        ("包邮我就拍", "不包邮"),
        ("等双十一再买吧", "没有优惠"),
        ("有优惠券吗", "没有优惠"),
        ("看评论质量不太好", "质量不好"),
        ("款式不太喜欢", "款式"),
        ("没有定时功能", "功能缺乏"),
        ("快递太慢了", "快递"),
        ("不贵", None),
        ("贵州能到吗", None),
        ("我再看看", None),
    ],
)
def test_the_reason_for_not_buying_is_read_from_the_words(text: str, reason: str | None) -> None:
    assert read_reason("unsold", [text]) == reason


def test_the_first_text_with_a_reason_gives_it() -> None:
    assert read_reason("unsold", ["好的", "运费太贵了", "太贵了"]) == "不包邮"
    assert read_reason("unsold", []) is None


@pytest.mark.parametrize(("text", "reason"), [("拍错了", "拍错"), ("不想要了", "不想要了"), ("能取消吗", None)])
def test_the_reason_for_cancelling_is_read_from_the_words(text: str, reason: str | None) -> None:
    assert read_reason("cancel", [text]) == reason


def test_the_reasons_are_those_that_shops_record() -> None:
    assert set(reasons("unsold")) == UNSOLD
