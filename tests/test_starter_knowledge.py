"""The shipped knowledge itself: enough of it, each question in one place, an answer for every situation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import get_args

import pytest

from assistant.facts import with_asked_attribute
from assistant.rendering import render
from knowledge.catalogue import ItemFacts
from knowledge.checks import check_entry
from knowledge.compliance import check_text
from knowledge.conditions import Facts, applicable, holds
from knowledge.context import OrderState
from knowledge.entries import EMPATHY_TAG, Answer, EntryDraft
from knowledge.placeholders import field_of, fields, path_of, placeholders
from knowledge.shop_policy import ShopPolicy
from knowledge.starter import starter_changes
from models.intents import intents
from models.text import normalise
from tests.situations import Case, facts_of, known_of, situations

CHANGES = starter_changes()
DRAFTS = CHANGES.drafts
ITEMS = {item.item_id: item for item in CHANGES.items}
POLICY = CHANGES.policies["demo"]
OPENERS = [one for one in DRAFTS if {EMPATHY_TAG, "general"} & set(one.tags)]
# On purpose silent about an item that is known to be something else; every entry answers when nothing is known.
ONLY_FOR = {"spec-size-shoes": "女鞋"}
# Known without any context: settings with a default, and the clock.
ALWAYS = {"now.part_of_day", *ShopPolicy().facts()}
# A condition on the first makes the second known as well.
IMPLIED = {"asked.value": "asked.attribute"}


def is_buyers(one: EntryDraft) -> bool:
    return intents()[one.intent].voice == "buyer" and one.answers_messages and one not in OPENERS


def texts(one: EntryDraft) -> set[str]:
    """What the entry is found by, as it is matched; emoji and masks alone fold to nothing."""
    return {normalise(text) for text in (one.title, *one.questions)} - {""}


# ---- enough of it


def test_every_intent_of_the_contract_has_an_entry() -> None:
    assert len(DRAFTS) >= 450
    assert {one.intent for one in DRAFTS} == set(intents())


def test_buyers_entries_have_eight_phrasings_or_more() -> None:
    assert [one.id for one in DRAFTS if is_buyers(one) and len({normalise(q) for q in one.questions}) < 8] == []


def test_every_entry_passes_the_checks_and_is_published() -> None:
    assert {one.id: list(check_entry(one)) for one in DRAFTS if list(check_entry(one))} == {}
    assert {one.status for one in DRAFTS} == {"published"}


# ---- every question in one place


def test_no_phrasing_belongs_to_two_entries() -> None:
    owners = defaultdict(set)
    for one in DRAFTS:
        for text in texts(one):
            owners[text].add((one.intent, one.id))
    assert {text: where for text, where in owners.items() if len(where) > 1} == {}


def test_titles_tell_the_entries_apart() -> None:
    titles = [one.title for one in DRAFTS]
    assert len(titles) == len(set(titles))


# ---- an answer for every situation


def rendered(one: EntryDraft, facts: Facts, case: Case) -> list[str]:
    known = with_asked_attribute(facts, case.situation.item, normalise(one.title), one.intent)
    filled = (render(answer.text, str(one.id), known) for answer in applicable(one.answers, known))
    return [reply.text for reply in filled if reply]


def test_every_entry_answers_when_nothing_is_known() -> None:
    assert [one.id for one in DRAFTS if one.answers_messages and not applicable(one.answers, {})] == []


@pytest.mark.parametrize("case", situations(), ids=str)
def test_every_entry_has_a_reply_with_nothing_left_to_fill_in(case: Case) -> None:
    facts = facts_of(case)
    replies = {one.id: rendered(one, facts, case) for one in DRAFTS if one.answers_messages and is_meant(one, case)}
    assert [entry_id for entry_id, texts in replies.items() if not texts] == []
    assert [(entry_id, text) for entry_id, texts in replies.items() for text in texts if not is_fit(text)] == []


def is_meant(one: EntryDraft, case: Case) -> bool:
    item = case.situation.item
    if item is None:
        return not one.items
    wanted = ONLY_FOR.get(str(one.id), item.category)
    return item.category == wanted and (not one.items or item.item_id in one.items)


def is_fit(text: str) -> bool:
    half = any(word in text for word in ("{", "}", "None", "True", "False", "，。", "、。", "：。", "，，", "。。"))
    return not half and text.endswith(("。", "！", "？", "～", "”", "）")) and not check_text(text)


def unguarded(answer: Answer) -> list[str]:
    """Facts without gap wording that the answer quotes although it may be used without them."""
    sure = ALWAYS | {path for path, values in answer.when.items() if None not in values}
    sure |= {implied for path, implied in IMPLIED.items() if path in sure}
    paths = {path_of(name) or "" for name in placeholders(answer.text)}
    return [path for path in paths - sure if (field := field_of(path)) is None or field.gap is None]


def test_every_quoted_fact_is_asked_for_by_a_condition_or_has_its_gap_worded() -> None:
    found = {(one.id, n): unguarded(answer) for one in DRAFTS for n, answer in enumerate(one.answers)}
    assert {where: paths for where, paths in found.items() if paths} == {}


def test_every_conditional_answer_is_used_in_some_situation() -> None:
    """Conditions that exclude each other would make a wording that no buyer ever gets."""
    unused = [(one, answer) for one in DRAFTS for answer in one.answers if answer.when]
    for case in situations():
        facts = known_of(case)
        unused = [(one, answer) for one, answer in unused if not is_used(one, answer, facts, case.situation.item)]
    assert [(one.id, answer.when) for one, answer in unused] == []


def is_used(one: EntryDraft, answer: Answer, facts: Facts, item: ItemFacts | None) -> bool:
    """What was talked about before (`talk.`) may come with any situation, so it is left out of the question."""
    answer = answer.model_copy(update={"when": {k: v for k, v in answer.when.items() if not k.startswith("talk.")}})
    if not any(path.startswith("asked.") for path in answer.when):
        return holds(answer, facts)
    return any(holds(answer, with_asked_attribute(facts, item, text, one.intent)) for text in texts(one))


def test_topics_and_stages_that_answers_wait_for_can_come() -> None:
    waited = [(one.id, answer.when) for one in DRAFTS for answer in one.answers]
    topics = {(entry_id, topic) for entry_id, when in waited for topic in when.get("talk.topic", ())}
    subjects = {code for code, intent in intents().items() if intent.phase in ("pre_sale", "in_sale", "after_sale")}
    assert {(entry_id, topic) for entry_id, topic in topics if topic not in {*subjects, "*", None}} == set()
    assert {topic for _, topic in topics} - {"*", None} <= {c for c, i in intents().items() if i.voice == "buyer"}


# ---- fit to send


def test_no_answer_is_forbidden_or_warned_about() -> None:
    findings = {one.id: check_text(answer.text) for one in DRAFTS for answer in one.answers if check_text(answer.text)}
    assert findings == {}


def test_answers_of_an_entry_differ_and_are_short_enough_to_read() -> None:
    for one in DRAFTS:
        wordings = [(answer.text, *sorted(answer.when.items())) for answer in one.answers]
        assert len(wordings) == len(set(wordings)), one.id
        assert all(6 <= len(answer.text) <= 200 for answer in one.answers), one.id


def test_empathy_openers_quote_nothing_and_ask_nothing() -> None:
    assert len(OPENERS) >= 20
    wordings = [(one.id, answer) for one in OPENERS for answer in one.answers]
    assert [where for where, answer in wordings if placeholders(answer.text)] == []
    assert [where for where, answer in wordings if set("？?吗呢") & set(answer.text)] == []
    assert [where for where, answer in wordings if not answer.text.endswith(("。", "！"))] == []


def test_every_trouble_has_an_opener_and_a_general_one_is_there_for_the_rest() -> None:
    troubles = {
        "after.damaged", "after.defect", "after.missing", "after.wrong_item", "after.mismatch", "after.lost",
        "order.stuck", "order.urge_ship", "order.not_received", "after.refund_progress", "risk.service",
    }  # fmt: skip
    assert troubles <= {one.intent for one in OPENERS}
    assert any("general" in one.tags for one in OPENERS)


# ---- the demo shop


def test_demo_shop_has_eight_items_of_five_categories_with_attributes_skus_and_stock() -> None:
    assert len(ITEMS) == 8
    assert {item.category for item in ITEMS.values()} == {"服饰", "母婴", "美妆", "数码", "食品"}
    for item in ITEMS.values():
        assert len(item.attributes) >= 12
        assert len(item.skus) >= 2
        assert all(sku.stock is not None and sku.price and sku.name for sku in item.skus)
        assert len({sku.sku_id for sku in item.skus}) == len(item.skus)
    assert {item_id for one in DRAFTS for item_id in one.items} <= set(ITEMS)


def test_what_items_go_with_is_in_the_shop_and_says_so_too() -> None:
    pairs = {(str(item_id), other) for item_id, item in ITEMS.items() for other in item.goes_with}
    assert pairs
    assert pairs == {(other, item_id) for item_id, other in pairs}
    assert {other for _, other in pairs} <= set(ITEMS)


def test_stock_of_the_demo_shows_plenty_little_and_none() -> None:
    counts = [sku.stock or 0 for item in ITEMS.values() for sku in item.skus]
    assert min(counts) == 0
    assert any(0 < count <= 5 for count in counts)
    assert max(counts) > 20


def test_dress_fits_a_buyer_of_160_cm_and_50_kg_in_m_alone() -> None:
    chart = ITEMS["dress-001"].size_chart
    assert chart is not None
    assert [row.size for row in chart.rows] == ["S", "M", "L", "XL"]
    assert chart.fitting({"height_cm": 160, "weight_kg": 50}) == ["M"]


# ---- the catalogue of facts


def produced() -> Mapping[str, set[str]]:
    values: dict[str, set[str]] = defaultdict(set)
    for case in situations():
        for path, value in facts_of(case).items():
            values[path].add(str(value).lower() if isinstance(value, bool) else str(value))
    return values


def test_every_fact_of_the_catalogue_is_produced_in_some_situation() -> None:
    known = set(produced())
    assert [path for path in fields() if "*" not in path and path not in known] == []
    assert any(path.startswith("item.attributes.") for path in known)


def test_every_listed_value_is_produced_and_no_other() -> None:
    found = produced()
    listed = {path: set(field.values) for path, field in fields().items() if field.values}
    assert {path: found[path] for path in listed} == listed
    assert listed["order.state"] == set(get_args(OrderState))


def test_no_fact_is_produced_that_the_catalogue_does_not_name() -> None:
    assert [path for path in produced() if field_of(path) is None] == []
