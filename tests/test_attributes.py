"""What a buyer asks about an item is recognised in their own words, and no other attribute is given for an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.attributes import Synonyms, asked_attribute, names_asked
from knowledge.starter import starter_changes
from models.data_files import read_data
from models.intents import intents
from models.text import normalise

TABLE: list[dict[str, Any]] = read_data("knowledge", "attributes.yaml")
WORDS = [(str(word), row["names"]) for row in TABLE for word in row["words"]]
ITEMS = {item.item_id: item.attributes for item in starter_changes().items}


def asked(message: str, attributes: Mapping[str, str], intent: str = "pre.spec") -> tuple[str, str | None] | None:
    return asked_attribute(normalise(message), attributes, intent)


@pytest.mark.parametrize(
    ("item", "message", "name"),
    [
        ("dress-001", "啥料子的", "材质"),
        ("dress-001", "是純棉的嗎", "材质"),
        ("dress-001", "内衬是什么材质的", "内衬"),
        ("dress-001", "里衬是什么做的呀", "内衬"),
        ("dress-001", "会不会透啊", "透光度"),
        ("dress-001", "裙子有多长", "长度"),
        ("dress-001", "能放洗衣机洗吗", "洗涤方式"),
        ("dress-001", "洗了会缩水不", "缩水率"),
        ("dress-001", "胖子穿会不会显胖", "版型"),
        ("cup-001", "多大宝宝能用", "适用年龄"),
        ("cup-001", "吸管是硅胶的吗", "吸管材质"),
        ("cup-001", "能装多少水", "容量"),
        ("cup-001", "放包里会漏水吗", "防漏设计"),
        ("cup-001", "可以用开水煮一下吗", "消毒方式"),
        ("cream-001", "敏感肌能用不", "适用肤质"),
        ("cream-001", "孕妇可以用吗", "适用人群"),
        ("cream-001", "开封后能放多久", "开封后使用期限"),
        ("cream-001", "有没有酒精", "酒精香精"),
        ("power-001", "能带上飞机吗", "登机说明"),
        ("power-001", "多久能充满", "充电时间"),
        ("power-001", "苹果手机能充几次", "充电次数"),
        ("power-001", "CCC认证有吗", "3C认证"),
        ("power-001", "实际容量多大", "额定容量"),
        ("dress-001", "含棉多少", "材质"),
        ("dress-001", "厚不厚", "厚薄"),
        ("cup-001", "有没有毒", "双酚A"),
        ("cup-001", "多高", "尺寸"),
        ("cup-001", "几毫升", "容量"),
        ("power-001", "多少毫安", "容量"),
        ("power-001", "几个口", "接口"),
        ("power-001", "几斤", "重量"),
        ("power-001", "多厚", "尺寸"),
        ("cream-001", "保质期多久", "保质期"),
        ("shoe-001", "是真皮的吗", "鞋面材质"),
        ("shoe-001", "里面是啥材质", "内里材质"),
        ("shoe-001", "脚宽能穿吗", "尺码情况"),
        ("shoe-001", "跟多高", "跟高"),
        ("shoe-001", "鞋垫能拿出来吗", "鞋垫"),
        ("shoe-001", "磨不磨脚 会磨脚吗", "柔软度"),
        ("shoe-001", "有鞋盒没", "包装清单"),
        ("shoe-001", "跑步能穿吗", "适用场景"),
        ("romper-001", "几个月能穿", "适用年龄"),
        ("romper-001", "换尿布方便吗", "闭合方式"),
        ("romper-001", "有護手嗎", "袖型"),
        ("romper-001", "是A类的吗", "执行标准"),
        ("charger-001", "多少瓦", "功率"),
        ("charger-001", "插头能折叠吗", "插脚"),
        ("charger-001", "出国能用吗", "输入"),
        ("charger-001", "会不会发烫", "发热情况"),
        ("charger-001", "带线吗", "包装清单"),
        ("nuts-001", "配料有哪些坚果", "配料"),
        ("nuts-001", "对花生过敏能吃吗", "过敏原"),
        ("nuts-001", "一共几袋", "规格"),
        ("nuts-001", "开袋后能放多久", "开封后使用期限"),
        ("nuts-001", "拆了能退吗", "退换说明"),
        ("nuts-001", "一天吃几袋", "食用方法"),
        ("nuts-001", "加盐了没", "营养成分"),
        ("charger-001", "能折叠吗", "插脚"),
        ("charger-001", "插脚能收吗", "插脚"),
        ("charger-001", "能收起来嗎", "插脚"),
        ("charger-001", "几脚的插头", "插脚"),
        ("charger-001", "带去日本能用吗", "输入"),
        ("charger-001", "晚上会亮灯不", "指示灯"),
        ("charger-001", "支持pps吗", "快充协议"),
        ("charger-001", "充满iphone要多久", "充电时间"),
        ("shoe-001", "里面加绒吗", "内里材质"),
        ("shoe-001", "会不会开胶", "鞋底工艺"),
        ("shoe-001", "底有多厚", "跟高"),
        ("shoe-001", "打脚后跟吗", "柔软度"),
        ("shoe-001", "下雨天滑吗", "防滑性"),
        ("shoe-001", "雨天能穿不", "防水"),
        ("shoe-001", "能晒嗎", "保养方法"),
        ("shoe-001", "碼數準嗎", "尺码情况"),
        ("shoe-001", "什么皮", "鞋面材质"),
        ("dress-001", "加绒的吗", "内衬"),
        ("dress-001", "面料软吗", "柔软度"),
        ("dress-001", "面料多厚", "厚薄"),
        ("dress-001", "能烫吗", "熨烫晾晒"),
        ("dress-001", "会不会勒肉啊", "弹力"),
        ("dress-001", "梨形身材能穿吗", "版型"),
        ("dress-001", "含不含氨纶", "材质"),
        ("dress-001", "第一次洗会不会染别的衣服", "色牢度"),
        ("cup-001", "杯身什么做的", "杯身材质"),
        ("cup-001", "可以蒸吗", "消毒方式"),
        ("cup-001", "送吸管刷吗", "包装清单"),
        ("cream-001", "我老公能用不", "适用人群"),
        ("cream-001", "能当眼霜用吗", "注意事项"),
        ("cream-001", "打开后能用多久", "开封后使用期限"),
        ("cream-001", "啥时生产的", "生产日期"),
        ("power-001", "能同時充兩台不", "输出功率"),
        ("power-001", "输入多少瓦", "输入功率"),
        ("power-001", "vivo手机能快充不", "快充协议"),
        ("romper-001", "几个月穿的", "适用年龄"),
        ("romper-001", "有没有荧光", "荧光剂"),
        ("romper-001", "有没有包手的", "袖型"),
        ("nuts-001", "都有什么坚果", "配料"),
        ("nuts-001", "一盒多少袋", "规格"),
        ("nuts-001", "拆开了能放几天", "开封后使用期限"),
        ("nuts-001", "咸的还是甜的", "口味"),
    ],
)
def test_buyers_words_lead_to_the_attribute_and_its_value(item: str, message: str, name: str) -> None:
    assert asked(message, ITEMS[item]) == (name, ITEMS[item][name])


@pytest.mark.parametrize(
    ("item", "message", "name"),
    [
        ("dress-001", "重不重", "重量"),
        ("cream-001", "防晒值多少", "防晒指数"),
        ("power-001", "噪音大吗", "噪音"),
        ("romper-001", "加绒的吗", "加绒"),
        ("cream-001", "一瓶能用多久", "使用寿命"),
        ("dress-001", "这个领口宽多少厘米", "领口宽"),
        ("dress-001", "下摆多宽", "下摆宽"),
    ],
)
def test_attribute_the_item_does_not_state_is_named_without_a_value(item: str, message: str, name: str) -> None:
    assert asked(message, ITEMS[item]) == (name, None)


def test_name_written_in_full_wins_over_shorter_words() -> None:
    attributes = {"材质": "棉", "填充材质": "鸭绒"}
    assert asked("填充材质是什么", attributes) == ("填充材质", "鸭绒")
    assert asked("材质是什么", attributes) == ("材质", "棉")
    assert asked("送货区域参数表有吗", {"送货区域参数表": "见附页"}) == ("送货区域参数表", "见附页")


def test_longer_word_wins_over_a_shorter_one() -> None:
    attributes = {"尺寸": "10cm", "适用年龄": "6-36个月"}
    assert asked("多大", attributes) == ("尺寸", "10cm")
    assert asked("多大宝宝能用", attributes) == ("适用年龄", "6-36个月")


def test_intent_gives_the_attribute_when_no_word_does() -> None:
    assert asked("这个咋样", {"面料": "棉"}, "pre.material") == ("面料", "棉")
    assert asked("这个咋样", {"颜色": "白"}, "pre.material") == ("材质", None)
    assert asked("这个咋样", {"面料": "棉"}, "order.track") is None


def test_question_about_no_attribute_asks_for_none() -> None:
    assert asked("在吗", ITEMS["dress-001"]) is None
    assert asked("", {}, "pre.spec") is None


def test_names_of_what_is_asked_do_not_depend_on_an_item() -> None:
    assert "适用年龄" in names_asked("多大宝宝能用")
    assert "适用年龄" not in names_asked("孕妇能用吗")
    assert names_asked("那他能用吗") == ()


def test_synonyms_take_the_first_name_the_item_has() -> None:
    row = Synonyms(names=("面料", "材质"), words=("料", "料子"))
    assert row.name_among({"材质": "棉", "面料": "麻"}) == "面料"
    assert row.name_among({"材质": "棉"}) == "材质"
    assert row.name_among({"颜色": "白"}) is None


def test_table_is_written_as_messages_are_folded_or_its_words_would_never_match() -> None:
    assert [word for word, _ in WORDS if normalise(word) != word.lower()] == []
    assert [word for word, _ in WORDS if len(word) < 2] == []
    assert {code for row in TABLE for code in row["intents"]} <= set(intents())


def test_every_word_alone_leads_to_its_own_row() -> None:
    astray = [word for word, names in WORDS if asked(word, {names[0]: "x"}) != (names[0], "x")]
    assert astray == []


@given(
    st.lists(st.sampled_from([word for word, _ in WORDS]), max_size=2).map("，".join),
    st.dictionaries(st.sampled_from([name for _, names in WORDS for name in names]), st.just("值"), max_size=4),
    st.sampled_from(sorted(intents())),
)
def test_value_is_always_that_of_the_named_attribute(text: str, attributes: dict[str, str], intent: str) -> None:
    found = asked(text, attributes, intent)
    if found is not None:
        assert found == (found[0], attributes.get(found[0]))
