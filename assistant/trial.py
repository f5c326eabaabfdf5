"""Trying a message out: what is suggested, every entry that was considered and why it lost, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.conversation import read_conversation
from assistant.explanation import EntryReason, Explained
from assistant.previewing import SamplePreview, preview
from assistant.regression import FixedKnowledge, candidate
from assistant.request import SuggestionRequest
from assistant.response import SuggestionResponse
from assistant.suggester import Suggester
from assistant.trial_reasons import Considered, unsayable, why_lost
from assistant.turns import encode_turns
from knowledge.entries import Entry, EntryDraft
from knowledge.roster import Scope
from knowledge.search.left_out import Applied, LeftOut, applied_filters, left_out
from knowledge.snapshot import Snapshot
from models.remembered import RememberedEncoder


@dataclass(frozen=True, slots=True)
class Trial:
    """The response, why it is as it is, and what took no part in it."""

    response: SuggestionResponse
    explained: Explained
    entries: tuple[Considered, ...]
    filters: tuple[Applied, ...]
    filtered_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Unpublished:
    """Drafts and archived entries: those that are looked at, and how many there are."""

    entries: Sequence[Entry] = ()
    total: int = 0


def with_probe(suggester: Suggester, probe: EntryDraft) -> Suggester:
    """A suggester to whose knowledge a draft belongs as if it were published; nothing is stored."""
    published = probe.model_copy(update={"status": "published"})
    state = candidate(suggester.base.snapshot(), published, suggester.encoder, {})
    return replace(suggester, base=FixedKnowledge(state))


def try_message(
    suggester: Suggester, request: SuggestionRequest, unpublished: Unpublished, *, all_shops: bool
) -> Trial:
    """Answer the request on one state of the knowledge, and tell everything about it.

    Entries of other shops are only told of with `all_shops`.
    """
    snapshot = suggester.base.snapshot()
    # The message is read three times over: for the response, for the explanation, for the samples of facts.
    fixed = replace(suggester, base=FixedKnowledge(snapshot), encoder=RememberedEncoder(suggester.encoder))
    now = request.context.now or suggester.clock()
    request = request.model_copy(update={"context": request.context.model_copy(update={"now": now})})
    scope = _scope(fixed, request)
    response, explained = fixed.suggest(request), fixed.explain(request)
    entries = _considered(fixed, request, response, explained, snapshot)
    unsaid = [each for each in entries if each.unsayable]
    turn = encode_turns([read_conversation(request.messages)], fixed.encoder)[0]
    outside = left_out(snapshot, turn.query, scope, unpublished.entries, all_shops=all_shops) if turn.query.text else []
    return Trial(
        response,
        explained,
        tuple(entries),
        (
            *applied_filters(snapshot, scope, unpublished.total, all_shops=all_shops),
            Applied("conditions", "有一个答案的条件成立、说得完整", len(unsaid)),
        ),
        (*(LeftOut(e.reason.entry_id, e.reason.title, "conditions", e.why) for e in unsaid), *outside),
    )


def _scope(suggester: Suggester, request: SuggestionRequest) -> Scope:
    item = request.context.item
    now = request.context.now or suggester.clock()
    return Scope(request.shop_id or suggester.default_shop, now, item.item_id if item else None)


def _considered(
    suggester: Suggester,
    request: SuggestionRequest,
    response: SuggestionResponse,
    explained: Explained,
    snapshot: Snapshot,
) -> list[Considered]:
    """Every entry that was ranked, in that order, with its place among the suggestions or why it has none."""
    [sample] = suggester.samples([request])
    places = {each.source.entry_id: each.rank for each in reversed(response.suggestions) if not each.fallback}

    def previewed(reason: EntryReason) -> SamplePreview:
        return preview(snapshot.entries[reason.entry_id].answers, reason.intent, sample)

    sayable = [(reason, unsayable(snapshot.entries[reason.entry_id], previewed(reason), sample.facts))
               for reason in explained.entries]  # fmt: skip
    return [
        Considered(
            reason,
            places.get(reason.entry_id),
            against is not None,
            against or why_lost(reason, explained.entries, places, response, snapshot),
        )
        for reason, against in sayable
    ]
