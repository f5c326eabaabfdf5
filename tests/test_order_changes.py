"""Order changes: what a buyer wants changed, quoted for an order note."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.order_changes import change_facts, read_changes
from knowledge.catalogue import ItemFacts

DRESS = ItemFacts.model_validate(
    {
        "title": "连衣裙",
        "skus": [
            {"sku_id": f"{colour}-{size}", "options": {"颜色": colour, "尺码": size}}
            for colour in ("蓝色", "黑色", "米白")
            for size in "SML"
        ],
    }
)
BLUE_M = DRESS.model_copy(update={"sku_id": "蓝色-M"})
RECEIVER = {
    "order.receiver.name": "李**",
    "order.receiver.phone": "138****0000",
    "order.receiver.address": "浙江省杭州市余杭区****",
}


@pytest.mark.parametrize(
    ("text", "item", "change"),
    [
        ("拍错了，想换成黑色L码", BLUE_M, "蓝色 M→黑色 L"),
        ("想换黑色的可以吗", BLUE_M, "蓝色 M→黑色 M"),
        ("換L碼", BLUE_M, "蓝色 M→蓝色 L"),
        ("拍成蓝色了，想要米白S", DRESS, "蓝色→米白 S"),
        ("我要M不要L", DRESS, "L→M"),
        ("黑色M换成黑色L", DRESS, "黑色 M→黑色 L"),
        ("拍错了 是M码不是L", DRESS, "L→M"),
        ("帮我改成黑色", DRESS, "改为 黑色"),
        ("可以换大一码吗", BLUE_M, "蓝色 M→大一码"),
        ("帮我换成红色XXL", None, "改为 红色XXL"),
        ("拍错颜色了，拍成了蓝色", DRESS, None),
        ("能换个颜色吗", BLUE_M, None),
        ("想换货", BLUE_M, None),
        ("黑色L码有货吗", BLUE_M, None),
        ("什么时候发货", BLUE_M, None),
    ],
)
def test_the_new_variant_is_read_beside_the_old(text: str, item: ItemFacts | None, change: str | None) -> None:
    assert read_changes(text, item, {}).get("sku.change") == change


@pytest.mark.parametrize(
    ("text", "address", "phone", "receiver"),
    [
        (
            "地址改成上海市浦东新区张江路88号3栋201 李雷 13812345678",
            "上海市浦东新区张江路88号3栋201",
            "13812345678",
            "李雷",
        ),
        ("改到 江苏省南京市中山路1号 王芳，电话139 1234 5678", "江苏省南京市中山路1号", "139 1234 5678", "王芳"),
        ("上海市浦东新区世纪大道100号，张三，13800001111", "上海市浦东新区世纪大道100号", "13800001111", "张三"),
        ("新地址：广东省深圳市南山区科技园***", "广东省深圳市南山区科技园***", None, None),
        ("地址写错了，应该是3号楼201室", "3号楼201室", None, None),
        ("电话换成139****1111", None, "139****1111", None),
        ("收件人改成王芳", None, None, "王芳"),
        ("帮我改下地址", None, None, None),
        ("能改到公司地址吗", None, None, None),
        ("我住的小区要换地址", None, None, None),
        ("名字写错了能改吗", None, None, None),
        ("你们是杭州市余杭区发货吗", None, None, None),
    ],
)  # fmt: skip
def test_new_receiving_details_are_quoted_as_given(
    text: str, address: str | None, phone: str | None, receiver: str | None
) -> None:
    found = read_changes(text, None, {})
    assert (found.get("new.address"), found.get("new.phone"), found.get("new.receiver")) == (address, phone, receiver)


def test_the_old_details_stand_before_the_new() -> None:
    change = read_changes("电话换成139****1111，收件人王芳", None, RECEIVER)["contact.change"]
    assert change == "电话 138****0000→139****1111；收件人 李**→王芳"
    assert read_changes("电话换成139****1111", None, {})["contact.change"] == "电话改为 139****1111"


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("麻烦周末送可以吗", "delivery.wish", "周末送"),
        ("不要放快递柜，送货上门谢谢", "delivery.wish", "不要放快递柜；送货上门"),
        ("亲，帮我放驿站吧", "delivery.wish", "放驿站"),
        ("晚点发，我下周才在家", "delivery.wish", "晚点发"),
        ("什么时候送到", "delivery.wish", None),
        ("帮我备注一下工作日送", "remark.text", "工作日送"),
        ("帮我备注：不要辣", "remark.text", "不要辣"),
        ("备注下", "remark.text", None),
        ("能送个发圈吗", "gift.wish", "送个发圈"),
        ("什么时候送货", "gift.wish", None),
        ("抬头开 杭州小鱼科技有限公司", "invoice.title", "杭州小鱼科技有限公司"),
        ("开个人抬头的发票", "invoice.title", "个人"),
        ("发票抬头怎么填", "invoice.title", None),
        ("能开发票吗", "invoice.title", None),
        ("税号 91330100ma2abcde1x", "invoice.tax_no", "91330100MA2ABCDE1X"),
        ("订单号202611180001", "invoice.tax_no", None),
    ],
)
def test_a_wish_is_quoted_without_the_courtesies(text: str, name: str, value: str | None) -> None:
    assert read_changes(text, None, {}).get(name) == value


@given(st.text(max_size=400), st.sampled_from([None, DRESS, BLUE_M]))
def test_any_text_can_be_read(text: str, item: ItemFacts | None) -> None:
    for value in read_changes(text, item, RECEIVER).values():
        assert value.strip()


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("收件电话换了，能帮我改成13900000000吗", "电话"),
        ("地址改成 江苏省南京市鼓楼区青年路1号 王芳 13900000000", "地址、收件人和电话"),
        ("收件人改成王芳", "收件人"),
        ("地址填错了帮我改一下", None),
        ("订单号202611150008", None),
    ],
)
def test_the_kinds_of_a_new_contact_are_facts(text: str, contact: str | None) -> None:
    assert change_facts(text, None)["change.contact"] == contact


@pytest.mark.parametrize(
    ("text", "item", "wanted"),
    [
        ("换成红色L码", None, "红色L"),
        ("要换成L", BLUE_M, "蓝色 L"),
        ("可以换大一码吗", None, "大一码"),
        ("可以换大一码吗", BLUE_M, None),  # stock tells which variant that is
        ("我要退款", None, None),
        ("想要这款", None, None),
        ("想换个颜色", BLUE_M, None),
    ],
)
def test_the_variant_wanted_is_a_fact(text: str, item: ItemFacts | None, wanted: str | None) -> None:
    assert change_facts(text, item)["change.sku"] == wanted
