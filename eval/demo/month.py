"""A month of a shop: when conversations come, who answers them, how fast, and what is made of the suggestions."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from assistant.response import new_id
from assistant.service.suggestion_record import record_of
from eval.demo.scripts import Agent
from eval.demo.talks import Talk
from knowledge.context import Buyer, Context, Order
from knowledge.records.feedback import Action, Feedback
from knowledge.records.past import PastConversation, PastTurn
from knowledge.records.suggestion_log import SuggestionRecord

_HOURS = [0.3, 0.1, 0, 0, 0, 0, 0.1, 0.4, 1, 2, 3, 3, 2, 2.5, 3, 3, 2.5, 2.5, 3, 4, 5, 5, 3, 1.2]
_WEEKDAYS = [1.0, 0.95, 0.95, 1.0, 1.1, 1.35, 1.3]
_CLOSED = 2.5  # how much longer an answer takes outside the busy hours


@dataclass(frozen=True, slots=True)
class Month:
    """The days up to `last`, `a_day` conversations on an ordinary one; the same for the same chance."""

    shop_id: str
    days: int
    last: date
    zone: ZoneInfo
    a_day: float
    variants: Sequence[Sequence[Talk]]
    agents: Sequence[Agent]
    chance: random.Random

    def talks(self, until: datetime) -> Iterator[tuple[PastConversation, list[PastTurn]]]:
        """Every conversation that begins before `until`."""
        for number in range(self.days):
            day = self.last - timedelta(days=self.days - 1 - number)
            progress = number / max(self.days - 1, 1)
            weights = [group[0].script.weight * (1 + group[0].script.rising * progress) for group in self.variants]
            for _ in range(round(self.a_day * _WEEKDAYS[day.weekday()] * self.chance.uniform(0.85, 1.15))):
                talk = self.chance.choice(self.chance.choices(self.variants, weights)[0])
                begins = self._moment(day)
                if begins < until:
                    yield self._past(talk, begins)

    def _moment(self, day: date) -> datetime:
        hour = self.chance.choices(range(24), _HOURS)[0]
        within = time(hour, self.chance.randrange(60), self.chance.randrange(60))
        return datetime.combine(day, within, self.zone)

    def _past(self, talk: Talk, begins: datetime) -> tuple[PastConversation, list[PastTurn]]:
        name = new_id("demo")
        agent = self.chance.choices(self.agents, [each.share for each in self.agents])[0]
        turns, at = [], begins
        for place, (request, response) in enumerate(zip(talk.requests, talk.responses, strict=True)):
            record = _renamed(record_of(self.shop_id, request, response, at), name, place, agent, at)
            turn = self._turn(record, agent, at)
            turns.append(turn)
            at += timedelta(seconds=(turn.waited_s or 300) + self.chance.uniform(15, 240))
        buys = not talk.script.order and self.chance.random() < talk.script.buys
        context = talk.requests[-1].context.model_copy(update={"buyer": Buyer(nick=f"演示买家{name[-4:]}")})
        return PastConversation(self.shop_id, name, _with_order(context) if buys else context, at), turns

    def _turn(self, record: SuggestionRecord, agent: Agent, at: datetime) -> PastTurn:
        slow = 1.0 if 9 <= at.hour < 22 else _CLOSED
        waited = round(agent.pace * slow * (1.6 if record.abstained else 1) * self.chance.lognormvariate(0, 0.7), 1)
        if not record.replies:
            return PastTurn(record, waited)
        first = record.replies[0]
        shown = [(at + timedelta(seconds=1), self._feedback(record, "shown", agent))]
        luck = self.chance.random()
        answered = at + timedelta(seconds=waited)
        if record.abstained or luck > agent.takes + agent.edits:
            return PastTurn(record, waited, shown)
        action: Action = "sent" if luck < agent.takes else "edited"
        text = first.text if action == "sent" else self._edited(first.text, agent)
        sent = replace(self._feedback(record, action, agent), sent_text=text)
        return PastTurn(
            record, waited, [*shown, (answered, self._feedback(record, "inserted", agent)), (answered, sent)]
        )

    def _edited(self, text: str, agent: Agent) -> str:
        sentences = text.split("。")
        kept = "。".join(sentences[:-2] if len(sentences) > 3 and self.chance.random() < 0.4 else sentences)
        added = self.chance.choice(agent.habits) if self.chance.random() < 0.6 else "哈"
        return f"{kept.removesuffix('。')}，{added}"

    def _feedback(self, record: SuggestionRecord, action: Action, agent: Agent) -> Feedback:
        return Feedback(
            shop_id=self.shop_id,
            request_id=record.request_id,
            action=action,
            suggestion_id=record.replies[0].suggestion_id,
            conversation_id=record.conversation_id,
            agent=agent.name,
        )


def _renamed(record: SuggestionRecord, name: str, place: int, agent: Agent, at: datetime) -> SuggestionRecord:
    """The record of a variant as one of its own."""
    return replace(
        record,
        request_id=new_id("r"),
        conversation_id=name,
        message_id=f"{name}-{place}",
        asked_at=at,
        agent=agent.name,
        replies=[replace(reply, suggestion_id=new_id("s")) for reply in record.replies],
    )


def _with_order(context: Context) -> Context:
    return context.model_copy(update={"order": Order(state="paid")})
