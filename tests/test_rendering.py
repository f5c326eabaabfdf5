"""Rendering: answers filled with facts, gaps worded so that the text can be sent, parts with their roles."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.rendering import Rendered, render
from knowledge.placeholders import fields, placeholders
from knowledge.starter import starter_changes

_plain = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="{}"), max_size=15)
_names = st.sampled_from(sorted({name for field in fields().values() for name in field.names if "*" not in name}))
templates = st.lists(_plain | _names.map("{{{}}}".format), min_size=1, max_size=8).map("".join)
values = st.one_of(st.text(max_size=10), st.integers(), st.booleans())
some_facts = st.dictionaries(st.sampled_from(sorted(path for path in fields() if "*" not in path)), values)


def rendered(template: str, **facts: object) -> Rendered:
    result = render(template, "e1", {path.replace("__", "."): value for path, value in facts.items()})
    assert result is not None
    return result


def test_a_known_fact_is_filled_in() -> None:
    result = rendered("亲，单号{运单号}，走{快递公司}。", order__tracking_no="77", order__carrier="韵达")
    assert result.text == "亲，单号77，走韵达。"
    assert result.missing == ()


def test_a_dotted_path_names_a_placeholder_as_well() -> None:
    assert rendered("单号{order.tracking_no}", order__tracking_no="77").text == "单号77"


def test_an_attribute_of_the_item_is_named_with_its_name() -> None:
    facts = {"item.attributes.材质": "棉"}
    result = render("是{属性:材质}的。{属性:产地}产的。", "e1", facts)
    assert result is not None
    assert result.text.startswith("是棉的。")
    assert result.missing == ("item.attributes.产地",)


def test_a_sentence_with_a_missing_fact_is_replaced_by_its_gap_wording() -> None:
    gap = fields()["order.tracking_no"].gap
    result = rendered("亲，包裹在路上了。单号是{运单号}，请您留意。有问题随时找我。")
    assert result.text == f"亲，包裹在路上了。{gap}有问题随时找我。"
    assert result.missing == ("order.tracking_no",)


def test_a_gap_at_the_beginning_still_greets_the_buyer() -> None:
    assert rendered("单号{运单号}。").text == f"亲，{fields()['order.tracking_no'].gap}"


def test_missing_names_the_field_of_the_request_that_would_have_helped() -> None:
    assert rendered("最晚{最晚发货时间}发出。").missing == ("order.promised_ship_at",)


def test_every_fact_missing_from_a_sentence_is_named_once() -> None:
    result = rendered("{快递公司}的{运单号}。就是{运单号}。")
    assert result.missing == ("order.carrier", "order.tracking_no")


def test_the_same_gap_is_not_worded_twice() -> None:
    gap = str(fields()["order.tracking_no"].gap)
    assert rendered("亲，您好。单号{运单号}。记一下{运单号}。").text.count(gap) == 1


def test_a_gap_without_wording_is_not_suggested() -> None:
    assert fields()["buyer.nick"].gap is None
    assert render("{买家昵称}您好。", "e1", {}) is None


def test_a_placeholder_that_nobody_knows_is_not_suggested() -> None:
    assert render("亲，{天知道}。", "e1", {"天知道": "x"}) is None


@pytest.mark.parametrize("template", ["亲{", "}亲", "{ {运单号} }", "{}"])
def test_a_stray_brace_is_not_suggested(template: str) -> None:
    assert render(template, "e1", {"order.tracking_no": "77"}) is None


def test_a_fact_with_braces_leaves_none_in_the_text() -> None:
    assert rendered("这款{商品名}。", item__title="{新品}杯子").text == "这款新品杯子。"


def test_a_fact_that_looks_like_a_placeholder_is_not_filled_again() -> None:
    assert rendered("{商品名}{运单号}", item__title="{运单号}", order__tracking_no="77").text == "运单号77"


@pytest.mark.parametrize(
    ("sentence", "role"),
    [
        ("这款是纯棉的。", "answer"),
        ("麻烦您拍一张照片给我。", "ask"),
        ("您看换货可以吗？", "ask"),
        ("要黑色还是白色？”", "ask"),
        ("要黑色还是白色？\n", "ask"),
        ("有问题随时找我。", "closing"),
        ("感谢您的支持！", "closing"),
    ],
)
def test_a_sentence_has_the_role_that_it_plays(sentence: str, role: str) -> None:
    assert [part.role for part in rendered(sentence).parts] == [role]


def test_neighbouring_sentences_of_one_role_are_one_part() -> None:
    result = rendered("可以退的亲。运费我们出。麻烦您拍张照片。祝您生活愉快。")
    assert [(part.role, part.text, part.entry_id) for part in result.parts] == [
        ("answer", "可以退的亲。运费我们出。", "e1"),
        ("ask", "麻烦您拍张照片。", "e1"),
        ("closing", "祝您生活愉快。", "e1"),
    ]


@given(templates, some_facts)
def test_no_brace_is_ever_left_and_what_is_missing_is_named(template: str, facts: dict[str, object]) -> None:
    result = render(template, "e1", facts)
    if result is None:
        return
    assert not set("{}") & set(result.text)
    assert result.text == "".join(part.text for part in result.parts)
    assert all(part.text for part in result.parts)
    assert bool(result.missing) == any(path not in facts for path in _paths(template))
    roles = [part.role for part in result.parts]
    assert all(one != other for one, other in pairwise(roles))


@given(some_facts)
def test_only_a_gap_without_wording_keeps_an_answer_back(facts: dict[str, object]) -> None:
    for path, field in fields().items():
        if field.names and "*" not in path:
            result = render(f"亲，是{{{field.names[0]}}}。", "e1", facts)
            assert (result is None) == (path not in facts and field.gap is None)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="{}。！？!?\n"), min_size=1),
                unique_by=str.strip), st.text("。！？!?”’）)", max_size=3))  # fmt: skip
def test_a_text_without_placeholders_is_sent_word_for_word(sentences: list[str], ending: str) -> None:
    template = "。".join(sentences) + ending
    assert rendered(template).text == template


def test_every_starter_answer_is_either_sendable_or_held_back_without_any_fact() -> None:
    for draft in starter_changes().drafts:
        for answer in draft.answers:
            result = render(answer.text, str(draft.id), {})
            if not placeholders(answer.text):
                assert result is not None, answer.text
                assert result.text == answer.text
            elif result is not None:
                assert result.missing, answer.text
                assert not set("{}") & set(result.text)


def _paths(template: str) -> list[str]:
    by_name = {name: path for path, field in fields().items() for name in field.names}
    return [by_name[name] for name in placeholders(template)]
