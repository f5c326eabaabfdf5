"""What the checks refuse, rule by rule, and that each refusal says what to do."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.checks import check_entry, require_valid
from knowledge.compliance import check_text
from knowledge.entries import EMPATHY_TAG, EntryDraft
from knowledge.errors import EntryInvalid
from knowledge.placeholders import fields
from models.intents import intents
from tests.entry_examples import draft, drafts


def problems(**changed: Any) -> list[tuple[str, str]]:
    return [(problem.field, problem.reason) for problem in check_entry(draft(**changed))]


def answered(text: str, **when: Any) -> list[tuple[str, str]]:
    return problems(
        answers=[{"text": text, "when": {path.replace("__", "."): values for path, values in when.items()}}]
    )


def test_plain_entry_passes() -> None:
    assert problems() == []
    require_valid(draft())


def test_unknown_intent_is_refused() -> None:
    assert problems(intent="pre.siez") == [("intent", "没有意图 'pre.siez'")]


def test_published_buyer_entry_needs_a_phrasing() -> None:
    assert [field for field, _ in problems(questions=[])] == ["questions"]


@pytest.mark.parametrize(
    "changed", [{"status": "draft"}, {"status": "archived"}, {"tags": [EMPATHY_TAG]}, {"intent": "flow.wait"}]
)
def test_draft_empathy_phrase_and_agent_voice_need_no_phrasing(changed: dict[str, object]) -> None:
    assert problems(questions=[], **changed) == []


def test_blank_phrasing_is_named_by_its_number() -> None:
    assert problems(questions=["在吗", "  "]) == [("questions[1]", "相似问法是空的")]


@pytest.mark.parametrize("until", ["2026-11-11T00:00:00+08:00", "2026-11-10T15:59:59Z"])
def test_end_must_come_after_the_start(until: str) -> None:
    found = problems(effective_from="2026-11-11T00:00:00+08:00", effective_until=until)
    assert found == [("effective_until", "失效时间不晚于生效时间")]


def test_end_after_the_start_passes_across_time_zones() -> None:
    assert problems(effective_from="2026-11-11T00:00:00+08:00", effective_until="2026-11-10T16:00:01Z") == []


@pytest.mark.parametrize("text", ["单号{运单号", "单号运单号}", "单号{{运单号}}", "单号{}", "{运\n单号}"])
def test_stray_brace_is_refused(text: str) -> None:
    assert ("answers[0].text", "花括号不成对") in answered(text)


@pytest.mark.parametrize("name", ["快递号", "item.attributes.", "属性:", "item.price "])
def test_unknown_placeholder_is_refused(name: str) -> None:
    assert answered(f"单号{{{name}}}") == [("answers[0].text", f"没有占位符 {{{name}}}")]


@pytest.mark.parametrize("name", ["运单号", "order.tracking_no", "属性:材质", "item.attributes.材质"])
def test_placeholder_of_the_table_passes(name: str) -> None:
    assert answered(f"您看一下：{{{name}}}") == []


def test_every_name_of_the_table_is_a_placeholder() -> None:
    names = [name for field in fields().values() for name in field.names if "*" not in name]
    assert [found for name in names if (found := answered(f"您看一下：{{{name}}}"))] == []


def test_unknown_condition_is_refused() -> None:
    assert answered("好的", order__colour=["red"]) == [("answers[0].when", "没有条件字段 'order.colour'")]


def test_condition_value_outside_its_list_is_refused_and_the_list_named() -> None:
    (problem,) = check_entry(draft(answers=[{"text": "好的", "when": {"order.state": ["paid", "payed"]}}]))
    assert (problem.field, problem.reason) == ("answers[0].when.order.state", "不会取值 payed")
    assert "collected" in problem.remedy


@pytest.mark.parametrize(
    "when",
    [
        {"order.state": ["paid", None]},
        {"order.state": ["*"]},
        {"policy.free_shipping": [True]},
        {"policy.free_shipping": ["false"]},
        {"item.attributes.材质": ["棉"]},
        {"policy.return_days": [7, 15]},
    ],
)
def test_condition_of_the_table_passes(when: dict[str, list[object]]) -> None:
    assert problems(answers=[{"text": "好的", "when": when}]) == []


def test_wording_that_compliance_blocks_is_refused() -> None:
    text = "亲，我们是全网最低价，加微信给您返现。"
    assert any(finding.action == "block" for finding in check_text(text)), "the example must be one that is blocked"
    found = list(check_entry(draft(answers=["好的", text])))
    assert found
    assert {problem.field for problem in found} == {"answers[1].text"}
    assert all("不能对买家说" in problem.reason for problem in found)


def test_all_problems_are_raised_at_once() -> None:
    with pytest.raises(EntryInvalid) as caught:
        require_valid(draft(intent="x", questions=[""], answers=["{无}", "}"]))
    assert [problem.field for problem in caught.value.problems] == [
        "intent", "questions[0]", "answers[0].text", "answers[1].text", "answers[1].text",
    ]  # fmt: skip
    assert "占位符" in str(caught.value)


known_codes = st.sampled_from(sorted(intents()))


@settings(deadline=None)
@given(drafts(), st.none() | known_codes)
def test_any_draft_passes_or_is_told_what_to_do(one: EntryDraft, intent: str | None) -> None:
    one = one.model_copy(update={"intent": intent}) if intent else one
    for problem in check_entry(one):
        assert problem.field.split("[")[0].split(".")[0] in EntryDraft.model_fields
        assert problem.reason
        assert problem.remedy
