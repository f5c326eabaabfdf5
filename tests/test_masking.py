"""Masking: nothing that tells who somebody is survives, everything that the text is about does."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.masking import mask, mask_all

MASKED = [
    ("电话13800000000", "电话138****0000"),
    ("138 1234 5678打这个", "138****5678打这个"),
    ("+86 138-1234-5678", "+86 138****5678"),
    ("1 3 8 1 2 3 4 5 6 7 8", "138****5678"),
    ("138 123 45678", "138****5678"),
    ("0571-88886666", "0571-****6666"),
    ("(0571)88886666", "0571-****6666"),
    ("400-800-1234", "400-****1234"),
    ("座机 8765 4321", "座机 ****4321"),
    ("一三八零零零零零零零零", "****"),
    ("麻烦改到浙江省杭州市西湖区文三路138号3幢2单元501室，谢谢", "麻烦改到浙江省杭州市****，谢谢"),
    ("寄到浙江杭州西湖区文三路138号", "寄到浙江杭州****"),
    ("地址是文三路138号华星大厦3楼302", "地址是****"),
    ("送到幸福小区12栋", "送到****"),
    ("王家村3组12号", "****"),
    ("3幢2单元501", "****"),
    ("订单3391234567890001什么时候发", "订单****0001什么时候发"),
    ("订单号：3391234567890001", "订单号：****0001"),
    ("运单SF1234567890123到哪了", "运单****0123到哪了"),
    ("运单号 7731 2345 6789 到哪了", "运单号 ****6789 到哪了"),
    ("330106199001011234", "330****1234"),
    ("身份证33010619900101123X", "身份证330****123X"),
    ("6222 0212 3456 7894", "6222 **** 7894"),
    ("卡号6222021234567890123", "卡号****0123"),
    ("我邮箱是abc.def@qq.com 谢谢", "我邮箱是a***@qq.com 谢谢"),
    ("加微信 abc_12345 聊", "加微信 a*** 聊"),
    ("wxid_abc123", "wxid_***"),
    ("qq 12345678", "qq 1***"),
]  # fmt: skip
KEPT = [
    "身高175体重120斤穿什么码", "170-175 120 130 140", "159.00元", "2000-3000元", "1000 2000 3000 4000", "1999元包邮吗",
    "2026-11-11 10:30", "订单2026-11-11下的", "走路10号到", "知道5号发货吗", "在路上3号能到吗", "走路的话3号能到吗",
    "5号色 38码", "175 165 160 15", "165 70 75 80 85", "订单 12999元", "发到浙江省吗", "杭州市能送吗", "超市3楼",
    "微信支付可以吗", "M L XL 2XL", "iPhone15能用吗", "",
]  # fmt: skip


@pytest.mark.parametrize(("text", "masked"), MASKED)
def test_what_is_personal_is_masked_and_stays_readable(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize("text", KEPT)
def test_what_is_not_personal_stays_as_it_is(text: str) -> None:
    assert mask(text) == text


pieces = st.sampled_from([text for pair in MASKED for text in pair] + KEPT)
texts = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789 -号路村小区订单微信a@.qq1358", max_size=60),
    st.lists(st.one_of(pieces, st.text(max_size=5)), max_size=6).map("".join),
)


@given(texts)
def test_masking_a_masked_text_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(texts)
def test_no_long_number_survives(text: str) -> None:
    assert not re.search(r"\d{7,}", mask(text))


@given(
    st.text(
        alphabet=st.characters(exclude_categories=["N", "Cs"], exclude_characters="@零〇一二三四五六七八九十百幺"),
        max_size=80,
    )
)
def test_a_text_without_numbers_and_addresses_of_any_kind_is_unchanged(text: str) -> None:
    if not re.search(
        r"(?i)(微信|薇信|威信|维信|徽信|v信|加v|vx|wx|wechat|weixin|企鹅|扣扣|qq)|[号弄栋幢座室楼层组房铺排]|单元", text
    ):
        assert mask(text) == text


@given(
    st.integers(100, 220), st.integers(60, 300), st.sampled_from(["M", "L", "XL", "38", "165/84A"]),
    st.decimals(1, 99_999, places=2),
)  # fmt: skip
def test_sizes_heights_weights_and_prices_survive(height: int, weight: int, size: str, price: object) -> None:
    text = f"身高{height}cm体重{weight}斤穿{size}，{price}元，{height}-{height + 5} {weight} {weight + 5}"
    assert mask(text) == text


@given(
    st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    st.sampled_from(["", " ", "-", "－", "."]),
    st.text(alphabet="亲你好的ab，。 ", max_size=5),
)
def test_no_mobile_number_survives_however_it_is_parted(number: str, gap: str, around: str) -> None:
    parted = gap.join((number[:3], number[3:7], number[7:]))
    assert re.sub(r"\D", "", mask(f"{around}{parted}，{around}")) == number[:3] + number[7:]


@pytest.mark.parametrize(
    "piece", ["1 ", "a", "路", "小区", "0571 ", "一", "12 ", "微信 ", "138 ", "路1号", "a@", "订单1", "1-", "6222 "]
)
def test_the_longest_message_is_masked_quickly(piece: str) -> None:
    started = time.thread_time()
    mask((piece * 20_000)[:20_000])
    assert time.thread_time() - started < 1


def test_log_values_are_masked_wherever_they_stand() -> None:
    value = {"text": "13800000000", "list": ["a@b.cn", 13800000000, 42], "other": None}
    assert mask_all(value) == {"text": "138****0000", "list": ["a***@b.cn", "138****0000", 42], "other": None}
