"""Outcomes made by hand, for tests of what is computed from them."""

from __future__ import annotations

from typing import Any

from assistant.request import SuggestionRequest
from assistant.response import Part, Source, Suggestion, SuggestionResponse, Understanding
from eval.datasets import Case, Labels
from eval.runs import Outcome


def suggestion(
    intent: str = "pre.size", text: str = "亲，建议M码。", role: str = "answer", **fields: Any
) -> Suggestion:
    part = Part.model_validate({"role": role, "text": text, "entry_id": fields.pop("entry_id", "e")})
    source = Source(entry_id=part.entry_id, version=1, title="t", matched=None, effective_until=None)
    usual: dict[str, Any] = {"id": "s", "rank": 1, "text": text, "confidence": 0.9, "kind": "policy"}
    return Suggestion.model_validate({**usual, "intent": intent, "parts": (part,), "source": source, **fields})


def outcome(
    *suggestions: Suggestion,
    intents: tuple[str, ...] | None = ("pre.size",),
    complaint: bool | None = False,
    emotion: str | None = "neutral",
    said_complaint: bool = False,
    said_emotion: str = "neutral",
    abstained: bool = False,
    request: dict[str, Any] | None = None,
    slots: dict[str, float] | None = None,
) -> Outcome:
    understanding = Understanding.model_validate(
        {
            "intents": [{"code": each.intent, "confidence": 0.5} for each in suggestions],
            "complaint": {"value": said_complaint, "confidence": 0.9},
            "emotion": {"label": said_emotion, "confidence": 0.9},
            "phase": "pre_sale",
            "slots": slots or {},
        }
    )
    response = SuggestionResponse(
        request_id="r", for_message_id=None, knowledge_revision=1, understanding=understanding, abstained=abstained,
        reason=None, suggestions=suggestions, next_steps=(), took_ms=1.0,
    )  # fmt: skip
    labels = Labels.model_validate({"intents": intents, "complaint": complaint, "emotion": emotion})
    asked = SuggestionRequest.model_validate(request or {"messages": [{"role": "buyer", "text": "穿什么码"}]})
    return Outcome(Case("d", asked, labels), response)
