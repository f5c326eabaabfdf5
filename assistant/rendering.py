"""Rendering: an answer's sentences with their facts filled in, or the gap worded so that the text can still be sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from assistant.response import Part, PartRole
from knowledge.conditions import Facts
from knowledge.placeholders import PLACEHOLDER, Field, field_of, has_stray_brace, path_of, placeholders
from models.data_files import read_data

_NO_BRACES = str.maketrans("", "", "{}")
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?～~”’）)]*\s*|[。！？!?\n]+\s*")


@dataclass(frozen=True, slots=True)
class Rendered:
    """Parts whose texts joined are the reply, and the context fields that would have filled a gap."""

    parts: tuple[Part, ...]
    missing: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The reply."""
        return "".join(part.text for part in self.parts)


def render(template: str, entry_id: str, facts: Facts) -> Rendered | None:
    """Fill a template sentence by sentence; None when a fact is missing for which there is no gap wording.

    None as well for a template that no editor can save: a placeholder that nobody knows, a brace by itself.

    A sentence that lacks a fact is replaced as a whole by that field's gap sentence, so that no half of it is left.
    """
    paths = [path_of(name) for name in placeholders(template)]
    if None in paths or has_stray_brace(template):
        return None
    sentences: list[str] = []
    missing: list[str] = []
    for sentence in _SENTENCE.findall(template):
        lacking = [path for path in map(path_of, placeholders(sentence)) if path and path not in facts]
        if lacking:
            field = field_of(lacking[0])
            if field is None or field.gap is None:
                return None
            missing.extend(context_field(path) for path in lacking)
            sentence = _gap(field, first=not sentences)
        filled = PLACEHOLDER.sub(lambda match: _quoted(facts[path_of(match.group(1)) or ""]), sentence)
        if filled not in sentences:
            sentences.append(filled)
    return Rendered(_parts(sentences, entry_id), tuple(dict.fromkeys(missing)))


def _quoted(value: object) -> str:
    """A fact as it is sent; a brace that came with it (an item titled {新品}) would look like a placeholder."""
    return str(value).translate(_NO_BRACES)


def _gap(field: Field, *, first: bool) -> str:
    return f"亲，{field.gap}" if first else str(field.gap)


def context_field(path: str) -> str:
    """The request field that would have given the fact at a dotted path."""
    field = field_of(path)
    return path if field is None or path.startswith("item.attributes.") else field.context_field


def _parts(sentences: list[str], entry_id: str) -> tuple[Part, ...]:
    """Neighbouring sentences of one role make one part."""
    parts: list[Part] = []
    for sentence in sentences:
        role = _role(sentence)
        if parts and parts[-1].role == role:
            parts[-1] = Part(role=role, text=parts[-1].text + sentence, entry_id=entry_id)
        else:
            parts.append(Part(role=role, text=sentence, entry_id=entry_id))
    return tuple(parts)


def _role(sentence: str) -> PartRole:
    if sentence.startswith(_openers("ask")) or sentence.rstrip("”’）) \n").endswith(("？", "?")):
        return "ask"
    return "closing" if sentence.startswith(_openers("closing")) else "answer"


@cache
def _openers(role: str) -> tuple[str, ...]:
    table = read_data("assistant", "sentence_roles.yaml")
    return tuple(table[role])
