"""What insight reads from the database: the rows of one shop between two moments, on every kind of database."""

from __future__ import annotations

from datetime import timedelta

import pytest

from knowledge.context import Context
from knowledge.records.past import PastConversation
from knowledge.store import Store
from tests.traffic import NOON, TEXT, Said, past

HOUR = timedelta(hours=1)


def test_the_first_moment_counts_and_the_last_does_not(store: Store) -> None:
    store.past.put(past([Said(at=NOON - timedelta(milliseconds=1)), Said(at=NOON), Said(at=NOON + HOUR)]))
    assert [one.at for one in store.insight.responses("demo", NOON, NOON + HOUR)] == [NOON]


def test_a_response_comes_back_with_what_insight_counts(store: Store) -> None:
    said = Said(intent="after.defect", item="cup-9", agent="小林", complaint=True, abstained=True,
                missing=("item.attributes.材质",), waited_s=42.5, message="杯子漏水")  # fmt: skip
    store.past.put(past([said]))
    [found] = store.insight.responses("demo", NOON, NOON + HOUR)
    assert (found.intent, found.item_id, found.agent, found.message) == ("after.defect", "cup-9", "小林", "杯子漏水")
    assert (found.complaint, found.abstained, found.missing, found.waited_s) == (True, True, said.missing, 42.5)


def test_no_shop_sees_anothers_and_an_item_only_its_own(store: Store) -> None:
    store.past.put(past([Said(item="a"), Said(item="b"), Said(shop="other", item="a", actions=("shown",))]))
    assert len(store.insight.responses("demo", NOON, NOON + HOUR)) == 2
    assert [one.item_id for one in store.insight.responses("demo", NOON, NOON + HOUR, "a")] == ["a"]
    assert store.insight.feedback("demo", NOON, NOON + HOUR) == ()
    assert len(store.insight.feedback("other", NOON, NOON + HOUR)) == 1


def test_openings_of_the_shop_are_no_buyers_messages(store: Store) -> None:
    store.past.put(past([Said(message="", intent="order.pay_reminder")]))
    assert store.insight.responses("demo", NOON, NOON + HOUR) == ()


def test_feedback_tells_how_much_was_changed(store: Store) -> None:
    store.past.put(past([Said(actions=("shown", "edited"), sent_text=TEXT + "哈哈", agent="小周")]))
    shown, edited = store.insight.feedback("demo", NOON, NOON + HOUR)
    assert (shown.action, shown.edit_distance) == ("shown", None)
    assert (edited.action, edited.edit_distance, edited.length, edited.agent) == ("edited", 2, len(TEXT), "小周")
    assert edited.sent_text == TEXT + "哈哈"


def test_conversations_with_an_order_are_known_by_their_context(store: Store) -> None:
    def talk(name: str, context: Context, shop: str = "demo") -> PastConversation:
        return PastConversation(shop, name, context, NOON)

    quoted = Context.model_validate({"buyer": {"nick": '说 "order":{ 的人'}})
    bought = Context.model_validate({"order": {"state": "paid"}})
    store.past.put(
        [], [talk("none", Context()), talk("quoted", quoted), talk("bought", bought), talk("x", bought, "other")]
    )
    assert store.insight.ordered("demo", NOON) == {"bought"}
    assert store.insight.ordered("demo", NOON + HOUR) == frozenset()


@pytest.mark.parametrize("shop", ["nobody", "a\0b", "\ud800"])
def test_a_shop_that_cannot_be_has_no_records(store: Store, shop: str) -> None:
    assert store.insight.responses(shop, NOON, NOON + HOUR) == ()
    assert store.insight.feedback(shop, NOON, NOON + HOUR) == ()
    assert store.insight.ordered(shop, NOON) == frozenset()
