"""What must not be said is found where it stands, in any disguise; what only looks like it passes."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.compliance import Finding, blocks, check_text
from knowledge.compliance_table import allowed, table
from knowledge.starter import starter_changes
from tests.compliance_fixtures import mended, passes, trips

ROWS = [(category["name"], row) for category in table()["categories"] for row in category["rules"]]


def found(text: str) -> list[tuple[str, str]]:
    return [(finding.category, finding.text) for finding in check_text(text)]


# The tables


def test_the_tables_are_large_and_without_repetition() -> None:
    sentences = [sentence for *_, sentence in trips()]
    assert len(set(sentences)) == len(sentences) >= 120
    assert len(set(passes())) == len(passes()) >= 150
    assert not set(sentences) & set(passes())


@pytest.mark.parametrize(("category", "action", "sentence"), trips())
def test_a_forbidden_sentence_is_found(category: str, action: str, sentence: str) -> None:
    findings = check_text(sentence)
    assert (category, action) in [(finding.category, finding.action) for finding in findings]
    assert blocks(findings) or action == "warn"


@pytest.mark.parametrize("sentence", passes())
def test_an_ordinary_sentence_passes(sentence: str) -> None:
    assert check_text(sentence) == ()


@pytest.mark.parametrize("category", [category["name"] for category in table()["categories"]])
def test_every_category_is_tried_with_every_action_that_it_has(category: str) -> None:
    tried = {action for name, action, _ in trips() if name == category}
    assert tried == {row["action"] for name, row in ROWS if name == category}


def test_the_starter_knowledge_says_nothing_of_the_kind() -> None:
    answers = {(draft.id, answer.text) for draft in starter_changes().drafts for answer in draft.answers}
    assert {one: check_text(one[1]) for one in answers if check_text(one[1])} == {}


# The rules of the table


@pytest.mark.parametrize(
    ("category", "row"), ROWS, ids=lambda value: value["example"] if isinstance(value, dict) else ""
)
def test_a_rule_finds_its_example_and_mends_it(category: str, row: dict[str, Any]) -> None:
    findings = check_text(row["example"])
    assert (category, row["action"]) in [(finding.category, finding.action) for finding in findings]
    assert all(finding.reason for finding in findings)
    after = mended(row["example"], findings)
    left = [finding for finding in check_text(after) if finding.category == category]
    assert [finding for finding in left if row.get("replacement") is not None and finding.replacement is not None] == []
    assert not re.search(r"的的|我我|您您|，，|，。|(.{2,})\1", after), f"{after} does not read well"


def test_a_rule_without_a_replacement_says_what_to_do_instead() -> None:
    reasons = [row.get("reason", "") for _, row in ROWS if row.get("replacement") is None]
    assert reasons
    assert [reason for reason in reasons if not re.search("请|改成|换成", reason)] == []


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("亲，我们是全网最低价，放心拍。", "亲，我们价格很实惠，放心拍。"),
        ("我们用的是最好的面料。", "我们用的是很好的面料。"),
        ("这件保证不掉色哦", "这件不容易掉色哦"),
        ("您加我微信吧", "您在这里联系我吧"),
        ("图片发我微信吧", "图片发在这里吧"),
        ("亲，好评返现2元哦", "亲，期待您的真实评价"),
        ("您放心，明天一定能到。", "您放心，会尽快安排，具体时间以物流信息为准。"),
        ("这款面霜七天美白。", "这款面霜具体效果因人而异。"),
        ("不合适包退包换。", "不合适可以按退换规则申请退换。"),
        ("这个跟我们没关系。", "这件事我来帮您跟进。"),
        ("别催了。", "您慢慢说，我在的。"),
        ("您的电话是13800001234对吗", "您的电话是页面上的收件电话对吗"),
    ],
)
def test_a_replacement_reads_well_in_its_sentence(text: str, after: str) -> None:
    assert mended(text, check_text(text)) == after


# Allowed phrases and excuses


@pytest.mark.parametrize("phrase", allowed())
def test_an_allowed_phrase_passes(phrase: str) -> None:
    assert check_text(f"亲，我们支持{phrase}，请知悉。") == ()


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("七天无理由，全网最低，最近好评返现", ["全网最低", "好评返现"]),
        ("100%正品保证", ["100%正品"]),
        ("支持微信支付，也可以加我微信", ["加我微信"]),
        ("第一时间告诉您，我们是行业第一", ["行业第一"]),
        ("我们不能加微信，您加我QQ吧", ["加我QQ"]),
        ("不方便的话加我微信", ["加我微信"]),
        ("您说的“全网最低”是真的，我们全网最低", ["全网最低"]),
    ],
)
def test_what_may_be_said_does_not_shelter_what_stands_beside_it(text: str, findings: list[str]) -> None:
    assert [wording for _, wording in found(text)] == findings


@pytest.mark.parametrize(
    ("text", "quoted_is_fine"),
    [
        ("您说的“全网最低”我们没有宣传过。", True),
        ("您提到的“加我微信”是谁发给您的呢？", False),
        ("您发的“13800001234”我登记好了。", False),
        ("我们“全网最低”，放心拍。", False),
    ],
)
def test_the_buyers_words_may_be_repeated_but_not_contacts_or_numbers(text: str, *, quoted_is_fine: bool) -> None:
    assert (check_text(text) == ()) == quoted_is_fine


@pytest.mark.parametrize(
    ("facts", "text", "passes"),
    [
        (["收件人老王 13800001234，杭州市西湖区"], "退货请寄：老王 13800001234，杭州市西湖区", True),
        (["138-0000-1234"], "电话138 0000 1234", True),
        (["+86 13800001234"], "电话138-0000-1234", True),
        (["文一路1 13800001234"], "电话13800001234", True),
        (["13800001234"], "电话13900001234", False),
        (["913800001234"], "电话13800001234", False),
        ([], "电话13800001234", False),
        (["加我微信"], "加我微信", False),
    ],
)
def test_numbers_of_the_shops_own_facts_may_be_said(facts: list[object], text: str, *, passes: bool) -> None:
    assert (check_text(text, facts) == ()) == passes


# Spans


@pytest.mark.parametrize(
    ("before", "wording"),
    [
        ("亲，您好，", "加我微信"),
        ("亲😊😊，", "加我微 信"),
        ("㎏和㎏，", "加我Ｖ❤️Ｘ"),
        ("您好\n\n", "加 我 V X"),
        ("親，", "加我微-信"),
        ("好的👨‍👩‍👧，", "加我🆅🆇"),
    ],
)
def test_a_span_counts_characters_of_the_text_as_given(before: str, wording: str) -> None:
    (finding,) = check_text(f"{before}{wording}，我把图发您。")
    assert finding.span == (len(before), len(before) + len(wording))
    assert finding.text == wording


def test_a_rule_does_not_reach_across_sentences() -> None:
    assert check_text("我们现在就加。微信支付可以用。") == ()
    assert check_text("感谢您的好评！返现没有的哦。") == ()


def test_a_wording_that_several_rules_name_is_told_once() -> None:
    assert found("亲，加我微信号abc12345聊。") == [("站外联系", "加我微信号abc12345")]


def test_text_without_findings_is_not_blocked_and_a_warning_does_not_block() -> None:
    assert not blocks(check_text("亲，在的哦。"))
    warned = check_text("今天是最后一天。")
    assert warned
    assert not blocks(warned)
    assert blocks((*warned, *check_text("全网最低")))


@pytest.mark.parametrize("text", ["", " ", "\n", "😊", "。。。"])
def test_a_text_that_says_nothing_has_no_findings(text: str) -> None:
    assert check_text(text) == ()


@pytest.mark.parametrize("piece", ["加", "好评", "给您", "1", "1 ", "保证", "最", "您自己", "，", "“您说", "不"])
def test_a_long_text_is_checked_in_bounded_time(piece: str) -> None:
    text = (piece * 20_000)[:20_000]
    started = time.perf_counter()
    check_text(text)
    assert time.perf_counter() - started < 20


def test_what_stands_deep_in_a_sentence_without_end_is_found() -> None:
    for before in range(180, 320, 7):
        (finding,) = check_text("哈" * before + "加我微信" + "哈" * 500)
        assert finding.span == (before, before + 4)


PIECES = st.sampled_from([*(sentence for *_, sentence in trips()), *passes(), *allowed(), "亲，", "。", "今天"])
TEXTS = st.lists(PIECES | st.text(max_size=5), max_size=6).map("".join)


@given(TEXTS)
def test_spans_point_at_the_text_and_come_in_its_order(text: str) -> None:
    findings = check_text(text)
    assert [text[slice(*finding.span)] for finding in findings] == [finding.text for finding in findings]
    assert all(0 <= finding.span[0] < finding.span[1] <= len(text) for finding in findings)
    assert [finding.span for finding in findings] == sorted(finding.span for finding in findings)


@given(TEXTS)
def test_findings_of_one_category_do_not_overlap(text: str) -> None:
    last: dict[str, Finding] = {}
    for finding in check_text(text):
        assert finding.category not in last or last[finding.category].span[1] <= finding.span[0]
        last[finding.category] = finding


@given(st.sampled_from(trips()), st.sampled_from(passes()), st.sampled_from(passes()))
def test_a_forbidden_sentence_is_found_between_ordinary_ones(
    trip: tuple[str, str, str], before: str, after: str
) -> None:
    category, action, sentence = trip
    findings = check_text(f"{before}\n\n{sentence}。\n\n{after}")
    assert any((each.category, each.action) == (category, action) for each in findings)
