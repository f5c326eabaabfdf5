"""Made traffic for tests: records of suggestions with what agents made of them, at any moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from knowledge.records.feedback import Action, Feedback
from knowledge.records.past import PastTurn
from knowledge.records.suggestion_log import Suggested, SuggestionRecord

TEXT = "亲，四十八小时内发出。"
NOON = datetime(2026, 5, 20, 4, tzinfo=UTC)  # noon in Shanghai


@dataclass(frozen=True)
class Said:
    """One buyer's turn as a test describes it."""

    at: datetime = NOON
    intent: str = "pre.size"
    conversation: str | None = "c1"
    item: str | None = None
    agent: str | None = None
    complaint: bool = False
    abstained: bool = False
    missing: tuple[str, ...] = ()
    waited_s: float | None = None
    actions: tuple[Action, ...] = ()
    sent_text: str | None = None
    message: str = "买家的话"
    shop: str = "demo"


def past(said: Sequence[Said]) -> list[PastTurn]:
    """The turns as the store takes them, each a request of its own."""
    return [_turn(number, one) for number, one in enumerate(said)]


def _turn(number: int, one: Said) -> PastTurn:
    request, reply = f"r{number}-{one.shop}", f"s{number}-{one.shop}"
    record = SuggestionRecord(
        shop_id=one.shop,
        request_id=request,
        conversation_id=one.conversation,
        message_id=f"m{number}",
        at=one.at,
        asked_at=None,
        agent=one.agent,
        item_id=one.item,
        message=one.message,
        intents=[(one.intent, 0.9)],
        complaint=one.complaint,
        emotion="neutral",
        risks=(),
        phase=one.intent.partition(".")[0],
        abstained=one.abstained,
        missing=one.missing,
        revision=1,
        took_ms=5.0,
        replies=[Suggested(reply, 1, "policy-ship", 1, one.intent, 0.8, fallback=False, text=TEXT)],
    )
    given = [
        (one.at + timedelta(seconds=place), _feedback(one, request, reply, action))
        for place, action in enumerate(one.actions)
    ]
    return PastTurn(record, one.waited_s, given)


def _feedback(one: Said, request: str, reply: str, action: Action) -> Feedback:
    text = one.sent_text if action in ("sent", "edited") else None
    return Feedback(one.shop, request, action, reply, one.conversation, sent_text=text, agent=one.agent)
