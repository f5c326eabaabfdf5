"""The catalogue of facts: every name means one fact, every fact says what stands in for it."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.compliance import check_text
from knowledge.placeholders import context_names, field_of, fields, has_stray_brace, path_of, placeholders


def test_no_name_means_two_facts() -> None:
    names = Counter(name for field in fields().values() for name in {field.path, *field.names})
    assert [name for name, count in names.items() if count > 1] == []


def test_every_fact_is_found_by_its_path_and_by_each_of_its_names() -> None:
    for path, field in fields().items():
        if "*" not in path:
            assert {path_of(name) for name in (path, *field.names)} == {path}
            assert field_of(path) is field


@pytest.mark.parametrize("name", ["属性:材质", "item.attributes.材质"])
def test_every_attribute_of_an_item_is_a_placeholder(name: str) -> None:
    path = path_of(name)
    assert path == "item.attributes.材质"
    assert field_of(path) is fields()["item.attributes.*"]


@pytest.mark.parametrize(
    "name",
    ["", "*", "属性", "属性:", "属性:*", "item.attributes.", "item.attributes.*", "item.colour", "运单", " 运单号"],
)
def test_name_outside_the_catalogue_means_nothing(name: str) -> None:
    assert path_of(name) is None


def test_unknown_path_has_no_row() -> None:
    assert field_of("order.colour") is None


def test_gap_names_the_request_field_that_would_have_filled_it() -> None:
    assert fields()["order.ship_by"].context_field == "order.promised_ship_at"
    assert fields()["order.tracking_no"].context_field == "order.tracking_no"


def test_pages_have_a_name_for_every_fact_and_for_every_field_that_a_gap_names() -> None:
    named = {field.context_field for field in fields().values()} | set(fields())
    assert [path for path in named if not context_names().get(path)] == []


def test_every_gap_is_a_whole_sentence_fit_to_send() -> None:
    for field in fields().values():
        if field.gap is not None:
            assert field.gap.endswith(("。", "？", "！"))
            assert not field.gap.startswith("亲")
            assert not placeholders(field.gap)
            assert not check_text(field.gap)


def test_every_fact_says_what_it_means() -> None:
    assert [path for path, field in fields().items() if not field.meaning] == []


def test_names_in_braces_are_found_in_order() -> None:
    assert placeholders("{快递公司}的{运单号}，{属性:材质}，{快递公司}") == [
        "快递公司",
        "运单号",
        "属性:材质",
        "快递公司",
    ]
    assert placeholders("没有占位符") == []


@pytest.mark.parametrize("text", ["{", "}", "单号{运单号", "{{运单号}}", "{}", "{a\nb}", "}{", "{" + "长" * 61 + "}"])
def test_brace_that_closes_nothing_is_stray(text: str) -> None:
    assert has_stray_brace(text)


@pytest.mark.parametrize("text", ["", "单号是{运单号}。", "{运单号}{快递公司}"])
def test_braces_around_a_name_are_not_stray(text: str) -> None:
    assert not has_stray_brace(text)


NAMES = st.text(st.characters(exclude_characters="{}\n"), min_size=1, max_size=60)
TEXTS = st.text(st.characters(exclude_characters="{}"), max_size=10)


@given(st.lists(st.tuples(TEXTS, NAMES), max_size=4), TEXTS)
def test_whatever_stands_in_braces_is_found_and_no_brace_is_left(pieces: list[tuple[str, str]], end: str) -> None:
    text = "".join(f"{before}{{{name}}}" for before, name in pieces) + end
    assert placeholders(text) == [name for _, name in pieces]
    assert not has_stray_brace(text)
    assert has_stray_brace(text + "{")
