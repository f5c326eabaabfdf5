"""Conversations in the store: nothing twice, nothing lost, nothing of another shop."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.context import Buyer, Context
from knowledge.records.conversations import Conversation, Line
from knowledge.records.incoming import Incoming, Role
from knowledge.store import Store
from tests.record_fixtures import AT, record, rows

SOON = AT + timedelta(seconds=42)


def buyer(text: str, message_id: str | None = None, sent_at: datetime | None = None) -> Line:
    return Line(message_id, "buyer", text, sent_at)


def agent(text: str, message_id: str | None = None, sent_at: datetime | None = None) -> Line:
    return Line(message_id, "agent", text, sent_at)


def found(store: Store, conversation_id: str = "c1", after: int = 0, shop_id: str = "demo") -> Conversation:
    conversation = store.conversations.since(shop_id, conversation_id, after)
    assert conversation is not None
    return conversation


def texts(store: Store, after: int = 0) -> list[str]:
    return [line.text for line in found(store, after=after).messages]


def test_messages_come_back_in_the_order_of_their_report(store: Store) -> None:
    store.conversations.add("demo", "c1", [buyer("在吗", "1"), agent("在的亲", "2")])
    added = store.conversations.add("demo", "c1", [buyer("能改地址吗", "3")])
    assert (added.seq, added.messages_total) == (3, 3)
    assert texts(store) == ["在吗", "在的亲", "能改地址吗"]
    assert [line.seq for line in found(store).messages] == [1, 2, 3]


def test_the_same_id_twice_is_one_message_in_one_report_or_two(store: Store) -> None:
    store.conversations.add("demo", "c1", [buyer("在吗", "1"), buyer("在吗", "1")])
    before = store.conversations.marks()
    added = store.conversations.add("demo", "c1", [buyer("在吗？", "1")])
    assert (added.seq, added.messages_total) == (1, 1)
    assert texts(store) == ["在吗"]
    assert store.conversations.marks() == before


def test_messages_without_id_are_all_stored_and_get_ids_of_their_own(store: Store) -> None:
    store.conversations.add("demo", "c1", [buyer("在吗"), buyer("在吗")])
    ids = [line.message_id for line in found(store).messages]
    assert len(set(ids)) == 2


def test_an_id_made_up_here_is_never_one_that_was_reported(store: Store) -> None:
    store.conversations.add("demo", "c1", [buyer("一", f"x-{number}") for number in range(1, 5)])
    store.conversations.add("demo", "c1", [buyer("二")])
    store.conversations.add("demo", "c1", [buyer("三", "x-6"), buyer("四")])
    assert texts(store)[-3:] == ["二", "三", "四"]


def test_after_a_seq_only_what_came_since(store: Store) -> None:
    first = store.conversations.add("demo", "c1", [buyer("一", "1"), buyer("二", "2")])
    store.conversations.add("demo", "c1", [buyer("三", "3")])
    assert texts(store, after=first.seq) == ["三"]


def test_of_a_long_conversation_the_latest_messages_are_read(store: Store) -> None:
    store.conversations.add("demo", "c1", [buyer(str(number)) for number in range(30)])
    conversation = store.conversations.since("demo", "c1", limit=3)
    assert conversation is not None
    assert [line.text for line in conversation.messages] == ["27", "28", "29"]


def test_context_replaces_context_and_an_equal_one_changes_nothing(store: Store) -> None:
    context = Context(buyer=Buyer(nick="tb01"))
    store.conversations.add("demo", "c1", [buyer("在吗")], context)
    same = store.conversations.add("demo", "c1", [], context)
    assert (same.seq, found(store).context) == (2, context)
    other = store.conversations.add("demo", "c1", [], Context(channel="qianniu"))
    assert other.seq == 3
    assert found(store).context == Context(channel="qianniu")
    assert store.conversations.list("demo", waiting=False)[0].buyer is None


def test_messages_alone_leave_the_context_as_it_is(store: Store) -> None:
    context = Context(buyer=Buyer(nick="tb01"))
    store.conversations.add("demo", "c1", [], context)
    store.conversations.add("demo", "c1", [buyer("在吗")])
    assert found(store).context == context


def test_two_shops_never_share_a_conversation(store: Store) -> None:
    store.conversations.add("demo", "c1", [buyer("一店", "1")])
    store.conversations.add("other", "c1", [buyer("二店", "1")])
    assert texts(store) == ["一店"]
    assert [one.last_text for one in store.conversations.list("other", waiting=True)] == ["二店"]
    assert store.conversations.since("third", "c1") is None


def test_the_buyer_waits_from_the_first_unanswered_message_until_the_answer(store: Store) -> None:
    store.conversations.add("demo", "c1", [buyer("一", sent_at=AT), buyer("二", sent_at=SOON)])
    assert found(store).waiting_since == AT
    store.conversations.add("demo", "c1", [Line(None, "system", "买家撤回了一条消息")])
    assert found(store).waiting_since == AT
    store.conversations.add("demo", "c1", [agent("在的")])
    assert found(store).waiting_since is None


def test_those_who_wait_are_listed_longest_first(store: Store) -> None:
    store.conversations.add("demo", "late", [buyer("一", sent_at=SOON)], Context(buyer=Buyer(nick="tb02")))
    store.conversations.add("demo", "early", [buyer("二", sent_at=AT)])
    store.conversations.add("demo", "done", [buyer("三", sent_at=AT), agent("好的")])
    waiting = store.conversations.list("demo", waiting=True)
    assert [(one.conversation_id, one.waiting_since) for one in waiting] == [("early", AT), ("late", SOON)]
    assert (waiting[1].buyer, waiting[1].last_text) == ("tb02", "一")
    assert len(store.conversations.list("demo", waiting=False)) == 3
    assert len(store.conversations.list("demo", waiting=False, limit=2)) == 2


def test_a_message_from_the_future_was_sent_now(store: Store) -> None:
    store.conversations.add("demo", "c1", [buyer("在吗", sent_at=datetime(2090, 1, 1, tzinfo=UTC))])
    waiting_since = found(store).waiting_since
    assert waiting_since is not None
    assert abs(waiting_since - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_answer_tells_the_suggestions_of_its_turn_how_long_the_buyer_waited(store: Store) -> None:
    store.conversations.add("demo", "c1", [buyer("在吗", sent_at=AT)])
    store.suggestion_log.add([record(), record(conversation_id="c2"), record(asked_at=AT - timedelta(days=1))])
    store.conversations.add("demo", "c1", [agent("在的", sent_at=SOON), agent("请讲", sent_at=SOON + timedelta(1))])
    assert [row["waited_s"] for row in rows(store, "suggestions")] == [42.0, None, None]


def test_marks_tell_of_every_change_and_of_the_knowledge(store: Store) -> None:
    before = store.conversations.marks()
    assert store.conversations.changed_since(before.clock) == set()
    store.conversations.add("demo", "c1", [buyer("在吗")])
    store.conversations.add("other", "c2", [], Context(channel="x"))
    after = store.conversations.marks()
    assert after.clock > before.clock
    assert after.revision == before.revision == store.revision() == 0
    assert store.conversations.changed_since(before.clock) == {("demo", "c1"), ("other", "c2")}


def test_reports_from_many_threads_are_all_there_once(store: Store) -> None:
    def report(number: int) -> None:
        store.conversations.add("demo", "c1", [buyer(str(number), str(number)), buyer("同", "same")])

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(report, range(24)))
    lines = found(store).messages
    assert len(lines) == 25
    assert [line.seq for line in lines] == list(range(1, 26))


def test_old_conversations_are_removed_with_their_messages(store: Store) -> None:
    store.conversations.add("demo", "c1", [buyer("在吗")])
    assert store.conversations.purge(datetime.now(UTC) - timedelta(days=1)) == 0
    assert store.conversations.purge(datetime.now(UTC) + timedelta(days=1)) == 1
    assert store.conversations.since("demo", "c1") is None
    assert rows(store, "conversation_messages") == []


@pytest.mark.parametrize("bad", ["a\0b", "\ud800"])
def test_an_id_that_no_database_holds_is_absent(store: Store, bad: str) -> None:
    assert store.conversations.since("demo", bad) is None
    assert store.conversations.since(bad, "c1") is None


roles: st.SearchStrategy[Role] = st.sampled_from(["buyer", "agent", "system"])


@given(st.lists(roles, max_size=12))
def test_somebody_waits_exactly_when_the_last_who_spoke_is_the_buyer(spoken: list[Role]) -> None:
    state = Incoming.after(0, None, AT)
    for role in spoken:
        state.take(Line(None, role, "话"))
    heard = [role for role in spoken if role != "system"]
    assert (state.waiting_since is not None) == (bool(heard) and heard[-1] == "buyer")
    assert state.seq == len(state.rows) == len(spoken)
