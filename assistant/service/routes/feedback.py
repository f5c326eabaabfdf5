"""What agents make of suggestions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from assistant.masking import mask
from assistant.service.access import Principal, allow
from assistant.service.conversation_schemas import FeedbackDocument, FeedbackReport
from assistant.service.deps import PartsDep, RecorderDep, known_shop
from knowledge.records.feedback import Feedback

router = APIRouter(prefix="/v1/feedback", tags=["feedback"])


@router.post("", status_code=201)
def give_feedback(
    report: FeedbackReport, who: Annotated[Principal, allow("suggest")], parts: PartsDep, recorder: RecorderDep
) -> FeedbackDocument:
    """Store it, masked. Which entry it is about, and how much of it was changed, the log of suggestions says.

    What was sent is not kept where suggestions are not recorded; a conversation that is reported is kept as ever.
    """
    shop, feedback = known_shop(who, report.shop_id, parts), parts.store.feedback
    if report.suggestion_id and not feedback.knows(shop, report.suggestion_id):
        recorder.settle()  # it may have been made a moment ago
    stored = feedback.add(
        Feedback(
            shop_id=shop,
            request_id=report.request_id,
            action=report.action,
            suggestion_id=report.suggestion_id,
            conversation_id=report.conversation_id,
            reason=report.reason,
            comment=_masked(report.comment),
            sent_text=_masked(report.sent_text) if parts.settings.record == "on" else None,
            agent=report.agent or who.name,
        )
    )
    return FeedbackDocument(
        id=stored.id,
        entry_id=stored.entry_id,
        version=stored.version,
        edit_distance=stored.edit_distance,
        length=stored.length,
    )


def _masked(text: str | None) -> str | None:
    return text if text is None else mask(text)
