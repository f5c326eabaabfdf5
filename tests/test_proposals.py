"""Proposals: kept as written, one step at a time, and never decided on in words that are no longer there."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.audit import Author
from knowledge.changes import Changes
from knowledge.errors import EntryInvalid, ProposalConflict, RecordNotFound, VersionConflict, WrongState
from knowledge.proposals import Proposal, ProposalText
from knowledge.sketches import Sketch
from knowledge.store import Store
from tests.entry_examples import draft

ANN, BEN = Author("小安", "editor", 1), Author("小本", "editor", 2)


def sketch(**fields: Any) -> Sketch:
    return Sketch.model_validate({**draft(None, shop_id="demo").model_dump(), **fields})


def proposed(store: Store, by: Author = ANN, **fields: Any) -> Proposal:
    return store.proposals.create(ProposalText(sketch(**fields)), by)


def in_review(store: Store, **fields: Any) -> Proposal:
    proposal = proposed(store, **fields)
    return store.proposals.submit(proposal.id, proposal.version, ANN)


def actions(store: Store) -> list[str]:
    return [record.action for record in store.audit.page()]


def test_a_proposal_is_kept_as_it_was_written(store: Store) -> None:
    text = ProposalText(sketch(title="双11几点发货", note="\0 怪字符"), "policy-ship", 3, "活动前改一下")
    made = store.proposals.create(text, ANN)
    read = store.proposals.get(made.id)
    assert read == made
    assert (read.draft, read.entry_id, read.base_version, read.comment) == (
        text.draft,
        "policy-ship",
        3,
        "活动前改一下",
    )
    assert (read.state, read.version, read.author, read.editor, read.reviewer) == ("draft", 1, "小安", "小安", None)
    assert store.revision() == 0


def test_a_sketch_without_answers_is_kept_and_told_when_it_shall_be_an_entry(store: Store) -> None:
    kept = store.proposals.get(proposed(store, answers=[]).id)
    assert kept.draft.answers == ()
    with pytest.raises(EntryInvalid, match="还没有答案"):
        kept.draft.completed()
    assert sketch().completed() == draft(None, shop_id="demo")


def test_the_way_of_a_proposal_and_who_took_each_step(store: Store) -> None:
    proposal = in_review(store)
    returned = store.proposals.send_back(proposal.id, 2, "语气再软一点", BEN)
    assert (returned.state, returned.reviewer, returned.review_comment) == ("returned", "小本", "语气再软一点")
    edited = store.proposals.edit(proposal.id, 3, ProposalText(sketch(title="何时发货")), BEN)
    assert (edited.state, edited.author, edited.editor, edited.version) == ("draft", "小安", "小本", 4)
    assert store.proposals.submit(proposal.id, 4, ANN).state == "in_review"
    assert actions(store)[::-1] == [f"proposal.{each}" for each in ("create", "submit", "return", "update", "submit")]


def test_whose_words_they_are_is_told_by_the_key(store: Store) -> None:
    mine = proposed(store)
    assert mine.was_written_by(Author("改了名字", "editor", 1))
    assert not mine.was_written_by(Author("小安", "editor", 2))
    local = proposed(store, by=Author("本机", "admin"))
    assert local.was_written_by(Author("本机", "admin"))
    assert not local.was_written_by(Author("别人", "admin"))


def test_the_same_words_again_are_no_change(store: Store) -> None:
    proposal = in_review(store)
    assert store.proposals.edit(proposal.id, 2, ProposalText(sketch()), BEN) == proposal


@pytest.mark.parametrize("step", ["edit", "submit", "send_back", "delete", "publish"])
def test_nobody_decides_on_words_that_were_changed(store: Store, step: str) -> None:
    proposal = in_review(store)
    changed = store.proposals.edit(proposal.id, 2, ProposalText(sketch(title="别的话")), BEN)
    with pytest.raises(ProposalConflict, match="第 3 稿"):
        take(store, step, proposal)
    assert store.proposals.get(proposal.id) == changed
    assert store.revision() == 0


def take(store: Store, step: str, proposal: Proposal) -> None:
    here = (proposal.id, proposal.version)
    if step == "edit":
        store.proposals.edit(*here, ProposalText(sketch(title="第三个人的话")), ANN)
    elif step == "submit":
        store.proposals.submit(*here, ANN)
    elif step == "send_back":
        store.proposals.send_back(*here, None, BEN)
    elif step == "delete":
        store.proposals.delete(*here, ANN)
    else:
        publish(store, proposal)


def publish(store: Store, proposal: Proposal, reason: str | None = None) -> str:
    also = store.proposals.publishing(proposal, BEN, reason)
    written = store.write(Changes(drafts=[proposal.draft.completed()]), by=BEN, also=also)
    return written.saved[0].entry_id


def test_publishing_writes_the_entry_and_marks_the_proposal_in_one_transaction(store: Store) -> None:
    proposal = in_review(store)
    entry_id = publish(store, proposal, "活动马上开始")
    read = store.proposals.get(proposal.id)
    assert (read.state, read.entry_id, read.published_version, read.reviewer) == ("published", entry_id, 1, "小本")
    record = store.audit.page(action="proposal.publish")[0]
    assert record.after["override_reason"] == "活动马上开始"
    assert actions(store)[:2] == ["proposal.publish", "entry.create"]


def test_a_proposal_is_published_once_and_the_second_entry_is_not_written(store: Store) -> None:
    proposal = in_review(store)
    publish(store, proposal)
    revision = store.revision()
    with pytest.raises(ProposalConflict):
        publish(store, proposal)
    assert (store.revision(), store.entries().total) == (revision, 1)


@pytest.mark.parametrize("step", ["edit", "submit", "send_back", "delete"])
def test_a_published_proposal_stays_as_it_is(store: Store, step: str) -> None:
    proposal = in_review(store)
    publish(store, proposal)
    done = store.proposals.get(proposal.id)
    with pytest.raises(WrongState, match="已发布"):
        take(store, step, done)
    assert store.proposals.get(proposal.id) == done


def test_only_what_is_in_review_is_returned(store: Store) -> None:
    proposal = proposed(store)
    with pytest.raises(WrongState, match=r"草稿.*待审核"):
        store.proposals.send_back(proposal.id, 1, None, BEN)


def test_an_entry_that_cannot_be_written_leaves_the_proposal_in_review(store: Store) -> None:
    store.write(Changes(drafts=[draft("policy-ship")]))
    proposal = in_review(store, id="policy-ship")
    with pytest.raises(VersionConflict):
        store.write(
            Changes(drafts=[proposal.draft.completed()]),
            expected={"policy-ship": 7},
            also=store.proposals.publishing(proposal, BEN),
        )
    assert store.proposals.get(proposal.id) == proposal


def test_a_deleted_proposal_is_gone_but_on_record(store: Store) -> None:
    proposal = proposed(store, title="不要了")
    store.proposals.delete(proposal.id, 1, ANN)
    with pytest.raises(RecordNotFound):
        store.proposals.get(proposal.id)
    assert store.audit.page()[0].before["draft"]["title"] == "不要了"


def test_the_list_is_filtered_counted_and_newest_first(store: Store) -> None:
    old, other = proposed(store), proposed(store, shop_id="other")
    shared, new = proposed(store, shop_id=None), in_review(store)
    assert [each.id for each in store.proposals.page(shop_id="demo")[0]] == [new.id, shared.id, old.id]
    assert store.proposals.page(shop_id="other", states=["draft"]) == ([shared, other], 2)
    assert store.proposals.page(states=["in_review"]) == ([new], 1)
    assert store.proposals.page(limit=1, offset=3) == ([old], 4)
    assert store.proposals.page(entry_id="nobody") == ([], 0)
    assert store.proposals.page(shop_id="\0") == ([], 0)


def test_what_no_database_can_hold_is_refused_with_its_field(store: Store) -> None:
    with pytest.raises(EntryInvalid, match="comment"):
        store.proposals.create(ProposalText(sketch(), comment="\0"), ANN)
