"""Replies: from a ranked entry to a text that can be sent: the answer that applies, filled in, empathy before it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.facts import with_asked_attribute
from assistant.ranking import Ranked
from assistant.rendering import Rendered, context_field, render
from assistant.repetition import was_said, without_vocative
from assistant.response import Part, Source, Suggestion, new_id
from knowledge.catalogue import ItemFacts
from knowledge.compliance import Finding, blocks, check_text
from knowledge.conditions import Facts, applicable, unknown_fields
from knowledge.entries import Entry


@dataclass(frozen=True, slots=True)
class Reply:
    """A text ready to send with its parts, and the ranked entry it comes from; `said` marks one sent before."""

    ranked: Ranked
    parts: tuple[Part, ...]
    missing: tuple[str, ...]
    warnings: tuple[Finding, ...]
    said: bool

    @property
    def entry(self) -> Entry:
        """The entry that answers."""
        return self.ranked.entry

    @property
    def text(self) -> str:
        """The whole reply."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes replies for one turn: `text` is the buyer's, normalised; `said` what the agent sent before.

    `opener` gives the empathy that comes before a reply about an intent.
    """

    facts: Facts
    item: ItemFacts | None
    text: str
    said: tuple[str, ...]
    opener: Callable[[str], Part | None]

    def write(self, ranked: Ranked) -> Reply | None:
        """The entry's reply in this situation; None when it has none, or one that must not be sent."""
        facts = with_asked_attribute(self.facts, self.item, self.text, ranked.entry.intent)
        rendered, said = self._wording(ranked.entry, facts)
        if rendered is None:
            return None
        opener = self.opener(ranked.entry.intent)
        parts = (opener, *without_greeting(rendered.parts)) if opener else rendered.parts
        warnings = self._findings("".join(part.text for part in parts))
        missing = tuple(dict.fromkeys((*rendered.missing, *_wanted(ranked.entry, facts))))
        return None if blocks(warnings) else Reply(ranked, parts, missing, warnings, said)

    def _wording(self, entry: Entry, facts: Facts) -> tuple[Rendered | None, bool]:
        """The first wording that applies, can be filled and was not sent yet; else one that was."""
        sent: Rendered | None = None
        for answer in applicable(entry.answers, facts):
            rendered = render(answer.text, entry.id, facts)
            if rendered and not was_said(rendered.text, self.said):
                return rendered, False
            sent = sent or rendered
        return sent, True

    def _findings(self, text: str) -> tuple[Finding, ...]:
        """What must not be said; the shop's own facts (the phone number in a return address) may be."""
        return check_text(text, self.facts.values())


def _wanted(entry: Entry, facts: Facts) -> list[str]:
    """Context fields that, if they were given, would have let a more particular answer of the entry hold."""
    fields = map(context_field, unknown_fields(entry.answers, facts))
    return [field for field in fields if field.startswith(("item", "order"))]


def without_greeting(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """The parts without 亲 at their head: what comes before them has greeted the buyer already."""
    return (parts[0].model_copy(update={"text": without_vocative(parts[0].text)}), *parts[1:])


def as_suggestions(replies: Sequence[Reply], *, fallback: bool) -> tuple[Suggestion, ...]:
    """The replies as the contract writes them. A holding phrase answers nothing, so its confidence is 0."""
    return tuple(
        Suggestion(
            id=new_id("s"),
            rank=rank,
            fallback=fallback,
            text=reply.text,
            confidence=0.0 if fallback else round(reply.ranked.confidence, 4),
            kind=reply.entry.kind,
            intent=reply.entry.intent,
            parts=reply.parts,
            source=_source(reply),
            missing=reply.missing,
            warnings=reply.warnings,
            signals={name: round(value, 4) for name, value in reply.ranked.signals.items()},
        )
        for rank, reply in enumerate(replies, start=1)
    )


def _source(reply: Reply) -> Source:
    entry = reply.entry
    return Source(
        entry_id=entry.id,
        version=entry.version,
        title=entry.title,
        matched=reply.ranked.candidate.phrasing or None,
        effective_until=entry.effective_until,
    )
