"""Promises: what the agent has said the shop will do for this buyer, and what only sounds like it."""

from __future__ import annotations

from datetime import datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.promises import Promise, promises
from assistant.request import Message
from assistant.response import StepKind
from models.data_files import read_data

NOW = datetime.fromisoformat("2026-11-21T10:01:00+08:00")

PROMISED = [
    ("赠品", "亲，这次给您送个发圈哦"),
    ("赠品", "好的，到时候多送您一双袜子"),
    ("赠品", "我给您放两包湿巾在包裹里"),
    ("赠品", "这单给您备了小礼物"),
    ("赠品", "老顾客了，给您加送一份小样"),
    ("赠品", "給您送一條髮帶喔"),
    ("快递", "给您发顺丰"),
    ("快递", "可以的亲，给您走京东"),
    ("快递", "没法发顺丰，给您安排中通哦"),
    ("快递", "好的 这边给您改成EMS"),
    ("快递", "仓库那边我安排顺丰了哈"),
    ("规格", "给您换成黑色"),
    ("规格", "好的，帮您改成L码"),
    ("规格", "我帮您换大一码的哈"),
    ("规格", "发货前给您改成米白色M码"),
    ("规格", "帮您换38码"),
    ("发货时间", "今天下午给您发"),
    ("发货时间", "您的订单明天上午就能寄出"),
    ("发货时间", "周一给您发货哦"),
    ("发货时间", "今晚一定给您发出"),
    ("发货时间", "给您加急处理，今天下班前发出"),
    ("发货时间", "仓库明天发货哈"),
    ("回复", "明天前回复您"),
    ("回复", "我去问下仓库，下午3点前给您答复"),
    ("回复", "核实清楚明天上午联系您"),
    ("回复", "半小时内给您回电话"),
    ("回复", "24小时内给您处理好"),
    ("补差", "给您退5元差价"),
    ("补差", "差价这边给您补上"),
    ("补差", "运费退还给您"),
    ("补差", "这边帮您补一张10元优惠券"),
    ("补发", "非常抱歉，给您补发一件"),
    ("补发", "我们重新寄一个给您"),
    ("补发", "这边给您换一个新的"),
    ("退款", "我这边给您退款"),
    ("退款", "今天给您全额退"),
    ("备注", "给您备注周末送货"),
    ("备注", "已收到，帮您备注好不要放快递柜"),
]
NOT_PROMISED = [
    "抱歉亲，不能送赠品",
    "没法给您发顺丰",
    "这款没有赠品给您送",
    "暂不支持给您发京东",
    "给您送不了小样",
    "如果您今天付款，给您送一双袜子",
    "要是缺货，我给您换成黑色",
    "您确定要的话给您发顺丰",
    "等您收到货，给您退5元差价",
    "帮您申请看看能不能送个小礼物",
    "我帮您问下能不能发顺丰",
    "尽量今天给您发出",
    "争取明天给您发货",
    "预计明天发货",
    "可能下午给您发",
    "48小时内发货",
    "付款后48小时内给您发出",
    "今天16点前付款的今天发出",
    "现货当天发货哦",
    "我们默认发中通",
    "全场满199都送一双袜子",
    "店铺一般发圆通或者申通",
    "下单即送运费险",
    "支持七天无理由退换",
    "给您换成黑色可以吗",
    "给您发顺丰，可以吗",
    "需要给您送个礼盒吗？",
    "您看要不要给您改成L码",
    "您需要补5元差价",
    "运费险会赔付给您12元",
    "发顺丰需要您补10元",
    "昨天已经给您发出了",
    "给您送货上门的",
    "给您送上祝福",
    "您明天寄回来就行",
    "麻烦您今天发给我照片",
    "给您发一下退款页面",
    "退款一般1到3天到账",
    "建议您选L码",
    "我帮您核实一下，马上回复您",
    "好的呢亲，有问题随时联系我",
    "在的亲，请问有什么可以帮您？",
    "祝您生活愉快",
    "已经给您备注了",
    "收到退货后给您退款",
    "满300给您减30元",
    "可以为您换新或退款",
]


def said(*texts: str, sent_at: str | None = None) -> tuple[Promise, ...]:
    return promises([Message.model_validate({"role": "agent", "text": t, "sent_at": sent_at}) for t in texts], NOW)


@pytest.mark.parametrize(("kind", "text"), PROMISED)
def test_a_promise_is_found(kind: str, text: str) -> None:
    assert kind in [promise.kind.kind for promise in said(text)]


@pytest.mark.parametrize("text", NOT_PROMISED)
def test_what_is_denied_conditional_asked_or_general_is_no_promise(text: str) -> None:
    assert said(text) == ()


def test_each_promise_of_a_message_is_quoted_in_the_agents_words() -> None:
    found = said("好的亲，给您换成黑色，明天给您发货哦。多送您一双袜子~")
    assert [(each.kind.kind, each.text) for each in found] == [
        ("规格", "给您换成黑色"),
        ("发货时间", "明天给您发货"),
        ("赠品", "多送您一双袜子"),
    ]


def test_a_day_is_counted_from_when_it_was_promised() -> None:
    assert said("明天前回复您", sent_at="2026-11-19T23:30:00+08:00")[0].text == "明天(11-20)前回复您"
    assert said("今晚给您发出", sent_at="2026-11-19T17:30:00Z")[0].text == "今晚(11-20)给您发出"
    assert said("大后天给您发货", sent_at="2026-11-30T10:00:00+08:00")[0].text == "大后天(12-03)给您发货"
    assert said("明天前回复您")[0].text == "明天前回复您"


def test_a_promise_is_found_once_however_often_it_was_said() -> None:
    assert len(said("给您发顺丰哦", "放心，给您发顺丰")) == 1


def test_a_buyers_wish_is_no_promise() -> None:
    assert promises([Message(role="buyer", text="给您送个发圈")], NOW) == ()


def test_every_kind_of_the_table_has_a_draft_and_an_example() -> None:
    rows = read_data("assistant", "promises.yaml")["kinds"]
    assert {row["kind"] for row in rows} == {kind for kind, _ in PROMISED}
    for row in rows:
        assert row["step"] in get_args(StepKind)
        assert (row["step"] == "handover") == ("department" in row)
        assert row["flag"] in ("red", "yellow", "green", "blue", "purple")


@given(st.text(max_size=300))
def test_any_message_can_be_read(text: str) -> None:
    for promise in said(text):
        assert promise.text.strip()
