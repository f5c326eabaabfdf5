"""The test bench: a message tried out, with everything that was weighed, and with a draft that takes part."""

from __future__ import annotations

from typing import Annotated, Self

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from assistant.explanation import EntryReason, Reason
from assistant.request import SuggestionRequest
from assistant.response import SuggestionResponse, Understanding
from assistant.service.access import Principal, allow
from assistant.service.deps import LiveSuggesterDep, PartsDep, known_shop
from assistant.service.shop_rules import seen_entry
from assistant.service.wiring import Parts
from assistant.trial import Trial, Unpublished, try_message, with_probe
from knowledge.checks import require_valid
from knowledge.entries import EntryDraft, Status
from knowledge.search.left_out import Filter

router = APIRouter(prefix="/v1", tags=["entries"])
_LOOKED_AT = 250  # drafts, and archived entries, the latest ones
_UNPUBLISHED: tuple[Status, ...] = ("draft", "archived")


class TrialRequest(BaseModel):
    """A request as for suggestions; `probe`: a draft that takes part as if it were published."""

    request: SuggestionRequest
    probe: EntryDraft | None = None


class TriedEntry(EntryReason):
    """An entry that was ranked; `place` among the suggestions (null: none), and `why`."""

    place: int | None
    why: str


class AppliedFilter(BaseModel):
    """A filter, what it asked for, and how many entries it took out."""

    model_config = ConfigDict(from_attributes=True)

    filter: Filter
    about: str
    removed: int


class FilteredOut(BaseModel):
    """An entry near to the message that a filter kept out; without `similarity` its words are like the message's."""

    model_config = ConfigDict(from_attributes=True)

    entry_id: str
    title: str
    filter: Filter
    reason: str
    similarity: float | None


class TrialResponse(BaseModel):
    """Everything that was weighed: `entries` in their order, their contributions add up to confidence's log-odds."""

    understanding: Understanding
    intents: list[Reason]
    complaint: Reason | None
    emotions: list[Reason]
    entries: list[TriedEntry]
    filters: list[AppliedFilter]
    filtered_out: list[FilteredOut]
    response: SuggestionResponse

    @classmethod
    def of(cls, trial: Trial) -> Self:
        """The trial as a document."""
        explained = trial.explained
        return cls(
            understanding=trial.response.understanding,
            intents=list(explained.intents),
            complaint=explained.complaint,
            emotions=list(explained.emotions),
            entries=[TriedEntry(**dict(each.reason), place=each.place, why=each.why) for each in trial.entries],
            filters=[AppliedFilter.model_validate(each) for each in trial.filters],
            filtered_out=[FilteredOut.model_validate(each) for each in trial.filtered_out],
            response=trial.response,
        )


@router.post("/test-bench")
def try_out(
    body: TrialRequest, who: Annotated[Principal, allow("knowledge.read")], parts: PartsDep, live: LiveSuggesterDep
) -> TrialResponse:
    """What would be suggested and why: ranked entries with every signal, what was filtered out, and why others lost."""
    shop_id = known_shop(who, body.request.shop_id, parts)
    request = body.request.model_copy(update={"shop_id": shop_id})
    if body.probe:
        _require_own(body.probe, who, parts)
    suggester = with_probe(live, body.probe) if body.probe else live
    unpublished = _unpublished(parts, shop_id)
    return TrialResponse.of(try_message(suggester, request, unpublished, all_shops=who.shop_id is None))


def _require_own(probe: EntryDraft, who: Principal, parts: Parts) -> None:
    """Raise unless the draft is a valid one of a shop that may be seen; another shop's entry is as absent."""
    require_valid(probe)
    who.shops(probe.shop_id)
    if probe.id and probe.id in parts.store.entries_by_id([probe.id]):
        seen_entry(who, parts.store, probe.id)


def _unpublished(parts: Parts, shop_id: str) -> Unpublished:
    drafts, archived = (
        parts.store.entries(shop_id=shop_id, status=status, sort="updated_at", limit=_LOOKED_AT)
        for status in _UNPUBLISHED
    )
    return Unpublished((*drafts.entries, *archived.entries), drafts.total + archived.total)
