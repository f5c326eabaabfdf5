"""Options in buyers' words: which values of an item a text names, and which it names that are not sold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.option_words import is_size, named_values, options_of
from knowledge.catalogue import ItemFacts
from models.data_files import read_data
from models.text import normalise


def item_of(**options: list[str]) -> ItemFacts:
    """An item with one SKU for every value of every option."""
    skus = [
        {"sku_id": f"{name}-{value}", "options": {name: value}} for name, values in options.items() for value in values
    ]
    return ItemFacts.model_validate({"skus": skus})


DRESS = item_of(颜色=["蓝色", "黑色", "米白"], 尺码=["S", "M", "L", "XXL"])
SHOE = item_of(颜色=["纯白", "白绿拼色"], 尺码=["36", "37", "38"])
BOX = item_of(规格=["750g单盒", "750g两盒装", "750g四盒装"])
CUP = item_of(颜色=["薄荷绿", "奶油黄", "樱花粉"])


def named(item: ItemFacts, text: str) -> list[str]:
    """The values named in the text; what is not sold in the buyer's own word, with a question mark."""
    return ["、".join(each.values) or f"{each.written}?" for each in named_values(item, normalise(text))]


@pytest.mark.parametrize(
    ("item", "text", "values"),
    [
        (DRESS, "黑色L码有吗", ["黑色", "L"]),
        (DRESS, "小黑L", ["黑色", "L"]),
        (DRESS, "黑的还有没", ["黑色"]),
        (DRESS, "黑 m", ["黑色", "M"]),
        (DRESS, "白色的S", ["米白", "S"]),
        (DRESS, "白的有吗", ["米白"]),
        (DRESS, "米白有吗", ["米白"]),
        (DRESS, "藏青色有吗", ["蓝色"]),
        (DRESS, "2XL有吗", ["XXL"]),
        (DRESS, "黑色和白色都有吗", ["黑色", "米白"]),
        (DRESS, "要紫色", ["紫色?"]),
        (DRESS, "3XL有没有", ["3XL码?"]),
        (SHOE, "白的37", ["纯白", "37"]),
        (SHOE, "绿色36码", ["白绿拼色", "36"]),
        (SHOE, "小白鞋38还有吗", ["38"]),
        (SHOE, "41码有吗", ["41码?"]),
        (SHOE, "41有吗", ["41码?"]),
        (SHOE, "38纯白", ["38", "纯白"]),
        (SHOE, "36黑的", ["36", "黑色?"]),
        (SHOE, "38码和36码", ["38", "36"]),
        (BOX, "两盒装的有吗", ["750g两盒装"]),
        (BOX, "4盒的", ["750g四盒装"]),
        (BOX, "单盒多少钱", ["750g单盒"]),
        (CUP, "粉的和黄的", ["樱花粉", "奶油黄"]),
        (CUP, "綠色有嗎", ["薄荷绿"]),
    ],
)
def test_values_are_named_in_any_words(item: ItemFacts, text: str, values: list[str]) -> None:
    assert named(item, text) == values


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (DRESS, "明白了 红包怎么领"),
        (DRESS, "白天发货吗"),
        (DRESS, "160高100斤穿什么"),
        (DRESS, "smart casual"),
        (DRESS, "240ml 1.5l"),
        (SHOE, "139还能便宜吗"),
        (SHOE, "158有吗"),
        (SHOE, "41的话算了"),
        (SHOE, "体重38有点重"),
        (SHOE, "脚长37cm"),
        (SHOE, "买36双"),
        (CUP, "有货吗"),
        (ItemFacts(), "黑色L码有吗"),
    ],
)
def test_other_words_name_no_value(item: ItemFacts, text: str) -> None:
    assert named(item, text) == []


def test_the_same_colour_wins_over_others_of_its_family() -> None:
    item = item_of(颜色=["米白", "白色", "白绿拼色"])
    assert named(item, "白色有吗") == ["白色"]
    assert named(item, "米白有吗") == ["米白"]
    assert named(item_of(颜色=["米白", "奶白", "白绿拼色"]), "白色有吗") == ["米白、奶白"]


def test_a_mention_of_several_values_can_be_taken_one_by_one() -> None:
    [mention] = named_values(item_of(颜色=["米白", "奶白"]), "白色有吗")
    assert [each.values for each in mention.one_by_one()] == [("米白",), ("奶白",)]
    [mention] = named_values(DRESS, "紫色有吗")
    assert mention.one_by_one() == [mention]


@pytest.mark.parametrize(("value", "size"), [("L", True), ("XXL码", True), ("3XL", True), ("37", True), ("均码", False),
                                             ("黑色", False), ("50g单瓶", False), ("XE-P10", False)])  # fmt: skip
def test_sizes_are_told_from_other_values(value: str, size: bool) -> None:
    assert is_size(value) is size


def test_colour_words_are_written_as_messages_are_folded_and_belong_to_one_family() -> None:
    table = read_data("knowledge", "option_words.yaml")
    words = [word for family in table["colours"].values() for word in family]
    assert len(words) == len(set(words))
    assert [word for word in (*words, *table["not_colours"]) if normalise(word) != word] == []


@given(st.sampled_from([DRESS, SHOE, BOX, CUP]), st.data())
def test_a_value_written_as_the_shop_does_is_always_found(item: ItemFacts, data: st.DataObject) -> None:
    values = [value for values in options_of(item).values() for value in values]
    value = data.draw(st.sampled_from(values))
    suffix = "码" if is_size(value) else ""
    before = data.draw(st.sampled_from(["", "有没有", "请问 ", "要"]))
    assert value in named(item, f"{before}{value}{suffix}还有吗")


@given(st.sampled_from([DRESS, SHOE, BOX, CUP]), st.text("黑白蓝绿粉米小色的码有吗sml2x0 368盒单两装,换", max_size=20))
def test_any_text_names_only_values_that_are_there(item: ItemFacts, text: str) -> None:
    for mention in named_values(item, normalise(text)):
        assert set(mention.values) <= set(options_of(item)[mention.option])
        assert 0 <= mention.start < mention.end <= len(normalise(text))
