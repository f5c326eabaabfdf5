"""Publishing: the last step of a proposal, after the shop's labelled tests have been run on it."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.regression import Regressed, TestReport, candidate, compare
from assistant.suggester import Suggester
from knowledge.audit import Author
from knowledge.base import KnowledgeBase
from knowledge.changes import Changes
from knowledge.checks import require_valid
from knowledge.entries import Entry, EntryDraft
from knowledge.errors import EntryNotFound, ProposalOutdated, SecondReaderNeeded, WrongState
from knowledge.index_rows import Prepared, embed
from knowledge.proposals import STATE_ZH, Proposal
from knowledge.store import Store


@dataclass(frozen=True, slots=True)
class Published:
    """What came of publishing: the entry as it is now, and what the tests said."""

    entry: Entry
    report: TestReport


@dataclass(frozen=True, slots=True)
class Publisher:
    """Tries proposals out and publishes them. With `second_reader` nobody publishes their own words.

    `shop_id` is the shop of whoever reads what comes of it, None for one who sees them all.
    """

    store: Store
    base: KnowledgeBase
    suggester: Suggester
    shop_id: str | None = None
    second_reader: bool = False

    def report(self, proposal: Proposal) -> TestReport:
        """What the tests would say once the proposal was published; EntryInvalid for one that cannot be."""
        draft = publishable(proposal)
        return self._report(draft, self._prepared(draft))

    def publish(self, proposal: Proposal, by: Author, override_reason: str | None = None) -> Published:
        """Publish it: all checks and tests first, then entry and proposal in one transaction.

        Raises WrongState, SecondReaderNeeded, EntryInvalid, ProposalOutdated when the entry moved on, EntryExists for
        a new entry whose id is taken, and Regressed unless `override_reason` says why it has to be.
        """
        self._require_step(proposal, by)
        draft = publishable(proposal)
        self._require_up_to_date(proposal)
        prepared = self._prepared(draft)
        report = self._report(draft, prepared)
        if report.regressions and not override_reason:
            raise Regressed(report)
        written = self.base.write(
            Changes(drafts=[draft]),
            expected={proposal.entry_id: proposal.base_version or 0} if proposal.entry_id else None,
            create_only=proposal.entry_id is None,
            known=prepared,
            by=by,
            also=self.store.proposals.publishing(proposal, by, override_reason if report.regressions else None),
        )
        return Published(self.store.entry(written.saved[0].entry_id), report)

    def _require_step(self, proposal: Proposal, by: Author) -> None:
        if proposal.state == "published" or (self.second_reader and proposal.state != "in_review"):
            raise WrongState(f"这份提案现在是“{STATE_ZH[proposal.state]}”，不能发布；请刷新后再看，需要时先提交审核。")
        if self.second_reader and proposal.was_written_by(by):
            raise SecondReaderNeeded("店铺要求由另一个人审核：现在的内容是您写的，请让别的编辑来发布。")

    def _require_up_to_date(self, proposal: Proposal) -> None:
        if proposal.entry_id is None or proposal.base_version is None:
            return
        try:
            current = self.store.entry(proposal.entry_id)
        except EntryNotFound:
            current = None
        if current is None or current.version != proposal.base_version:
            seen = current and (None in (self.shop_id, current.shop_id) or current.shop_id == self.shop_id)
            told = current.model_dump(mode="json") if current and seen else None
            raise ProposalOutdated(proposal.base_version, proposal.draft.model_dump(mode="json"), told)

    def _prepared(self, draft: EntryDraft) -> Prepared:
        return embed(self.suggester.encoder, self.base.snapshot().unembedded([draft]))

    def _report(self, draft: EntryDraft, prepared: Prepared) -> TestReport:
        current = self.base.snapshot()
        changed = candidate(current, draft, self.suggester.encoder, prepared)
        return compare(self.suggester, self.store.labelled_tests.list(draft.shop_id or self.shop_id), current, changed)


def publishable(proposal: Proposal) -> EntryDraft:
    """The draft as it would be published, under the id of its entry; raises EntryInvalid with all that is wrong.

    A draft becomes a published entry; one that is to be archived stays archived.
    """
    draft = proposal.draft.completed()
    status = "published" if draft.status == "draft" else draft.status
    ready = draft.model_copy(update={"id": proposal.entry_id or draft.id, "status": status})
    require_valid(ready)
    return ready
