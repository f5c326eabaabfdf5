"""Writing answers: the placeholders and conditions to choose from, and what they would say in sample conversations."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from assistant.previewing import SamplePreview, preview
from assistant.request import SuggestionRequest
from assistant.service.access import Principal, allow
from assistant.service.deps import SuggesterDep
from knowledge.entries import Answer
from knowledge.exchange.cell_conditions import condition_names
from knowledge.placeholders import Field as Fact
from knowledge.placeholders import fields

router = APIRouter(prefix="/v1/answers", tags=["entries"])


class AnswerField(BaseModel):
    """A fact that answers may quote, as `{placeholder}` (null: it cannot be quoted), and conditions may test.

    `values` are the Chinese names of the values it can take, where they are few; `gap` what is sent when it is unknown.
    """

    path: str
    placeholder: str | None
    name: str
    meaning: str
    gap: str | None
    values: dict[str, str]


class AnswerFields(BaseModel):
    """Every fact, in the order of their catalogue. A path that ends in `*` stands for any attribute of the item."""

    fields: list[AnswerField]


class PreviewRequest(BaseModel):
    """Answers of an entry about `intent`, and conversations to try them in."""

    intent: str
    answers: list[Answer] = Field(max_length=50)
    requests: list[SuggestionRequest] = Field(min_length=1, max_length=12)


class PreviewResponse(BaseModel):
    """One preview a conversation, in their order."""

    previews: list[SamplePreview]


@router.get("/fields", dependencies=[allow("knowledge.read")])
def answer_fields() -> AnswerFields:
    """The facts that an answer may quote and that its conditions may test."""
    names = condition_names()
    return AnswerFields(fields=[_field(fact, *names[path]) for path, fact in fields().items()])


@router.post("/preview")
def preview_answers(
    request: PreviewRequest, who: Annotated[Principal, allow("knowledge.read")], suggester: SuggesterDep
) -> PreviewResponse:
    """What the answers would say in each conversation, which one is chosen, and why the others are not."""
    named = [
        each.model_copy(update={"shop_id": who.shop(each.shop_id, suggester.default_shop)}) for each in request.requests
    ]
    samples = suggester.samples(named)
    return PreviewResponse(previews=[preview(request.answers, request.intent, sample) for sample in samples])


def _field(fact: Fact, name: str, values: dict[str, str]) -> AnswerField:
    spoken = {value: values.get(value, value) for value in fact.values}
    placeholder = fact.names[0] if fact.names else None
    return AnswerField(
        path=fact.path, placeholder=placeholder, name=name, meaning=fact.meaning, gap=fact.gap, values=spoken
    )
