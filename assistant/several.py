"""Several questions in one turn: which they are, and the one reply that answers all of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.replies import Reply, without_greeting
from assistant.response import IntentGuess, Part, Understanding
from assistant.turns import Turn
from assistant.understanding import MAX_INTENTS
from knowledge.compliance import blocks, check_text
from knowledge.retriever import Query
from models.heads import Heads
from models.intents import intents

SURE = 0.6  # a part of a turn less surely a question of its own belongs to the rest
_SUBJECTS = ("pre_sale", "in_sale", "after_sale")


def separate_topics(turn: Turn, heads: Heads) -> dict[str, Query]:
    """The topics that the turn's questions are surely about, in order; empty unless there are at least two."""
    topics: dict[str, Query] = {}
    for question in turn.questions:
        said = heads.message.intent.log_probabilities(question.vector)
        code = max(said, key=lambda each: said[each], default=None)
        if code and math.exp(said[code]) >= SURE and intents()[code].phase in _SUBJECTS:
            topics.setdefault(code, question)
    return topics if len(topics) > 1 else {}


def understood_apart(understanding: Understanding, topics: Iterable[str]) -> Understanding:
    """The understanding with every separate topic among its intents, as sure as a question of its own must be."""
    confidence = {guess.code: guess.confidence for guess in understanding.intents}
    confidence |= {code: max(SURE, confidence.get(code, 0.0)) for code in topics}
    likely = sorted(confidence.items(), key=lambda pair: -pair[1])[:MAX_INTENTS]
    return understanding.model_copy(
        update={"intents": tuple(IntentGuess(code=code, confidence=p) for code, p in likely)}
    )


def with_all_answered(singles: Sequence[Reply | None], others: Sequence[Reply], limit: int) -> list[Reply]:
    """One reply to all the questions, then the single ones, then the others; just these without several answers."""
    answers = [each for each in singles if each is not None]
    if len(answers) < 2:
        return list(others)
    known = {each.entry.id for each in answers}
    return [*_merged(answers), *answers, *(each for each in others if each.entry.id not in known)][:limit]


def _merged(replies: Sequence[Reply]) -> list[Reply]:
    """One reply that holds them all; none when they must not be sent together."""
    parts = list(replies[0].parts)
    for reply in replies[1:]:
        parts += _added(parts, without_greeting(tuple(each for each in reply.parts if each.role != "empathy")))
    parts = _closing_once(parts)
    warnings = check_text("".join(part.text for part in parts))
    least = min(replies, key=lambda each: each.ranked.confidence)
    whole = Reply(
        ranked=replace(replies[0].ranked, confidence=least.ranked.confidence),
        parts=tuple(parts),
        missing=tuple(dict.fromkeys(path for reply in replies for path in reply.missing)),
        warnings=warnings,
        said=all(reply.said for reply in replies),
    )
    return [] if blocks(warnings) else [whole]


def _added(parts: Sequence[Part], more: Iterable[Part]) -> list[Part]:
    """The parts that say something that has not been said yet."""
    text = "".join(part.text for part in parts)
    return [part for part in more if part.text.strip() not in text]


def _closing_once(parts: Sequence[Part]) -> list[Part]:
    """Closings in the middle go: they would say good-bye before the next answer."""
    return [part for number, part in enumerate(parts) if part.role != "closing" or number == len(parts) - 1]
