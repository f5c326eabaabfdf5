"""Stock of what the buyer names, in any words: each variant with its own status, never one for another."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.stock_facts import LOW_STOCK, named_skus, stock_facts
from knowledge.catalogue import ItemFacts
from models.text import normalise

_STOCK = {
    ("黑色", "M"): 30, ("黑色", "L"): 0, ("黑色", "S"): 8,
    ("米白", "M"): 3, ("米白", "L"): None, ("米白", "S"): 0,
    ("蓝色", "M"): 12, ("蓝色", "L"): 9,
}  # fmt: skip
SKIRT = ItemFacts.model_validate(
    {
        "item_id": "skirt-9",
        "skus": [
            {"sku_id": f"{colour}-{size}", "options": {"颜色": colour, "尺码": size}, "stock": count}
            for (colour, size), count in _STOCK.items()
        ],
    }
)
LOOKED_AT = SKIRT.model_copy(update={"sku_id": "黑色-M"})


def stock(text: str, before: str = "", *, item: ItemFacts = SKIRT, is_bare: bool = False) -> dict[str, object]:
    found = stock_facts(item, normalise(text), normalise(before), is_bare=is_bare)
    return {path.removeprefix("stock."): value for path, value in found.items() if value}


@pytest.mark.parametrize(
    ("text", "status", "sku"),
    [
        ("黑色M还有吗", "in", "黑色 M"),
        ("小黑 l 码有没有", "out", "黑色 L"),
        ("白色M有货吗", "low", "米白 M"),
        ("M码的白的", "low", "米白 M"),
        ("黑的还有吗", "in", "黑色"),
        ("米白 L 呢", "unknown", "米白 L"),
        ("有货吗", "in", None),
        ("要紫色", "none", "紫色"),
        ("黑色XXL有吗", "none", "黑色 XXL码"),
        ("蓝色S有吗", "none", "蓝色 S"),
        ("M大了换S", "in", "S"),
        ("黑色不要了，换成蓝色L", "in", "蓝色 L"),
        ("黑色M换成蓝色L", "in", "蓝色 L"),
        ("黑色M没货，白色M有吗", "low", "米白 M"),
    ],
)
def test_stock_is_that_of_what_the_buyer_names(text: str, status: str, sku: str | None) -> None:
    facts = stock(text)
    assert (facts["status"], facts.get("sku")) == (status, sku)
    assert "list" not in facts


@pytest.mark.parametrize(
    ("text", "status", "listed"),
    [
        ("黑色和蓝色都有吗", "in", "黑色有货，蓝色有货"),
        ("黑色M和白色M", "mixed", "黑色 M有货，米白 M还有少量"),
        ("黑色L、蓝色L有没有", "mixed", "黑色 L已售完，蓝色 L有货"),
        ("黑色和紫色M", "mixed", "黑色 M有货，紫色 M这款没有"),
        ("想要黑色和蓝色M", "in", "黑色 M有货，蓝色 M有货"),
        ("黑色M和米白S", "mixed", "黑色 M有货，米白 S已售完"),
        ("M黑色 L蓝色有吗", "in", "黑色 M有货，蓝色 L有货"),
        ("黑色M、L和白色S", "mixed", "黑色 M有货，黑色 L已售完，米白 S已售完"),
        ("黑色和米白M，蓝色L", "mixed", "黑色 M有货，米白 M还有少量，蓝色 L有货"),
        ("黑色蓝色的M和L", "mixed", "黑色 M有货，黑色 L已售完，蓝色 M有货，蓝色 L有货"),
    ],
)
def test_several_variants_are_listed_each_with_its_status(text: str, status: str, listed: str) -> None:
    facts = stock(text)
    assert (facts["status"], facts["list"]) == (status, listed)


@pytest.mark.parametrize(
    ("text", "status", "sku"),
    [
        ("小了想换大一码", "out", "黑色 L"),
        ("大了换小一码", "in", "黑色 S"),
        ("给我往大调一号", "out", "黑色 L"),
        ("换蓝色大一码", "in", "蓝色 L"),
        ("S小了换大两码", "out", "黑色 L"),
        ("想换S码", "in", "黑色 S"),
        ("换成蓝色", "in", "蓝色 M"),
    ],
)
def test_a_change_names_a_variant_beside_the_one_looked_at(text: str, status: str, sku: str) -> None:
    facts = stock(text, item=LOOKED_AT)
    assert (facts["named"], facts["status"], facts["sku"]) == (True, status, sku)


@pytest.mark.parametrize("text", ["想换个颜色", "还有吗", "大了一码", "偏大一码吗", "换大两码"])
def test_the_variant_looked_at_is_not_one_that_the_buyer_names(text: str) -> None:
    facts = stock_facts(LOOKED_AT, normalise(text))
    assert (facts["stock.named"], facts["stock.sku"]) == (False, "黑色 M")


def test_the_next_size_of_no_variant_is_none() -> None:
    assert "named" not in stock("换大一码")


def test_the_newest_value_of_an_option_counts_and_the_others_go_on() -> None:
    assert stock("那蓝色呢", "黑色有吗", is_bare=True)["sku"] == "蓝色"
    assert stock("那L呢", "黑色M有吗", is_bare=True)["sku"] == "黑色 L"
    assert stock("L码的有没有", "黑色有吗")["sku"] == "黑色 L"


def test_an_earlier_turn_names_nothing_for_a_question_of_its_own() -> None:
    assert "sku" not in stock("现在都有货吗", "黑色L有吗")
    assert stock("还有吗", "黑色L有吗", is_bare=True)["sku"] == "黑色 L"


def test_instead_of_what_is_sold_out_the_same_size_is_named() -> None:
    assert stock("黑色L有吗")["others"] == "蓝色 L"
    assert stock("白色S")["others"] == "黑色 S"
    assert "others" not in stock("黑色M有吗")
    assert "others" not in stock("要紫色")


def test_when_nothing_like_it_is_in_stock_other_values_of_the_option_are_named() -> None:
    bank = item_of([{"颜色": "黑色"}, {"颜色": "白色"}, {"颜色": "浅紫"}], [120, 0, 3])
    assert stock("白色有吗", item=bank)["others"] == "黑色、浅紫"
    assert stock("有货吗", item=bank.model_copy(update={"sku_id": "1"}))["others"] == "黑色、浅紫"
    coat = item_of([{"颜色": c, "尺码": s} for c in ("黑色", "白色") for s in ("M", "L")], [5, 9, 0, 0])
    assert stock("白色还有吗", item=coat)["others"] == "黑色"
    assert "others" not in stock("有货吗", item=item_of([{"颜色": "黑色"}, {"颜色": "白色"}], [0, 0]))


def item_of(options: list[dict[str, str]], counts: list[int]) -> ItemFacts:
    skus = [{"sku_id": str(n), "options": o, "stock": c} for n, (o, c) in enumerate(zip(options, counts, strict=True))]
    return ItemFacts.model_validate({"item_id": "other-9", "skus": skus})


@pytest.mark.parametrize(
    ("text", "status", "sku"),
    [
        ("38纯白", "low", "纯白 38"),
        ("有41码吗", "none", "41码"),
        ("有41吗", "none", "41码"),
        ("41纯白有吗", "in", "纯白"),
    ],
)
def test_a_number_is_a_size_beside_a_colour_or_close_to_the_sizes_sold(text: str, status: str, sku: str) -> None:
    shoe = item_of([{"颜色": "纯白", "尺码": str(size)} for size in range(35, 41)], [9, 8, 9, 4, 9, 9])
    facts = stock(text, item=shoe)
    assert (facts["status"], facts["sku"]) == (status, sku)


@given(st.permutations([(c, s) for c in ("黑色", "米白", "蓝色") for s in ("S", "M", "L")]), st.integers(2, 4))
def test_pairs_named_one_after_another_stay_pairs(pairs: list[tuple[str, str]], count: int) -> None:
    named = list(dict.fromkeys(f"{colour} {size}" for colour, size in pairs[:count]))
    assert stock("、".join(named))["sku"] == "、".join(named)


def test_stock_is_that_of_the_sku_looked_at_when_none_is_named() -> None:
    assert stock("有货吗", item=LOOKED_AT) == {"status": "in", "sku": "黑色 M"}
    assert stock("白色M呢", item=LOOKED_AT)["sku"] == "米白 M"


def test_sold_out_is_said_only_when_nothing_is_unknown() -> None:
    left = tuple(sku for sku in SKIRT.skus if sku.options["尺码"] == "L" and not sku.stock)
    assert [sku.stock for sku in left] == [0, None]
    assert stock("L码有吗", item=SKIRT.model_copy(update={"skus": left}))["status"] == "unknown"
    assert stock("L码有吗", item=SKIRT.model_copy(update={"skus": left[:1]}))["status"] == "out"


@given(st.none() | st.integers(0, 100))
def test_status_follows_the_count(count: int | None) -> None:
    expected = "unknown" if count is None else "out" if count == 0 else "low" if count <= LOW_STOCK else "in"
    assert stock("有吗", item=ItemFacts(stock=count))["status"] == expected


@given(st.sampled_from(sorted({c for c, _ in _STOCK})), st.sampled_from(["S", "M", "L"]))
def test_a_variant_has_the_status_of_its_own_count(colour: str, size: str) -> None:
    count = _STOCK.get((colour, size), -1)
    expected = {-1: "none", 0: "out", None: "unknown"}.get(count) or ("low" if (count or 0) <= LOW_STOCK else "in")
    assert stock(f"{colour}{size}码有吗")["status"] == expected
    assert stock(f"{size}码{colour}有吗")["sku"] == f"{colour} {size}"


def test_without_an_item_nothing_is_said() -> None:
    assert stock_facts(None, "黑色有吗") == {}
    assert stock("有货吗", item=ItemFacts()) == {"status": "unknown"}


@pytest.mark.parametrize(
    ("text", "ids"),
    [("黑色m", ["黑色-M"]), ("l码", ["黑色-L", "米白-L", "蓝色-L"]), ("红色", []), ("smart", []), ("蓝色s", [])],
)
def test_skus_are_named_by_their_option_values(text: str, ids: list[str]) -> None:
    assert [sku.sku_id for sku in named_skus(SKIRT, text)] == ids
