"""Regions: buyers name them in many words, shops in a few, and not every place name is a place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.regions import (
    _table,
    area_in,
    named_region,
    provinces_of,
    region_of_address,
    require_region,
    within,
)
from models.text import normalise

PROVINCES = [row["name"] for row in _table()["provinces"]]


def test_every_province_is_there_once_and_no_word_means_two() -> None:
    assert len(PROVINCES) == len(set(PROVINCES)) == 34
    words = [word for row in _table()["provinces"] for word in (row["name"], *row["words"], *row["cities"])]
    assert sorted(words) == sorted(set(words))
    assert {member for members in _table()["groups"].values() for member in members} <= set(PROVINCES)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("新疆包邮吗", "新疆"),
        ("我在乌鲁木齐 能发吗", "新疆"),
        ("內蒙能不能寄", "内蒙古"),
        ("發到臺灣要多久", "台湾"),
        ("Hong Kong 寄不寄", "香港"),
        ("魔都收货", "上海"),
        ("新疆喀什的可以送吗", "新疆"),
        ("江浙沪包邮不", "江浙沪"),
        ("新疆、西藏发货吗", "新疆、西藏"),
        ("新疆和内蒙 加多少", "新疆、内蒙古"),
        ("广东到新疆几天", "新疆"),
        ("我在上海上班，寄到甘肃老家", "甘肃"),
        ("从义乌发到海南要几天", "海南"),
        ("广东发货吗", "广东"),
    ],
)
def test_the_destination_is_read_from_buyers_words(text: str, name: str) -> None:
    region = named_region(normalise(text))
    assert region is not None
    assert region.name == name


@pytest.mark.parametrize(
    "text",
    ["包邮吗", "是新疆棉的吗", "哈密瓜甜不甜", "阿里巴巴", "大理石的桌面", "从广东发吗", "是在浙江发货的吗",
     "产地云南吗", "我不在新疆", "上海仓还是北京仓", ""],
)  # fmt: skip
def test_a_place_name_that_is_no_destination_is_no_region(text: str) -> None:
    assert named_region(normalise(text)) is None


def test_regions_named_together_stand_for_all_their_provinces() -> None:
    region = named_region("新疆和江浙沪包邮吗")
    assert region is not None
    assert region.provinces == ("新疆", "江苏", "浙江", "上海")


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("浙江省杭州市****", "浙江"),
        ("中国 新疆维吾尔自治区乌鲁木齐市", "新疆"),
        ("杭州市余杭区", "浙江"),
        ("上海 上海市 浦东新区", "上海"),
        ("上海市黄浦区南京东路1号", "上海"),
        ("中山北路3号", None),
        ("****", None),
        ("", None),
    ],
)
def test_an_address_begins_with_its_province(address: str, name: str | None) -> None:
    region = region_of_address(address)
    assert (region and region.name) == name


@pytest.mark.parametrize(
    "name", ["新疆", "新疆维吾尔自治区", "内蒙", "港澳台", "三亚", "三沙市", "部分乡镇", "海岛地区"]
)
def test_what_can_be_matched_may_stand_in_the_settings(name: str) -> None:
    assert require_region(name) == name
    assert provinces_of(name)


@pytest.mark.parametrize(("name", "hint"), [("新彊", "新疆"), ("内蒙谷", "内蒙"), ("火星", "省名")])
def test_what_can_be_matched_with_nothing_is_refused_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        require_region(name)


def test_a_full_name_and_a_group_stand_for_their_provinces() -> None:
    assert provinces_of("西藏自治区") == ("西藏",)
    assert provinces_of("港澳台") == ("香港", "澳门", "台湾")
    assert provinces_of("三亚") == ("三亚",)


def test_a_city_lies_in_its_province() -> None:
    assert within("喀什市") == ("喀什市", "新疆")
    assert within("喀什地区") == ("喀什地区", "新疆")
    assert within("部分乡镇") == ("部分乡镇",)


def test_small_places_of_the_settings_are_found_as_written_or_as_a_known_city() -> None:
    names = ("新疆", "喀什市", "南澳岛")
    assert area_in("喀什能发吗", names) == area_in("喀什市能发吗", names)
    found = area_in("寄到南澳岛", names)
    assert found is not None
    assert found.name == "南澳岛"
    assert area_in("新疆能发吗", names) is None


@given(st.text(max_size=30))
def test_any_text_names_known_provinces_or_none(text: str) -> None:
    region = named_region(normalise(text))
    assert region is None or set(region.provinces) <= set(PROVINCES)


@given(st.sampled_from(PROVINCES), st.sampled_from(["{}包邮吗", "发{}吗", "寄到{}", "我是{}的"]))
def test_every_province_is_read_in_any_question(province: str, question: str) -> None:
    region = named_region(question.format(province))
    assert region is not None
    assert region.provinces == (province,)
