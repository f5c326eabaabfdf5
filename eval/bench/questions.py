"""What the bench asks: short messages as buyers write them, alone or with an item and an order beside them."""

from __future__ import annotations

import random
from typing import Any

from assistant.conversation import read_conversation
from assistant.request import SuggestionRequest
from eval.bench.made_entries import SHOP
from models.training.utterances import Utterance, utterances

LONGEST = 30  # characters; nine of ten messages are shorter
_ITEMS = (None, "dress-001", None, "cup-001", "cream-001", None, "power-001")
_STATES = (None, "paid", None, "shipped", "delivered")
_ROLES = {"买家": "buyer", "客服": "agent"}


def questions(count: int) -> list[dict[str, Any]]:
    """Request bodies, always the same ones, without repetition as far as the utterances go."""
    short = [each for each in utterances() if 0 < len(each.text) <= LONGEST]
    random.Random(1).shuffle(short)  # noqa: S311 - an order that looks like none, no secret
    return [_body(short[number % len(short)], number) for number in range(count)]


def query_of(body: dict[str, Any]) -> str:
    """The text that the suggester encodes for this request: what the encoder alone is given."""
    return read_conversation(SuggestionRequest.model_validate(body).messages).query


def _body(utterance: Utterance, number: int) -> dict[str, Any]:
    messages = [_message(line) for line in utterance.context] + [{"role": "buyer", "text": utterance.text}]
    item, state = _ITEMS[number % len(_ITEMS)], _STATES[number % len(_STATES)]
    context = ({"item": {"item_id": item}} if item else {}) | ({"order": {"state": state}} if state else {})
    return {"shop_id": SHOP, "messages": messages, "context": context}


def _message(line: str) -> dict[str, str]:
    who, _, text = line.partition(":")
    return {"role": _ROLES.get(who.strip(), "buyer"), "text": text.strip()}
