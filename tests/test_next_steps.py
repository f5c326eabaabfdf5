"""Next steps: what to do besides replying, from the table of cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.next_steps import MAX_APPEAL_BYTES, MAX_NOTE_BYTES, MAX_STEPS, Scene, next_steps
from assistant.request import Message
from assistant.response import Complaint, Emotion, EmotionLabel, IntentGuess, NextStep, StepKind, Understanding
from assistant.step_table import NO_STATE
from knowledge.catalogue import ItemFacts
from knowledge.context import ORDER_STATE_ZH, Order
from knowledge.placeholders import fields, placeholders
from models.data_files import read_data
from models.intents import intents

NOW = datetime.fromisoformat("2026-11-21T10:01:00+08:00")
TABLE: dict[str, Any] = read_data("assistant", "next_steps.yaml")
LOCAL = {
    "summary", "time", "severity", "promised", "sent.picture", "sku.change", "contact.change", "new.phone",
    "new.receiver", "delivery.wish", "gift.wish", "remark.text", "invoice.title", "invoice.tax_no", "reason.unsold",
    "reason.cancel", "timeline", "offered", "order.state_zh", "department",
}  # fmt: skip
DRESS = ItemFacts.model_validate(
    {
        "sku_id": "blue-m",
        "skus": [
            {"sku_id": "blue-m", "options": {"颜色": "蓝色", "尺码": "M"}},
            {"sku_id": "black-l", "options": {"颜色": "黑色", "尺码": "L"}},
        ],
    }
)


def understood(
    *guesses: tuple[str, float], risks: tuple[str, ...] = (), complains: bool = True, label: EmotionLabel = "upset"
) -> Understanding:
    return Understanding(
        intents=tuple(IntentGuess(code=code, confidence=p) for code, p in guesses),
        complaint=Complaint(value=complains, confidence=0.9),
        emotion=Emotion(label=label, confidence=0.9),
        risks=risks,
        phase="after_sale",
    )


def steps(
    *guesses: tuple[str, float],
    turn: str = "破了",
    risks: tuple[str, ...] = (),
    before: tuple[tuple[str, str], ...] = (),
    item: ItemFacts | None = None,
    complains: bool = True,
    label: EmotionLabel = "upset",
    **facts: object,
) -> tuple[NextStep, ...]:
    known = {path.replace("__", "."): value for path, value in facts.items()}
    messages = tuple(Message.model_validate({"role": role, "text": text}) for role, text in before)
    scene = Scene(turn, NOW, messages, item)
    return next_steps(understood(*guesses, risks=risks, complains=complains, label=label), known, scene)


def kinds(found: tuple[NextStep, ...]) -> list[str]:
    return [step.kind for step in found]


def texts(found: tuple[NextStep, ...], kind: str) -> list[str]:
    return [str(step.text) for step in found if step.kind == kind]


def test_damage_asks_for_evidence_and_notes_the_order() -> None:
    evidence, note, ask = steps(("after.damaged", 0.9), turn="杯盖裂了\n\n怎么办", agent__id="a07")
    assert evidence.kind == "evidence"
    assert evidence.items is not None
    assert "破损处照片" in evidence.items
    assert (note.kind, note.flag) == ("order_note", "red")
    assert note.text == "[收到破损] 杯盖裂了 怎么办，待买家传图后换新或退款 | a07 | 11-21 10:01"
    assert ask.items == ("订单号", "破损处与外包装的照片")


def test_what_is_not_known_is_left_out_of_a_note() -> None:
    (note,) = texts(steps(("after.damaged", 0.9), turn="杯盖裂了"), "order_note")
    assert note == "[收到破损] 杯盖裂了，待买家传图后换新或退款 | 11-21 10:01"


def test_the_buyer_is_only_asked_for_what_is_not_known() -> None:
    found = steps(("after.damaged", 0.9), order__order_id="88")
    assert [step.items for step in found if step.kind == "ask_buyer"] == [("破损处与外包装的照片",)]
    shown = steps(("after.damaged", 0.9), turn="裂了", before=(("buyer", "[图片]"),), order__order_id="88")
    assert kinds(shown) == ["evidence", "order_note"]
    assert "已传图" in texts(shown, "order_note")[0]


def test_a_record_of_nothing_known_is_no_step() -> None:
    assert steps(("pre.size", 0.9)) == ()


@pytest.mark.parametrize(
    ("code", "turn"),
    [
        ("flow.greeting", "在吗"),
        ("pre.material", "什么料子的"),
        ("pre.invoice", "能开发票吗"),
        ("pre.gift", "有什么赠品"),
        ("pre.carrier", "发什么快递"),
        ("order.track", "到哪了"),
        ("flow.info", "好的"),
    ],
)
def test_a_plain_question_needs_no_step(code: str, turn: str) -> None:
    assert steps((code, 0.9), turn=turn, complains=False, label="neutral") == ()


def test_nothing_understood_needs_no_step() -> None:
    assert steps() == ()
    assert steps(("after.damaged", 0.1)) == ()


def test_a_change_of_variant_is_noted_from_old_to_new() -> None:
    (note,) = steps(
        ("order.change_item", 0.9), turn="想换成黑色L码", item=DRESS, agent__id="a07", order__state="paid",
        order__order_id="88", complains=False,
    )  # fmt: skip
    assert note.text == "[改规格] 蓝色 M→黑色 L，发货前改 | a07 | 11-21 10:01"
    assert (note.kind, note.flag) == ("order_note", "yellow")


def test_the_orders_state_decides_what_to_do_about_an_address() -> None:
    asked = ("order.change_address", 0.9)
    assert kinds(steps(asked, turn="改下地址", order__state="paid")) == ["order_note", "ask_buyer"]
    assert kinds(steps(asked, turn="改下地址", order__state="collected")) == ["escalate", "ask_buyer"]
    assert kinds(steps(asked, turn="改下地址")) == ["ask_buyer"]


def test_a_new_address_is_noted_as_it_was_given() -> None:
    old: dict[str, Any] = {
        "order__receiver__address": "浙江省杭州市****",
        "order__order_id": "88",
        "order__state": "paid",
    }
    turn = "改到上海市浦东新区张江路88号，王芳 139****1111"
    found = steps(("order.change_address", 0.9), turn=turn, **old)
    assert kinds(found) == ["order_note"]
    assert "地址 浙江省杭州市****→上海市浦东新区张江路88号；电话改为 139****1111；收件人改为 王芳" in str(found[0].text)


def test_an_address_that_comes_later_is_noted_too() -> None:
    turn = "上海市浦东新区张江路88号"
    asked = (("buyer", "帮我改个地址"), ("agent", "请您发一下新地址"))
    assert "改为 上海市浦东" in texts(steps(("flow.info", 0.9), turn=turn, before=asked), "order_note")[0]
    assert steps(("flow.info", 0.9), turn=turn, before=(("buyer", "在吗"),)) == ()


@pytest.mark.parametrize(
    ("code", "turn", "told", "flag"),
    [
        ("order.delivery_pref", "不要放快递柜，周末送", "[配送要求] 不要放快递柜；周末送 | 11-21 10:01", "blue"),
        ("order.remark", "帮我备注不要辣", "[买家备注] 不要辣 | 11-21 10:01", "green"),
        ("pre.invoice", "发票抬头写杭州小鱼有限公司", "[开发票] 抬头 杭州小鱼有限公司 | 11-21 10:01", "purple"),
        ("pre.gift", "能送个发圈吗", "[赠品] 买家想要：送个发圈，按活动核对后再答应 | 11-21 10:01", "green"),
    ],
)
def test_a_wish_is_noted_in_the_buyers_words(code: str, turn: str, told: str, flag: str) -> None:
    found = steps((code, 0.9), turn=turn, order__state="paid", order__order_id="88", complains=False)
    assert [(step.text, step.flag) for step in found if step.kind == "order_note"] == [(told, flag)]


def test_a_handover_says_who_what_when_and_to_whom() -> None:
    found = steps(
        ("order.urge_ship", 0.9), turn="怎么还不发货", before=(("agent", "今天下午给您发哦"),), buyer__nick="小鱼儿",
        order__order_id="88", order__ship_by="11月20日9点", agent__id="a07", order__state="paid",
    )  # fmt: skip
    assert texts(found, "handover") == [
        "【仓库】催发货，请优先安排并回复 | 怎么还不发货 | 买家 小鱼儿 | 订单 88 | 最晚发货 11月20日9点"
        " | 已答应 发货时间：今天下午给您发 | a07 11-21 10:01"
    ]


def test_what_the_agent_promised_is_drafted() -> None:
    said = (
        ("agent", "给您换成黑色，多送您一双袜子"),
        ("agent", "明天前回复您，给您退5元差价"),
        ("agent", "48小时内发货"),
    )
    note, handover = steps(("flow.ack", 0.9), turn="好的谢谢", before=said, agent__id="a07", complains=False)
    told = "规格：给您换成黑色；赠品：多送您一双袜子；回复：明天前回复您；补差：给您退5元差价"
    assert note.text == f"[客服承诺] {told} | a07 | 11-21 10:01"
    assert (note.kind, note.flag) == ("order_note", "yellow")
    assert handover.text == "【售后、财务】客服已答应：回复：明天前回复您；补差：给您退5元差价 | a07 11-21 10:01"
    assert handover.kind == "handover"


def test_a_second_topic_counts_only_when_it_is_likely() -> None:
    def titles(p: float) -> list[str]:
        return [step.title for step in steps(("pre.size", 0.5), ("pre.bargain", p), size__given="身高160cm")]

    assert titles(0.45) == ["登记尺码需求", "登记未成交原因"]
    assert titles(0.2) == ["登记尺码需求"]


def test_a_risk_is_escalated_with_an_outline_for_an_appeal() -> None:
    order = Order.model_validate({"order_id": "88", "state": "delivered", "paid_at": "2026-11-18T09:12:00+08:00"})
    messages = (Message(role="agent", text="这边为您换新，运费由我们承担。"),)
    scene = Scene("不赔就打12315", NOW, messages, None, order)
    facts = {"order.order_id": "88", "buyer.nick": "小鱼儿"}
    found = next_steps(understood(("after.damaged", 0.9), risks=("risk.report",)), facts, scene)
    (outline,) = texts(found, "escalate")
    for told in ("“不赔就打12315” | 买家 小鱼儿 | 订单 88", "11-18 09:12 付款", "这边为您换新", "凭证清单", "诉求"):
        assert told in outline
    assert kinds(found)[:3] == ["escalate", "evidence", "order_note"]


@pytest.mark.parametrize("code", ["risk.report", "risk.review_threat", "risk.abuse", "risk.off_platform"])
def test_a_risk_is_a_signal_and_never_an_accusation(code: str) -> None:
    for step in steps(("after.damaged", 0.9), risks=(code, "risk.service"), label="angry"):
        assert not any(word in f"{step.text}{step.items}" for word in ("敲诈", "勒索", "恶意", "职业打假", "骗"))


def test_severity_decides_the_escalation() -> None:
    def escalated(turn: str, risk: str, label: EmotionLabel) -> bool:
        return "escalate" in kinds(steps(("after.defect", 0.9), turn=turn, risks=(risk,) if risk else (), label=label))

    assert not escalated("没人回我", "risk.service", "upset")
    assert escalated("没人回我", "risk.service", "angry")
    assert not escalated("有点起球", "", "upset")
    assert escalated("用了过敏，去医院了", "", "upset")
    assert not escalated("加个微信吧", "risk.off_platform", "neutral")
    assert escalated("差评", "risk.review_threat", "neutral")


def test_the_lists_of_two_troubles_are_one() -> None:
    found = steps(("after.damaged", 0.5), ("after.defect", 0.45), risks=("risk.report",))
    named = [(step.kind, step.title) for step in found]
    assert len(named) == len(set(named))
    (evidence,) = (step for step in found if step.kind == "evidence")
    assert evidence.items is not None
    assert {"破损处照片", "问题部位照片或视频", "进货与检测凭证"} <= set(evidence.items)


@pytest.mark.parametrize(
    ("before", "told"), [((("buyer", "有点贵啊"),), "未成交原因：价格高 | 有点贵啊"), ((("buyer", "在吗"),), None)]
)
def test_a_reminder_to_pay_records_the_worry_that_the_buyer_told(
    before: tuple[tuple[str, str], ...], told: str | None
) -> None:
    (record,) = steps(("order.pay_reminder", 1.0), turn="", before=before, complains=False, label="neutral")
    assert (record.kind, record.text) == ("record", told)
    assert (record.items is None) == (told is not None)


def test_an_apology_for_a_delay_is_handed_over() -> None:
    found = steps(("order.delay_notice", 1.0), turn="", complains=False, order__order_id="88", order__state="paid")
    assert kinds(found) == ["order_note", "handover"]


def test_a_buyer_who_leaves_is_recorded_whatever_the_topic() -> None:
    found = steps(("flow.ack", 0.9), turn="太贵了，我再看看", complains=False)
    assert texts(found, "record") == ["未成交原因：价格高 | 太贵了，我再看看"]
    assert steps(("flow.ack", 0.9), turn="我再看看", complains=False, order__state="delivered") == ()


def test_a_suggestion_is_recorded_and_plain_praise_is_not() -> None:
    assert texts(steps(("care.praise", 0.9), turn="建议袖子改长点", complains=False), "record")
    assert steps(("care.praise", 0.9), turn="很喜欢", complains=False) == ()


def test_a_reason_for_cancelling_is_filled_in() -> None:
    found = steps(("order.cancel", 0.9), turn="拍错了，取消吧", order__state="paid", complains=False)
    assert texts(found, "record") == ["取消原因：拍错 | 拍错了，取消吧"]


def test_a_long_message_is_quoted_in_short() -> None:
    (note,) = texts(steps(("after.damaged", 0.9), turn="破" * 500), "order_note")
    assert "破" * 59 + "…" in note
    assert "破" * 60 not in note


codes = st.sampled_from(sorted(intents()))
values = st.text(max_size=400) | st.integers() | st.booleans()
plain = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="{}"), max_size=3000)
spoken = st.lists(st.tuples(st.sampled_from(["buyer", "agent", "system"]), plain), max_size=4)


@given(
    st.lists(st.tuples(codes, st.floats(0, 1)), max_size=5),
    st.lists(codes, max_size=3),
    plain,
    spoken,
    st.dictionaries(st.sampled_from(sorted(fields())), values),
    st.none() | st.sampled_from(sorted(ORDER_STATE_ZH)),
)
def test_any_turn_gives_steps_that_fit_the_platform(
    guesses: list[tuple[str, float]],
    risks: list[str],
    turn: str,
    before: list[tuple[str, str]],
    facts: dict[str, object],
    state: str | None,
) -> None:
    known = {**facts, "order.state": state} if state else facts
    messages = tuple(Message.model_validate({"role": role, "text": text}) for role, text in before)
    found = next_steps(understood(*guesses, risks=tuple(risks)), known, Scene(turn, NOW, messages, DRESS))
    assert len(found) <= MAX_STEPS
    for step in found:
        assert_can_be_copied(step)


def assert_can_be_copied(step: NextStep) -> None:
    limit = MAX_APPEAL_BYTES if step.kind == "escalate" else MAX_NOTE_BYTES
    assert step.title
    assert step.kind in get_args(StepKind)
    assert step.text or step.items
    assert step.text is None or 0 < len(step.text.encode()) <= limit


TURNS = [
    "",
    "怎么还不发货",
    "想换成黑色L码，地址改到上海市浦东新区张江路88号，备注周末送",
    "过敏了，不赔就差评",
    "太贵了再看看",
]
SAID = ((), (("buyer", "能便宜点吗"), ("agent", "给您送个发圈，明天前回复您"), ("buyer", "[图片]")))


@pytest.mark.parametrize("state", [None, *ORDER_STATE_ZH])
@pytest.mark.parametrize("code", intents())
def test_every_intent_and_state_gives_drafts_that_can_be_copied(code: str, state: str | None) -> None:
    known: dict[str, Any] = (
        {"order__state": state, "order__order_id": "88", "order__tracking_no": "7310"} if state else {}
    )
    for turn in TURNS:
        for before in SAID:
            found = steps((code, 0.9), turn=turn, before=before, item=DRESS, **known)
            assert len(found) <= MAX_STEPS
            for step in found:
                assert_can_be_copied(step)
                told = f"{step.title}{step.text or ''}{step.items or ''}"
                assert not any(wrong in told for wrong in ("{", "}", "None", "True", "False", "| |", "  "))
                assert not told.endswith(("|", "，", "："))


def test_a_note_is_cut_between_characters() -> None:
    (step,) = steps(("pre.size", 0.9), item__title="裙" * 1000, size__given="身高160cm")
    assert step.text is not None
    assert len(step.text.encode()) == MAX_NOTE_BYTES - MAX_NOTE_BYTES % 3
    assert set(step.text) == {"裙"}


@pytest.mark.parametrize("row", TABLE["cases"], ids=lambda row: "-".join(row.get("intents", row.get("says", ["any"]))))
def test_every_case_of_the_table_can_happen(row: dict[str, Any]) -> None:
    assert set(row) <= {"intents", "risks", "states", "complaint", "severity", "says", "earlier", "steps"}
    assert set(row.get("intents", ())) | set(row.get("risks", ())) <= intents().keys()
    assert set(row.get("states", ())) <= {*ORDER_STATE_ZH, NO_STATE}
    assert set(row.get("severity", ())) <= {"一般", "较重", "严重"}
    assert row.get("intents") or row.get("says") or row.get("severity")
    for step in row["steps"]:
        assert_is_a_step(step)


def assert_is_a_step(step: dict[str, Any]) -> None:
    known = {*fields(), *LOCAL}
    asked = [path for item in step.get("items", ()) if isinstance(item, dict) for path in item["unless"]]
    assert step["kind"] in get_args(StepKind)
    assert {*placeholders(step.get("text", "")), *step.get("needs", ()), *step.get("unless", ()), *asked} <= known
    assert step.get("text") or step.get("items")
    assert (step["kind"] == "order_note") == ("flag" in step)
    assert step.get("flag", "red") in ("red", "yellow", "green", "blue", "purple")


def test_the_reasons_to_tick_are_those_that_can_be_read() -> None:
    steps_of_all = [step for case in TABLE["cases"] for step in case["steps"] if step["title"] == "登记未成交原因"]
    listed = {tuple(step["items"]) for step in steps_of_all if "items" in step}
    assert listed == {("价格高", "质量不好", "款式", "同行性价比", "没有优惠", "功能缺乏", "不包邮", "快递")}
