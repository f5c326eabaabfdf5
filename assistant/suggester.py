"""The whole product on one screen: a conversation in, ranked ready-to-send replies out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import perf_counter
from typing import Protocol

from assistant.conversation import Conversation, read_conversation
from assistant.evidence import Evidence, read_evidence, state_of
from assistant.explanation import Explained, explained
from assistant.facts import Situation, collect_facts, local_time
from assistant.next_phrase import next_phrase
from assistant.next_steps import Scene, next_steps
from assistant.opening import opening_entries, understood_opening
from assistant.previewing import Sample
from assistant.ranking import NO_FEEDBACK, Ranked, rank
from assistant.replies import Reply, Writer, as_suggestions
from assistant.reply_rules import HOLDING, EmpathyRule, choose, silence, without_small_talk
from assistant.request import SuggestionRequest
from assistant.response import SuggestionResponse, Understanding, new_id
from assistant.several import separate_topics, understood_apart, with_all_answered
from assistant.slots import latest_measurements
from assistant.stages import NO_STAGES, Stages
from assistant.talk import talk_facts, topic_before
from assistant.turns import Turn, encode_turns
from assistant.understanding import Probabilities, probabilities_of, understand
from knowledge.conditions import Facts
from knowledge.errors import ShopUnknown
from knowledge.retriever import Query, Scope, retrieve
from knowledge.snapshot import Snapshot
from models.calibration import Calibration
from models.encoder import Encoder
from models.heads import Opinions
from models.text import normalise

TOLD = 30  # earlier messages of the buyer that measurements, ages and variants are read from
REMEMBERED = 3  # earlier turns of the buyer that a message which the shop opens may come back to


class Knowledge(Protocol):
    """Where the knowledge comes from: the knowledge base, or one state of it that is tried out."""

    def snapshot(self) -> Snapshot:
        """The knowledge that a request is answered from."""


@dataclass(frozen=True, slots=True)
class Suggester:
    """Suggests replies from the shop's knowledge. Safe to use from many threads; nothing is sent, nothing is stored."""

    base: Knowledge
    encoder: Encoder
    calibration: Calibration = field(repr=False)
    default_shop: str = "demo"
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    stages: Stages = field(default=NO_STAGES, repr=False)
    feedback: Callable[[str], Mapping[str, float]] = field(default=lambda _shop_id: NO_FEEDBACK, repr=False)

    def suggest(self, request: SuggestionRequest) -> SuggestionResponse:
        """Suggestions for one conversation; ShopUnknown for a shop that nothing is known about."""
        return self.suggest_many([request])[0]

    def suggest_many(self, requests: Sequence[SuggestionRequest]) -> list[SuggestionResponse]:
        """Suggestions for many conversations on one state of the knowledge; their texts are encoded as a batch."""
        self.stages.begin()
        started = perf_counter()
        snapshot = self.base.snapshot()
        for request in requests:
            _require_known_shop(request, snapshot)
        conversations = [read_conversation(each.messages, REMEMBERED if each.intent else 1) for each in requests]
        turns = encode_turns(conversations, self.encoder)
        self.stages.end("encode")
        encoding = (perf_counter() - started) / max(len(requests), 1)
        return [
            self._suggest(request, turn, snapshot, perf_counter() - encoding)
            for request, turn in zip(requests, turns, strict=True)
        ]

    def explain(self, request: SuggestionRequest) -> Explained:
        """Why the buyer's last turn is read and answered as it is; ShopUnknown as in `suggest`."""
        snapshot = self.base.snapshot()
        _require_known_shop(request, snapshot)
        [turn] = encode_turns([read_conversation(request.messages)], self.encoder)
        if request.intent or not turn.conversation.turn:
            return Explained()
        situation = self._situation(request, turn.conversation, snapshot)
        evidence = self._evidence(turn.query, self._heard(turn), situation, snapshot, _scope(situation))
        intent_of = probabilities_of(evidence, self.calibration)
        ranked = self._ranked(evidence, intent_of, situation)
        return explained(turn.query.text, evidence, intent_of, ranked, self.calibration)

    def samples(self, requests: Sequence[SuggestionRequest]) -> list[Sample]:
        """What answers may quote and test in each conversation; ShopUnknown as in `suggest`."""
        snapshot = self.base.snapshot()
        for request in requests:
            _require_known_shop(request, snapshot)
        turns = encode_turns([read_conversation(each.messages) for each in requests], self.encoder)
        return [self._sample(request, turn, snapshot) for request, turn in zip(requests, turns, strict=True)]

    def _sample(self, request: SuggestionRequest, turn: Turn, snapshot: Snapshot) -> Sample:
        situation = self._situation(request, turn.conversation, snapshot)
        understanding, _, _ = self._understood(request, turn, situation, snapshot, _scope(situation))
        return Sample(self._facts(request, turn, situation, understanding), situation.item, situation.question)

    def require_known_shop(self, request: SuggestionRequest) -> None:
        """Raise ShopUnknown for a shop without knowledge or settings: most likely a misspelt shop_id."""
        _require_known_shop(request, self.base.snapshot())

    def _suggest(
        self, request: SuggestionRequest, turn: Turn, snapshot: Snapshot, started: float
    ) -> SuggestionResponse:
        conversation = turn.conversation
        situation = self._situation(request, conversation, snapshot)
        scope = _scope(situation)
        understanding, ranked, apart = self._understood(request, turn, situation, snapshot, scope)
        facts = self._facts(request, turn, situation, understanding)
        empathy = EmpathyRule(snapshot, scope, understanding, situation.text, conversation.said, facts)
        writer = Writer(facts, situation.item, situation.question, conversation.said, empathy.opener)
        replies = choose(without_small_talk(ranked, understanding.answerable), writer.write, request.limit)
        singles = [self._answer(code, asked, situation, snapshot, scope, writer) for code, asked in apart.items()]
        replies = with_all_answered(singles, replies, request.limit)
        waited_for = bool(conversation.turn or request.intent)
        reason = silence(
            replies, waited_for=waited_for, answerable=understanding.answerable, calibration=self.calibration
        )
        if reason:
            holding = opening_entries(snapshot, scope, HOLDING) if conversation.turn else []
            replies = choose(holding, writer.write, request.limit)
        self.stages.end("write")
        scene = Scene(conversation.turn, local_time(situation), request.messages, situation.item, request.context.order)
        response = SuggestionResponse(
            request_id=request.request_id or new_id("r"),
            for_message_id=conversation.for_message_id,
            knowledge_revision=snapshot.revision,
            understanding=understanding,
            abstained=reason is not None,
            reason=reason,
            suggestions=as_suggestions(replies, fallback=reason is not None),
            next_phrase=None if reason else next_phrase(snapshot, scope, understanding, facts, conversation.said),
            next_steps=next_steps(understanding, facts, scene),
            took_ms=round((perf_counter() - started) * 1000, 2),
        )
        self.stages.end("steps")
        return response

    def _facts(
        self, request: SuggestionRequest, turn: Turn, situation: Situation, understanding: Understanding
    ) -> Facts:
        """All that is known in the situation, and where the talk stands."""
        before = topic_before(turn, self.calibration.heads, opening=request.intent is not None)
        return collect_facts(situation) | talk_facts(understanding, before, situation)

    def _understood(
        self, request: SuggestionRequest, turn: Turn, situation: Situation, snapshot: Snapshot, scope: Scope
    ) -> tuple[Understanding, list[Ranked], dict[str, Query]]:
        """What is wanted, the entries that may serve it, best first, and the questions that are answered singly."""
        if request.intent:
            return understood_opening(request.intent), opening_entries(snapshot, scope, request.intent), {}
        if not turn.conversation.turn:
            return understood_opening(None), [], {}
        understanding, ranked = self._read(turn.query, self._heard(turn), situation, snapshot, scope)
        apart = separate_topics(turn, self.calibration.heads)
        return understood_apart(understanding, apart), ranked, apart

    def _heard(self, turn: Turn) -> Opinions:
        """What the heads make of a turn."""
        clauses = list(zip(turn.clauses, turn.conversation.clauses, strict=True))
        return self.calibration.heads.read(turn.vector, turn.in_context, turn.conversation.worded, clauses)

    def _read(
        self, query: Query, said: Opinions, situation: Situation, snapshot: Snapshot, scope: Scope
    ) -> tuple[Understanding, list[Ranked]]:
        """What a text means, and the entries that may answer it, best first."""
        evidence = self._evidence(query, said, situation, snapshot, scope)
        understanding, intent_of = understand(evidence, self.calibration, situation.measurements)
        ranked = self._ranked(evidence, intent_of, situation)
        self.stages.end("understand")
        return understanding, ranked

    def _ranked(self, evidence: Evidence, intent_of: Probabilities, situation: Situation) -> list[Ranked]:
        """The candidates by probability, then by likeness and by what agents made of them before."""
        feedback = self.feedback(situation.shop_id)
        return rank(evidence.candidates, intent_of, self.calibration, feedback, begun=evidence.begun)

    def _evidence(
        self, query: Query, said: Opinions, situation: Situation, snapshot: Snapshot, scope: Scope
    ) -> Evidence:
        """All that speaks for one reading of a text or another."""
        candidates = retrieve(snapshot, query, scope, likely=said.likely())
        self.stages.end("retrieve")
        state = self.calibration.state_odds.get(state_of(situation.context) or "", {})
        return read_evidence(query, candidates, said, state, begun=situation.begun)

    def _answer(
        self, topic: str, asked: Query, situation: Situation, snapshot: Snapshot, scope: Scope, writer: Writer
    ) -> Reply | None:
        """The reply to one of several questions, with the facts that this one asks for."""
        said = self.calibration.heads.read(asked.vector, asked.vector, asked.text)
        _, ranked = self._read(asked, said, situation, snapshot, scope)
        facts = {**writer.facts, **collect_facts(replace(situation, text=asked.text))}
        about = [each for each in ranked if each.entry.intent == topic]
        return next(iter(choose(about, replace(writer, facts=facts, text=asked.text).write, 1)), None)

    def _situation(self, request: SuggestionRequest, conversation: Conversation, snapshot: Snapshot) -> Situation:
        shop_id = request.shop_id or self.default_shop
        inline = request.context.item
        stored = snapshot.item(shop_id, inline.item_id) if inline and inline.item_id else None
        item = inline.over(stored) if inline else None
        others = [snapshot.item(shop_id, item_id) for item_id in item.goes_with] if item else []
        turn, earlier = normalise(conversation.turn), tuple(map(normalise, conversation.earlier[-TOLD:]))
        return Situation(
            shop_id=shop_id,
            context=request.context,
            item=item,
            policy=snapshot.policy(shop_id),
            text=conversation.query,
            measurements=latest_measurements((*earlier, turn)),
            now=request.context.now or self.clock(),
            turn=turn,
            earlier=earlier,
            goes_with=tuple(other.title for other in others if other),
            heard=(*conversation.earlier[-TOLD:], conversation.turn),
            begun=conversation.begun,
        )


def _scope(situation: Situation) -> Scope:
    return Scope(situation.shop_id, situation.now, situation.item.item_id if situation.item else None)


def _require_known_shop(request: SuggestionRequest, snapshot: Snapshot) -> None:
    if request.shop_id and not snapshot.knows_shop(request.shop_id):
        raise ShopUnknown(request.shop_id)
