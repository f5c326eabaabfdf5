"""Pinyin as people type it: words of several readings are read as in the shop, and nothing unreadable gets in."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from knowledge.pinyin import pinyin_lines, pinyin_of
from knowledge.starter import starter_changes

_HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("text", "full", "initials"),
    [
        ("什么时候发货", "shenmeshihoufahuo", "smshfh"),
        ("银行", "yinhang", "yh"),
        ("行李", "xingli", "xl"),
        ("还没收到，能还款吗？", "haimeishoudaonenghuankuanma", "hmsdnhkm"),
        ("衣长和长度", "yichanghechangdu", "ychcd"),
        ("重量，重新", "zhongliangchongxin", "zlcx"),
        ("女款绿色", "nvkuanlvse", "nkls"),
        ("XL码48小时", "xlma48xiaoshi", "xlm48xs"),
        ("ＡＢ，发", "abfa", "abf"),
        ("😀！？", "", ""),
        ("", "", ""),
    ],
)
def test_a_text_is_read_as_people_say_it(text: str, full: str, initials: str) -> None:
    assert (pinyin_of(text).full, pinyin_of(text).initials) == (full, initials)


def test_the_starter_titles_are_read_as_the_dictionary_reads_them() -> None:
    titles = ["".join(_HAN.findall(draft.title)) for draft in starter_changes().drafts]
    alike = [title for title in titles if pinyin_of(title).full == "".join(lazy_pinyin(title))]
    assert len(titles) > 400
    assert len(alike) >= 0.98 * len(titles)


@given(st.text(max_size=40))
def test_whatever_is_written_only_what_can_be_typed_comes_out(text: str) -> None:
    read = pinyin_of(text)
    assert re.fullmatch("[0-9a-z]*", read.full)
    assert re.fullmatch("[0-9a-z]*", read.initials)
    assert len(read.initials) <= len(read.full)


def test_each_text_has_its_lines_once() -> None:
    assert pinyin_lines(["发货", "发货", "a", "！"]) == "fahuo\nfh\na"
