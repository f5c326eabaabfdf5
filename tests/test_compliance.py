"""What must not be said is found where it stands; what only looks like it passes."""

from __future__ import annotations

from collections import defaultdict
from importlib.resources import files
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from knowledge.compliance import blocks, check_text

TABLE: dict[str, Any] = yaml.safe_load(files("knowledge").joinpath("data/compliance.yaml").read_text("utf-8"))
RULES = [(row["category"], row["action"]) for row in TABLE["rules"]]
# (category, action, wording) that must be found; each stands for one part of a rule.
FORBIDDEN = [
    ("绝对化用语", "block", "全网最低"),
    ("绝对化用语", "block", "国家级"),
    ("绝对化用语", "block", "独一无二"),
    ("绝对化用语", "block", "第一品牌"),
    ("绝对化用语", "block", "销量第一"),
    ("绝对化用语", "block", "NO.1"),
    ("绝对化用语", "block", "100%正品"),
    ("绝对化用语", "block", "百分百有效"),
    ("绝对化用语", "warn", "质量最好"),
    ("绝对化用语", "warn", "绝对不会"),
    ("绝对化用语", "warn", "永久"),
    ("功效承诺", "block", "根治"),
    ("功效承诺", "block", "治愈"),
    ("功效承诺", "block", "保证美白"),
    ("功效承诺", "block", "祛疤"),
    ("站外联系", "block", "加我微信"),
    ("站外联系", "block", "留个QQ"),
    ("站外联系", "block", "支付宝转给我"),
    ("站外联系", "block", "线下交易"),
    ("好评利诱", "block", "好评返现"),
    ("好评利诱", "block", "五星送红包"),
    ("好评利诱", "block", "删除差评给您补偿"),
    ("超出政策的承诺", "block", "保证明天到"),
    ("超出政策的承诺", "block", "明天一定能到"),
    ("超出政策的承诺", "block", "今天肯定发货"),
    ("超出政策的承诺", "block", "终身保修"),
    ("超出政策的承诺", "block", "赔您双倍"),
    ("指责与争辩", "block", "怪您自己"),
    ("指责与争辩", "block", "是您自己选错"),
    ("指责与争辩", "block", "是您自己的问题"),
    ("指责与争辩", "block", "您自己弄"),
    ("指责与争辩", "block", "你去投诉吧"),
    ("推脱用语", "warn", "跟我们没关系"),
    ("推脱用语", "warn", "规定就是这样"),
    ("威胁与不耐烦", "block", "后果自负"),
    ("威胁与不耐烦", "block", "再骂就拉黑您"),
    ("无日期的催促", "warn", "最后一天"),
    ("无日期的催促", "warn", "手慢无"),
    ("个人信息", "block", "13800001234"),
    ("个人信息", "block", "11010119900307123X"),
]


@pytest.mark.parametrize(("category", "action", "wording"), FORBIDDEN)
def test_forbidden_wording_is_found_where_it_stands(category: str, action: str, wording: str) -> None:
    before = "亲，您好，"
    (finding,) = check_text(f"{before}{wording}，您放心。")
    assert (finding.category, finding.action, finding.text) == (category, action, wording)
    assert finding.span == (len(before), len(before) + len(wording))
    assert blocks((finding,)) == (action == "block")


def test_every_rule_has_an_example_here() -> None:
    shown: dict[tuple[str, str], int] = defaultdict(int)
    for category, action, _ in FORBIDDEN:
        shown[category, action] += 1
    assert [rule for rule in RULES if shown[rule] < RULES.count(rule)] == []
    assert set(shown) == set(RULES)


@pytest.mark.parametrize("row", TABLE["rules"], ids=lambda row: f"{row['category']}-{row['action']}")
def test_every_rule_tells_why_and_its_replacement_is_itself_allowed(row: dict[str, str]) -> None:
    assert row["action"] in ("block", "warn")
    assert row["reason"]
    assert check_text(row["replacement"]) == ()


@pytest.mark.parametrize("wording", TABLE["allow"])
def test_allowed_wording_passes(wording: str) -> None:
    assert check_text(f"亲，我们支持{wording}，您放心哦。") == ()


@pytest.mark.parametrize(
    "sentence",
    [
        "亲，支持七天无理由退换，请放心下单。",
        "我第一时间帮您催仓库，最晚今晚回复您。",
        "可以用微信支付，也可以用支付宝或银行卡付款。",
        "面料是100%棉，品质有检测报告。",
        "请问是您自己穿还是送朋友呢？",
        "您自己在订单页也可以修改地址。",
        "这款治愈系小夜灯是新品。",
        "您的订单202611180001234567已经发出，单号73100000000001。",
        "收件电话是138****0000，对吗？",
        "仓库在No.12号楼。",
        "我帮您确认明天能不能发出，再回复您。",
        "满199元减20元，以页面显示为准。",
    ],
)
def test_ordinary_sentence_passes(sentence: str) -> None:
    assert check_text(sentence) == ()


def test_allowed_words_do_not_cover_what_stands_beside_them() -> None:
    findings = check_text("七天无理由，全网最低，最近好评返现")
    assert [finding.text for finding in findings] == ["全网最低", "好评返现"]


def test_text_without_findings_is_not_blocked_and_a_warning_does_not_block() -> None:
    assert not blocks(check_text("亲，在的哦。"))
    warned = check_text("今天是最后一天。")
    assert warned
    assert not blocks(warned)
    assert blocks((*warned, *check_text("全网最低")))


def test_empty_text_has_no_findings() -> None:
    assert check_text("") == ()


PIECES = st.sampled_from([*(wording for *_, wording in FORBIDDEN), *TABLE["allow"], "亲，", "。", "今天"])
TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=6).map("".join)


@given(TEXTS)
def test_spans_point_at_the_text_and_come_in_its_order(text: str) -> None:
    findings = check_text(text)
    assert [text[slice(*finding.span)] for finding in findings] == [finding.text for finding in findings]
    assert all(0 <= finding.span[0] < finding.span[1] <= len(text) for finding in findings)
    assert [finding.span for finding in findings] == sorted(finding.span for finding in findings)


@given(st.sampled_from(FORBIDDEN), st.text(max_size=10), st.text(max_size=10))
def test_forbidden_wording_is_found_between_any_sentences(
    example: tuple[str, str, str], before: str, after: str
) -> None:
    category, action, wording = example
    findings = check_text(f"{before}。{wording}。{after}")
    assert any((each.category, each.action) == (category, action) for each in findings)
