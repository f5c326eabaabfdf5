"""Previewing: what answers that are still being written would say in sample conversations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from assistant.facts import with_asked_attribute
from assistant.rendering import context_field, render
from knowledge.catalogue import ItemFacts
from knowledge.compliance import Finding, check_text
from knowledge.conditions import Facts, applicable, holds
from knowledge.entries import Answer
from knowledge.placeholders import path_of, placeholders


@dataclass(frozen=True, slots=True)
class Sample:
    """A conversation as answers see it: its facts, and what its buyer says about which item."""

    facts: Facts
    item: ItemFacts | None
    text: str


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class AnswerPreview(_Frozen):
    """One answer in one conversation: `unmet` are the conditions against it; without `text` it cannot be said."""

    unmet: tuple[str, ...]
    text: str | None
    missing: tuple[str, ...]
    findings: tuple[Finding, ...]


class SamplePreview(_Frozen):
    """All answers in one conversation, in the editor's order; `chosen` is the one that would be suggested."""

    chosen: int | None
    answers: tuple[AnswerPreview, ...]


def preview(answers: Sequence[Answer], intent: str, sample: Sample) -> SamplePreview:
    """What each answer would say, and which comes first: the most particular that holds and can be filled."""
    facts = with_asked_attribute(sample.facts, sample.item, sample.text, intent)
    previews = tuple(_preview(answer, facts) for answer in answers)
    order = [answers.index(answer) for answer in applicable(tuple(answers), facts)]
    chosen = next((number for number in order if previews[number].text is not None), None)
    return SamplePreview(chosen=chosen, answers=previews)


def _preview(answer: Answer, facts: Facts) -> AnswerPreview:
    rendered = render(answer.text, "", facts)
    text = rendered.text if rendered else None
    lacking = [path for path in map(path_of, placeholders(answer.text)) if path and path not in facts]
    return AnswerPreview(
        unmet=tuple(field for field in answer.when if not holds(_only(answer, field), facts)),
        text=text,
        missing=rendered.missing if rendered else tuple(dict.fromkeys(map(context_field, lacking))),
        findings=check_text(text, facts.values()) if text else (),
    )


def _only(answer: Answer, field: str) -> Answer:
    """The answer with one of its conditions."""
    return answer.model_copy(update={"when": {field: answer.when[field]}})
