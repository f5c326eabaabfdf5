"""A device that a buyer names: plainly among those that suit, plainly not, or nothing is said."""

from __future__ import annotations

import pytest

from assistant.device_fit import device_fit, names_a_device
from knowledge.suitability import Verdict
from models.text import normalise

PLUG = {"适用机型": "iPhone 8及以上、iPad、USB-C接口的安卓手机和平板、蓝牙耳机，不适合给笔记本电脑供电"}
BANK = {"适用机型": "USB充电的手机、平板、蓝牙耳机等，不适合给笔记本电脑供电"}
CASE = {"适用机型": "iPhone 13、14、15（Pro除外）"}
PAN = {"适用炉灶": "燃气灶、电陶炉，不支持电磁炉"}


def verdict(attributes: dict[str, str], text: str) -> tuple[bool, str] | None:
    found = device_fit(attributes, normalise(text))
    return (found.suits, found.asked) if found else None


@pytest.mark.parametrize(
    ("attributes", "text", "expected"),
    [
        (PLUG, "iphone15能充吗", (True, "iPhone 15")),
        (PLUG, "蘋果15pro可以嗎", (True, "iPhone 15")),
        (PLUG, "苹果7能充吗", (False, "iPhone 7")),
        (PLUG, "笔记本能充吗", (False, "笔记本电脑")),
        (PLUG, "MacBook能用吗", (False, "MacBook")),
        (PLUG, "手机和笔记本都能充吧", (False, "笔记本电脑")),
        (PLUG, "ipad可以吗", (True, "iPad")),
        (BANK, "蓝牙耳机能充吗", (True, "蓝牙耳机")),
        (CASE, "14能用吗 我是苹果14", (True, "iPhone 14")),
        (PAN, "电磁炉能用吗", (False, "电磁炉")),
        (PAN, "煤气灶行不", (True, "燃气灶")),
    ],
)
def test_the_attribute_decides_where_it_names_the_device(
    attributes: dict[str, str], text: str, expected: tuple[bool, str]
) -> None:
    assert verdict(attributes, text) == expected


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        (PLUG, "华为能用吗"),
        (PLUG, "switch能充吗"),
        (PLUG, "苹果能用吗"),
        (BANK, "iphone15能充吗"),
        (CASE, "苹果16能用吗"),
        (PAN, "烤箱可以吗"),
        (PLUG, "多少钱"),
        ({}, "iphone15能充吗"),
        ({"功率": "30W"}, "笔记本能充吗"),
    ],
)
def test_nothing_is_said_where_the_attribute_is_not_plain(attributes: dict[str, str], text: str) -> None:
    assert verdict(attributes, text) is None


def test_the_verdict_names_the_attribute() -> None:
    assert device_fit(PAN, "电磁炉") == Verdict(False, "电磁炉", "适用炉灶")


@pytest.mark.parametrize(
    ("text", "named"), [("笔记本能充吗", True), ("蘋果15", True), ("孕妇能用吗", False), ("", False)]
)
def test_a_text_that_names_a_device_is_told_from_others(text: str, named: bool) -> None:
    assert names_a_device(normalise(text)) is named
