"""Clusters of unserved messages: alike together, the same in any order, with a draft that lacks only its answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.clusters import Cluster, cluster
from assistant.service.wiring import Parts
from knowledge.unmet_messages import UnmetMessage
from models.remembered import RememberedEncoder
from models.text import normalise
from models.training.utterances import utterances
from tests.starter_fixtures import starter_parts as starter_parts

AT = datetime(2026, 11, 21, tzinfo=UTC)
ENGRAVING = ["可以刻字吗", "能不能刻字", "杯子上能刻名字吗", "可以刻名字吗", "能刻字吗", "支持刻字吗"]
PARKING = ["你们店里停车方便吗", "门店停车方便吗", "店里有地方停车吗"]


def said(text: str, minute: int = 0, **fields: Any) -> UnmetMessage:
    usual = {"intents": [("other.unclear", 0.5), ("pre.spec", 0.3)], "item_id": None}
    return UnmetMessage(text, AT + timedelta(minutes=minute), **(usual | fields))


def clusters(parts: Parts, *messages: UnmetMessage) -> list[Cluster]:
    return cluster(messages, parts.base.snapshot(), parts.suggester.encoder, "demo")


def test_what_asks_the_same_is_together_the_largest_first(starter_parts: Parts) -> None:
    found = clusters(starter_parts, *map(said, [*PARKING, *ENGRAVING]))
    assert {wording.text for wording in found[0].wordings} == set(ENGRAVING)
    assert {wording.text for wording in found[1].wordings} == set(PARKING)
    assert [each.size for each in found] == [6, 3]
    assert found[0].title in ENGRAVING


def test_a_wording_said_often_is_one_wording_that_weighs_more(starter_parts: Parts) -> None:
    often = [said("门店停车方便吗", minute) for minute in range(7)]
    first = clusters(starter_parts, *often, *map(said, ENGRAVING))[0]
    assert (first.size, first.title) == (7, "门店停车方便吗")
    assert [(one.times, one.last_at) for one in first.wordings] == [(7, AT + timedelta(minutes=6))]


def test_the_draft_is_an_entry_of_the_shop_that_lacks_only_its_answer(starter_parts: Parts) -> None:
    [first] = clusters(starter_parts, *map(said, ENGRAVING))
    draft = first.draft
    assert (draft.shop_id, draft.intent, draft.status, draft.answers) == ("demo", "pre.spec", "draft", ())
    assert {draft.title, *draft.questions} == set(ENGRAVING)
    assert first.intent == "pre.spec"


def test_what_was_masked_is_shown_but_is_no_phrasing(starter_parts: Parts) -> None:
    masked = [said("可以刻138****0000吗"), *map(said, ENGRAVING)]
    found = clusters(starter_parts, *masked)
    assert not any("****" in text for each in found for text in (each.draft.title, *each.draft.questions))
    assert any("****" in one.text for each in found for one in each.wordings)


def test_a_masked_message_alone_still_makes_a_draft(starter_parts: Parts) -> None:
    [only] = clusters(starter_parts, said("****"))
    assert only.draft.title
    assert only.draft.questions


def test_one_message_alone_makes_a_draft_with_a_phrasing(starter_parts: Parts) -> None:
    [only] = clusters(starter_parts, said("能刻字吗", intents=[("other.chitchat", 0.9)]))
    assert (only.size, only.draft.questions, only.intent, only.draft.intent) == (
        1,
        ("能刻字吗",),
        None,
        "other.unclear",
    )


def test_disliked_entries_are_counted(starter_parts: Parts) -> None:
    bad = [said(text, entry_id="b" if number % 3 else "a") for number, text in enumerate(ENGRAVING)]
    [first] = clusters(starter_parts, *bad)
    assert first.entries == (("b", 4), ("a", 2))


def test_a_product_question_about_one_item_is_limited_to_it(starter_parts: Parts) -> None:
    about = [said(text, intents=[("pre.material", 0.6)], item_id="cup-001") for text in ENGRAVING]
    [first] = clusters(starter_parts, *about)
    assert (first.draft.kind, first.draft.items) == ("product_spec", ("cup-001",))
    apart = [*about, said("能刻字么", intents=[("pre.material", 0.6)], item_id="cup-002")]
    assert clusters(starter_parts, *apart)[0].draft.items == ()


def test_nothing_said_makes_no_clusters(starter_parts: Parts) -> None:
    assert clusters(starter_parts) == []
    assert clusters(starter_parts, said("  ")) == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations([*ENGRAVING, *PARKING, "能刻字吗", "发票怎么开"]))
def test_the_order_of_the_messages_changes_nothing(starter_parts: Parts, order: list[str]) -> None:
    as_given = clusters(starter_parts, *map(said, [*ENGRAVING, *PARKING, "能刻字吗", "发票怎么开"]))
    assert clusters(starter_parts, *map(said, order)) == as_given
    assert sum(each.size for each in as_given) == 11


def test_two_thousand_messages_are_clustered_in_seconds(starter_parts: Parts) -> None:
    """Without the encoder, which remembers what it has read; time of the processor, whatever else it does."""
    encoder = RememberedEncoder(starter_parts.suggester.encoder)
    texts = [each.text for each in utterances()[:2100] if normalise(each.text)][:2000]
    encoder.encode_queries([normalise(text) for text in texts])
    start = process_time()
    found = cluster([said(text) for text in texts], starter_parts.base.snapshot(), encoder, "demo")
    took = process_time() - start
    assert sum(each.size for each in found) == 2000
    assert took < 3, took
