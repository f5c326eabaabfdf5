"""Measurements as buyers write them, and the numbers in a message that are none."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assistant.slots import latest_measurements, read_measurements, usual_size
from models.text import normalise

PLAUSIBLE = {
    "height_cm": (50, 230),
    "weight_kg": (2, 250),
    "bust_cm": (40, 180),
    "waist_cm": (40, 180),
    "foot_cm": (8, 35),
}
_HAN = "零一二三四五六七八九"


def read(text: str) -> dict[str, float]:
    return read_measurements(normalise(text))


def hundreds(number: int) -> str:
    """一百零五, 一百二十三, 九十八: a numeral written out."""
    hundred, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    written = f"{_HAN[hundred]}百" if hundred else ""
    if tens:
        written += f"{_HAN[tens]}十"
    elif ones and hundred:
        written += "零"
    return written + (_HAN[ones] if ones else "")


@pytest.mark.parametrize(
    ("text", "height", "weight"),
    [
        ("160高100斤", 160, 50),
        ("一米六八 115斤", 168, 57.5),
        ("身高163體重50公斤", 163, 50),
        ("1米7 65kg", 170, 65),
        ("92斤/158", 158, 46),
        ("体重100身高160", 160, 50),
        ("体重75 高168", 168, 37.5),
        ("体重是110高165", 165, 55),
        ("158/92", 158, 46),
        ("165/55kg", 165, 55),
        ("165/110斤", 165, 55),
        ("160-50", 160, 50),
        ("170，130", 170, 65),
        ("1.68米 55公斤", 168, 55),
        ("1.65 52kg", 165, 52),
        ("身高1.63 体重96", 163, 48),
        ("1m65 52kg", 165, 52),
        ("一米六 一百斤", 160, 50),
        ("一米七五，一百二十斤", 175, 60),
        ("两百斤 一米八", 180, 100),
        ("身高一六零 体重五十公斤", 160, 50),
        ("身高是160，体重大概100斤", 160, 50),
        ("身高：160，体重：50", 160, 50),
        ("高160重100", 160, 50),
        ("１６０ＣＭ　５０ＫＧ", 160, 50),
        ("158的身高，46公斤", 158, 46),
        ("个子1米58，90多斤", 158, 45),
        ("我168,110斤，平时穿M", 168, 55),
        ("1米75 140", 175, 70),
        ("男 178 75公斤", 178, 75),
        ("我一米六五一百一十斤", 165, 55),
        ("一米七一百二十斤", 170, 60),
        ("一米六五五十公斤", 165, 50),
        ("165 80公斤", 165, 80),
        ("儿子身高120 体重45斤", 120, 22.5),
        ("宝宝身高 90cm 25斤", 90, 12.5),
    ],
)
def test_height_and_weight_are_read_as_buyers_write_them(text: str, height: float, weight: float) -> None:
    assert read(text) == {"height_cm": height, "weight_kg": weight}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("体重100", {"weight_kg": 50}),
        ("体重50", {"weight_kg": 50}),
        ("宝宝13.5公斤", {"weight_kg": 13.5}),
        ("我163", {}),
        ("我160的，穿哪个码", {"height_cm": 160}),
        ("我160斤的", {"weight_kg": 80}),
        ("我150的订单", {}),
        ("一米八二", {"height_cm": 182}),
        ("1米60", {"height_cm": 160}),
        ("胸围88腰围68", {"bust_cm": 88, "waist_cm": 68}),
        ("身高165 胸围88", {"height_cm": 165, "bust_cm": 88}),
        ("身高160体重98斤胸围86", {"height_cm": 160, "weight_kg": 49, "bust_cm": 86}),
        ("脚长24.5cm", {"foot_cm": 24.5}),
    ],
)
def test_what_is_given_alone_is_read_alone(text: str, found: dict[str, float]) -> None:
    assert read(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "订单号202611180001",
        "单号73100000000001到哪了",
        "电话13800138000",
        "158-123-4567",
        "2026-11-18拍的",
        "这件159元能便宜吗",
        "1.5元能便宜吗",
        "满199-50的券怎么用",
        "浙江省杭州市余杭区160号",
        "我要100个",
        "输出是5V/2.1A吗",
        "面霜净重50g吗",
        "充电宝10000mAh 22.5W",
        "155-160穿M码吗",
        "身高1600",
        "体重999斤",
        "",
    ],
)
def test_other_numbers_are_no_measurements(text: str) -> None:
    assert read(text) == {}


@pytest.mark.parametrize("text", ["身高160，这件159元贵吗", "身高160 45岁能穿吗", "身高160，要100件", "160cm 拍2件"])
def test_a_number_with_another_unit_is_not_taken_for_the_weight(text: str) -> None:
    assert read(text) == {"height_cm": 160}


HEIGHT_FORMS = (
    "{h}cm",
    "身高{h}",
    "身高{h}cm",
    "身高是{h}",
    "{h}厘米",
    "{h}公分",
    "{h}高",
    "高{h}",
    "{m}米",
    "{m}m",
    "{one}米{rest}",
    "{one}m{rest}",
    "身高{one}米{rest}",
    "一米{han_rest}",
    "身高：{h}",
)
KILO_FORMS = ("{k}kg", "{k}公斤", "体重{k}kg", "{k}千克", "体重是{k}公斤", "{k} KG", "體重{k}公斤")
JIN_FORMS = ("{j}斤", "体重{j}斤", "体重大概{j}斤", "{han_j}斤", "体重{j}", "重{j}斤", "{j}多斤")
heights = st.integers(131, 199)
joints = st.sampled_from([" ", "，", "、", "/", "  ", "。"])


def written_height(form: str, cm: int) -> str:
    rest = f"{cm - 100:02d}"
    han_rest = _HAN[int(rest[0])] + ("" if rest[1] == "0" else _HAN[int(rest[1])])
    short = rest[0] if rest[1] == "0" else rest
    return form.format(h=cm, m=f"{cm / 100:.2f}", one=1, rest=short, han_rest=han_rest)


@given(heights, st.sampled_from(HEIGHT_FORMS), st.integers(30, 120), st.sampled_from(KILO_FORMS), joints, st.booleans())
def test_any_height_and_kilos_are_read_back(
    cm: int, height_form: str, kg: int, form: str, joint: str, height_first: bool
) -> None:
    both = [written_height(height_form, cm), form.format(k=kg)]
    text = joint.join(both if height_first else both[::-1])
    assert read(text) == {"height_cm": cm, "weight_kg": kg}, text


@given(heights, st.sampled_from(HEIGHT_FORMS), st.integers(75, 250), st.sampled_from(JIN_FORMS), joints, st.booleans())
def test_any_height_and_jin_are_read_back(
    cm: int, height_form: str, jin: int, form: str, joint: str, height_first: bool
) -> None:
    both = [written_height(height_form, cm), form.format(j=jin, han_j=hundreds(jin))]
    text = joint.join(both if height_first else both[::-1])
    assert read(text) == {"height_cm": cm, "weight_kg": jin / 2}, text


@given(st.integers(140, 199), st.integers(75, 250), st.sampled_from(["/", ",", "，", "、", " "]))
def test_a_bare_pair_is_height_and_jin(cm: int, jin: int, joint: str) -> None:
    assert read(f"{cm}{joint}{jin}") == {"height_cm": cm, "weight_kg": jin / 2}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60))
@example("一百一百一百斤")
@example("十百米百斤")
@example("高百重十")
def test_any_text_gives_only_plausible_values(text: str) -> None:
    for name, value in read(text).items():
        low, high = PLAUSIBLE[name]
        assert low <= value <= high


@given(st.text("0123456789.一二两百十零〇 米斤公kgcm高重身体胸腰脚长围/,-，元", max_size=30))
def test_any_mixture_of_digits_and_units_gives_only_plausible_values(text: str) -> None:
    for name, value in read(text).items():
        low, high = PLAUSIBLE[name]
        assert low <= value <= high


@pytest.mark.parametrize("text", ["这个大米5斤装的", "买10斤送什么", "20斤的快递运费多少", "1.5米数据线有吗"])
def test_weight_and_length_of_a_thing_are_not_the_buyers(text: str) -> None:
    assert read_measurements(normalise(text)) == {}


def latest(*messages: str) -> dict[str, float]:
    return latest_measurements([normalise(message) for message in messages])


@pytest.mark.parametrize(
    ("messages", "found"),
    [
        (["160高100斤", "是105斤"], {"height_cm": 160, "weight_kg": 52.5}),
        (["160高100斤", "换成165 110斤呢"], {"height_cm": 165, "weight_kg": 55}),
        (["163", "52kg"], {"height_cm": 163, "weight_kg": 52}),
        (["身高163", "体重呢 52kg"], {"height_cm": 163, "weight_kg": 52}),
        (["身高163", "好的", "我体重52"], {"height_cm": 163, "weight_kg": 52}),
        (["160 100斤 哦打错了 是110斤"], {"height_cm": 160, "weight_kg": 55}),
        (["脚长23.5", "有货吗"], {"foot_cm": 23.5}),
        ([], {}),
    ],
)
def test_later_values_win_and_earlier_ones_stay(messages: list[str], found: dict[str, float]) -> None:
    assert latest(*messages) == found


@pytest.mark.parametrize(
    ("messages", "found"),
    [
        (["给我妈买 她158 130斤，我165"], {"height_cm": 158, "weight_kg": 65}),
        (["我158 帮闺蜜问 她163 98斤"], {"height_cm": 163, "weight_kg": 49}),
        (["帮我女儿买 身高110 体重38斤 我自己165"], {"height_cm": 110, "weight_kg": 19}),
        (["我妈165，我想给她买，130斤"], {"height_cm": 165, "weight_kg": 65}),
        (["给我妈买", "她158", "体重130"], {"height_cm": 158, "weight_kg": 65}),
        (["160高100斤", "我妈呢 她158 130斤"], {"height_cm": 158, "weight_kg": 65}),
        (["160高100斤", "我朋友165高呢"], {"height_cm": 165}),
        (["160高100斤", "那再给我妈买一件"], {}),
    ],
)
def test_measurements_are_those_of_the_person_it_is_for(messages: list[str], found: dict[str, float]) -> None:
    assert latest(*messages) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("宝宝73cm 9kg", {"height_cm": 73, "weight_kg": 9}),
        ("宝宝73 9kg", {"height_cm": 73, "weight_kg": 9}),
        ("宝宝身长66 15斤", {"height_cm": 66, "weight_kg": 7.5}),
        ("腰围2尺1", {"waist_cm": 70}),
        ("二尺一的腰", {"waist_cm": 70}),
        ("脚长235", {"foot_cm": 23.5}),
        ("23.5的脚", {"foot_cm": 23.5}),
        ("脚长二十三", {"foot_cm": 23}),
        ("一百六十五 五十公斤", {"height_cm": 165, "weight_kg": 50}),
        ("三尺布", {}),
    ],
)
def test_babies_feet_and_waists_are_read_too(text: str, found: dict[str, float]) -> None:
    assert read(text) == found


@pytest.mark.parametrize(
    ("messages", "size"),
    [
        (["平时穿M码"], "M"),
        (["平时穿37码"], "37"),
        (["36码的脚"], "36"),
        (["我一般穿xl"], "XL"),
        (["脚背高 平时38码"], "38"),
        (["我穿37码的"], "37"),
        (["平时穿M", "现在胖了 平时穿L"], "L"),
        (["平时穿M", "160 100斤"], "M"),
        (["我穿37码合适吗"], None),
        (["有37码吗"], None),
        (["平时穿160/84A的"], None),
        ([], None),
    ],
)
def test_the_usual_size_is_what_the_buyer_says_to_wear(messages: list[str], size: str | None) -> None:
    assert usual_size([normalise(message) for message in messages]) == size


@given(heights, st.integers(75, 250), heights, st.integers(75, 250))
def test_the_last_pair_wins(cm: int, jin: int, later_cm: int, later_jin: int) -> None:
    assert latest(f"{cm}cm {jin}斤", f"{later_cm}cm {later_jin}斤") == {
        "height_cm": later_cm,
        "weight_kg": later_jin / 2,
    }


@given(st.lists(st.text("0123456789.一二两百十 米斤公kgcm高重身体胸腰脚长我妈她给买那呢,", max_size=20), max_size=4))
def test_any_conversation_gives_only_plausible_values(messages: list[str]) -> None:
    for name, value in latest(*messages).items():
        low, high = PLAUSIBLE[name]
        assert low <= value <= high
