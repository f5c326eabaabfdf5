"""One immutable knowledge: what advances it, what it embeds, and what each scope may see."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.catalogue import Item
from knowledge.changes import Delta
from knowledge.entries import EMPATHY_TAG, Entry
from knowledge.roster import Roster, Scope
from knowledge.shop_policy import ShopPolicy
from knowledge.snapshot import Snapshot
from tests.counting_encoder import CountingEncoder
from tests.entry_examples import draft

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


def entry(entry_id: str, version: int = 1, **fields: object) -> Entry:
    return Entry.model_validate({**draft(entry_id, **fields).model_dump(), "version": version})


def delta(*entries: Entry, deleted: tuple[str, ...] = (), revision: int = 1) -> Delta:
    return Delta(revision, entries, frozenset(deleted), (), {})


def found(snapshot: Snapshot, encoder: CountingEncoder, text: str, scope: Scope) -> list[str]:
    hits = snapshot.phrasings.search(encoder.encode_queries([text])[0], 50, snapshot.view(scope).phrasings)
    return [snapshot.roster.entry(slot).id for slot in hits.owners.tolist()]


def test_an_edited_answer_embeds_the_answer_only(counting_encoder: CountingEncoder) -> None:
    one = entry("a", questions=["啥时候发", "几天发货"])
    first = Snapshot.empty(counting_encoder).advanced(delta(one), counting_encoder)
    counting_encoder.encoded.clear()
    second = first.advanced(
        delta(entry("a", 2, questions=one.questions, answers=["改过了"]), revision=2), counting_encoder
    )
    assert counting_encoder.encoded == ["改过了"]
    assert second.phrasings is first.phrasings
    assert second.lexical is first.lexical


def test_new_questions_alone_are_embedded_and_order_does_not_matter(counting_encoder: CountingEncoder) -> None:
    first = Snapshot.empty(counting_encoder).advanced(delta(entry("a", questions=["一号", "二号"])), counting_encoder)
    counting_encoder.encoded.clear()
    changed = entry("a", 2, questions=["三号", "二号", "一号"])
    second = first.advanced(delta(changed, revision=2), counting_encoder)
    assert counting_encoder.encoded == ["三号"]
    scope = Scope(None, NOW)
    hits = second.phrasings.search(counting_encoder.encode_queries(["二号"])[0], 1, second.view(scope).phrasings)
    assert changed.phrasings[int(hits.positions[0])] == "二号"


def test_drafts_archived_and_empathy_phrases_are_not_searchable(counting_encoder: CountingEncoder) -> None:
    entries = [
        entry("draft", status="draft"),
        entry("archived", status="archived"),
        entry("sorry", kind="phrase", tags=[EMPATHY_TAG]),
        entry("live"),
    ]
    snapshot = Snapshot.empty(counting_encoder).advanced(delta(*entries), counting_encoder)
    assert set(snapshot.entries) == {"sorry", "live"}
    assert found(snapshot, counting_encoder, "发货", Scope(None, NOW)) == ["live"]
    assert [one.id for one in snapshot.phrases(Scope(None, NOW), tag=EMPATHY_TAG)] == ["sorry"]
    withdrawn = snapshot.advanced(delta(entry("live", 2, status="draft"), revision=2), counting_encoder)
    assert [one.id for one in withdrawn.phrases(Scope(None, NOW))] == ["sorry"]
    assert found(withdrawn, counting_encoder, "发货", Scope(None, NOW)) == []
    assert found(snapshot, counting_encoder, "发货", Scope(None, NOW)) == ["live"]


statuses = st.sampled_from(["published", "draft", "archived"])
changed = st.builds(
    lambda entry_id, intent, status: entry(entry_id, intent=intent, status=status),
    st.sampled_from("abc"), st.sampled_from(["pre.size", "order.urge_ship"]), statuses,
)  # fmt: skip
gone_ids = st.sets(st.sampled_from("abc"), max_size=1)
deltas = st.tuples(st.lists(changed, max_size=2, unique_by=lambda one: one.id), gone_ids)


@settings(deadline=None, max_examples=50)
@given(st.lists(deltas, max_size=5))
def test_after_any_changes_entries_are_found_by_intent_as_they_are(changes: list[tuple[list[Entry], set[str]]]) -> None:
    encoder, scope = CountingEncoder(), Scope(None, NOW)
    snapshot, there = Snapshot.empty(encoder), dict[str, Entry]()
    for revision, (put, deleted) in enumerate(changes, start=1):
        gone = tuple(deleted - {one.id for one in put})
        snapshot = snapshot.advanced(delta(*put, deleted=gone, revision=revision), encoder)
        there = {i: one for i, one in (there | {one.id: one for one in put}).items() if i not in gone}
        for intent in (None, "pre.size", "order.urge_ship"):
            live = [i for i, one in there.items() if one.status == "published" and intent in (None, one.intent)]
            assert [one.id for one in snapshot.phrases(scope, intent=intent)] == sorted(live)


def test_effective_times_turn_entries_on_and_off(counting_encoder: CountingEncoder) -> None:
    sale = entry("sale", effective_from=NOW, effective_until=NOW + timedelta(hours=1))
    snapshot = Snapshot.empty(counting_encoder).advanced(delta(sale), counting_encoder)
    for minutes, seen in ((-1, []), (0, ["sale"]), (59, ["sale"]), (60, [])):
        scope = Scope(None, NOW + timedelta(minutes=minutes))
        assert found(snapshot, counting_encoder, "发货", scope) == seen
        assert [one.id for one in snapshot.phrases(scope, intent=sale.intent)] == seen


def test_lookups(counting_encoder: CountingEncoder) -> None:
    item = Item(item_id="dress", shop_id="demo", title="连衣裙")
    entries = (entry("shared"), entry("own", shop_id="demo"))
    change = Delta(3, entries, frozenset(), (item,), {"demo": ShopPolicy(name="小店")})
    snapshot = Snapshot.empty(counting_encoder).advanced(change, counting_encoder)
    assert snapshot.item("demo", "dress") == item
    assert snapshot.item("demo", "cup") is None
    assert snapshot.policy("demo").name == "小店"
    assert snapshot.policy("other") == ShopPolicy()
    assert snapshot.knows_shop("demo")
    assert not snapshot.knows_shop("other")
    assert [one.id for one in snapshot.phrases(Scope("demo", NOW), intent="order.urge_ship")] == ["own", "shared"]
    assert len(snapshot.phrases(Scope("demo", NOW))) == 2


def test_a_snapshot_never_changes(counting_encoder: CountingEncoder) -> None:
    scope = Scope("demo", NOW)
    first = Snapshot.empty(counting_encoder).advanced(delta(entry("a"), entry("b", shop_id="demo")), counting_encoder)
    before = found(first, counting_encoder, "发货", scope), first.lexical.scores(["发货"], 2).tolist()
    later = first.advanced(delta(entry("c"), entry("d"), deleted=("a",), revision=2), counting_encoder)
    assert (found(first, counting_encoder, "发货", scope), first.lexical.scores(["发货"], 2).tolist()) == before
    assert sorted(found(later, counting_encoder, "发货", scope)) == ["b", "c", "d"]
    assert len(later.roster) == 3, "the slot of a deleted entry is used again"
    assert later.compacted().phrasings is later.phrasings


@st.composite
def rosters(draw: st.DrawFn) -> list[Entry]:
    hours = st.none() | st.integers(-2, 2).map(lambda hour: NOW + timedelta(hours=hour))
    fields = st.fixed_dictionaries(
        {
            "shop_id": st.sampled_from([None, "s1", "s2"]),
            "items": st.lists(st.sampled_from(["i1", "i2"]), max_size=2, unique=True),
            "effective_from": hours,
            "effective_until": hours,
        }
    )
    return [entry(f"e{number}", 1, **one) for number, one in enumerate(draw(st.lists(fields, max_size=6)))]


@given(
    rosters(),
    st.sampled_from([None, "s1", "s2", "s3"]),
    st.sampled_from([None, "i1", "i2", "i3"]),
    st.integers(-3, 3),
    st.sets(st.integers(0, 5)),
)
@settings(deadline=None)
def test_the_columns_say_what_the_scope_says(
    entries: list[Entry], shop: str | None, item: str | None, hour: int, gone: set[int]
) -> None:
    scope = Scope(shop, NOW + timedelta(hours=hour), item)
    roster = Roster().updated(entries, ()).updated((), [f"e{number}" for number in gone])
    allowed = {roster.entry(slot).id for slot, seen in enumerate(roster.allowed(scope)) if seen}
    kept = [one for number, one in enumerate(entries) if number not in gone]
    assert allowed == {one.id for one in kept if scope.admits(one)}
    same = Scope(shop, scope.now + timedelta(minutes=1), item)
    assert roster.key(scope) == roster.key(same) or hour in range(-2, 3)


def test_a_free_slot_has_no_entry() -> None:
    roster = Roster.expecting(["a", None])
    with pytest.raises(KeyError):
        roster.entry(1)
    assert roster.ids == ["a", None]
