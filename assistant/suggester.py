"""The whole product on one screen: a conversation in, ranked ready-to-send replies out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from assistant.conversation import Conversation, read_conversation
from assistant.facts import Situation, collect_facts, local_time
from assistant.next_steps import next_steps
from assistant.opening import opening_entries, understood_opening
from assistant.ranking import rank
from assistant.replies import Writer, as_suggestions
from assistant.reply_rules import HOLDING, EmpathyRule, choose, silence
from assistant.request import SuggestionRequest
from assistant.response import SuggestionResponse, new_id
from assistant.slots import read_measurements
from assistant.understanding import understand
from knowledge.base import KnowledgeBase
from knowledge.errors import ShopUnknown
from knowledge.retriever import Query, Scope, retrieve
from knowledge.snapshot import Snapshot
from models.calibration import Calibration
from models.encoder import Encoder

CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class Suggester:
    """Suggests replies from the shop's knowledge. Safe to use from many threads; nothing is sent, nothing is stored."""

    base: KnowledgeBase
    encoder: Encoder
    calibration: Calibration
    default_shop: str = "demo"
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    def suggest(self, request: SuggestionRequest) -> SuggestionResponse:
        """Suggestions for one conversation; ShopUnknown for a shop that nothing is known about."""
        return self.suggest_many([request])[0]

    def suggest_many(self, requests: Sequence[SuggestionRequest]) -> list[SuggestionResponse]:
        """Suggestions for many conversations on one state of the knowledge; their texts are encoded as a batch."""
        started = perf_counter()
        snapshot = self.base.snapshot()
        for request in requests:
            _require_known_shop(request, snapshot)
        conversations = [read_conversation(request.messages) for request in requests]
        vectors = self.encoder.encode_queries([conversation.query for conversation in conversations])
        encoding = (perf_counter() - started) / max(len(requests), 1)
        return [
            self._suggest(request, conversation, vector, snapshot, perf_counter() - encoding)
            for request, conversation, vector in zip(requests, conversations, vectors, strict=True)
        ]

    def require_known_shop(self, request: SuggestionRequest) -> None:
        """Raise ShopUnknown for a shop without knowledge or settings: most likely a misspelt shop_id."""
        _require_known_shop(request, self.base.snapshot())

    def _suggest(
        self,
        request: SuggestionRequest,
        conversation: Conversation,
        vector: NDArray[np.float32],
        snapshot: Snapshot,
        started: float,
    ) -> SuggestionResponse:
        situation = self._situation(request, conversation, snapshot)
        scope = Scope(situation.shop_id, situation.now, situation.item.item_id if situation.item else None)
        if request.intent:
            understanding, ranked = understood_opening(request.intent), opening_entries(snapshot, scope, request.intent)
        elif conversation.turn:
            candidates = retrieve(snapshot, Query(conversation.query, vector), scope, CANDIDATES)
            understanding, intent_of = understand(situation, candidates, self.calibration)
            ranked = rank(candidates, intent_of, self.calibration)
        else:
            understanding, ranked = understood_opening(None), []

        facts = collect_facts(situation)
        empathy = EmpathyRule(snapshot, scope, understanding, situation.text, conversation.said, facts)
        writer = Writer(facts, situation.item, situation.text, conversation.said, empathy.opener)
        replies = choose(ranked, writer.write, request.limit)
        reason = silence(replies, waited_for=bool(conversation.turn or request.intent), calibration=self.calibration)
        if reason:
            holding = opening_entries(snapshot, scope, HOLDING) if conversation.turn else []
            replies = choose(holding, writer.write, request.limit)
        return SuggestionResponse(
            request_id=request.request_id or new_id("r"),
            for_message_id=conversation.for_message_id,
            knowledge_revision=snapshot.revision,
            understanding=understanding,
            abstained=reason is not None,
            reason=reason,
            suggestions=as_suggestions(replies, fallback=reason is not None),
            next_steps=next_steps(understanding, facts, conversation.turn, local_time(situation)),
            took_ms=round((perf_counter() - started) * 1000, 2),
        )

    def _situation(self, request: SuggestionRequest, conversation: Conversation, snapshot: Snapshot) -> Situation:
        shop_id = request.shop_id or self.default_shop
        inline = request.context.item
        stored = snapshot.item(shop_id, inline.item_id) if inline and inline.item_id else None
        return Situation(
            shop_id=shop_id,
            context=request.context,
            item=inline.over(stored) if inline else None,
            policy=snapshot.policy(shop_id),
            text=conversation.query,
            measurements=read_measurements(conversation.buyer_text),
            now=request.context.now or self.clock(),
        )


def _require_known_shop(request: SuggestionRequest, snapshot: Snapshot) -> None:
    if request.shop_id and not snapshot.knows_shop(request.shop_id):
        raise ShopUnknown(request.shop_id)
