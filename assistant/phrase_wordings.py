"""What a phrase that an agent has searched for says in the situation."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.facts import with_asked_attribute
from assistant.previewing import Sample
from assistant.rendering import context_field, render
from knowledge.conditions import Facts, applicable
from knowledge.entries import Answer, Entry
from knowledge.placeholders import PLACEHOLDER, path_of


@dataclass(frozen=True, slots=True)
class Wording:
    """What an entry says in a situation; a value that nothing stands in for is left to the agent as 【名称】."""

    text: str
    missing: tuple[str, ...]


def wordings(entry: Entry, sample: Sample) -> list[Wording]:
    """What the entry says in the situation, the most particular first; none where its conditions are against it.

    Where it is not known whether a condition holds, the agent who searches for the phrase will know.
    """
    facts = with_asked_attribute(sample.facts, sample.item, sample.text, entry.intent)
    answers = applicable(entry.answers, facts) or [one for one in entry.answers if _may_hold(one, facts)]
    filled = [render(answer.text, entry.id, facts) for answer in answers]
    ready = [Wording(one.text, one.missing) for one in filled if one]
    return ready or [_with_gaps(answer, facts) for answer in answers]


def _may_hold(answer: Answer, facts: Facts) -> bool:
    known = {field: values for field, values in answer.when.items() if field in facts}
    return bool(applicable((answer.model_copy(update={"when": known}),), facts))


def _with_gaps(answer: Answer, facts: Facts) -> Wording:
    missing: list[str] = []

    def fill(name: str) -> str:
        path = path_of(name) or name
        if path in facts:
            return str(facts[path])
        missing.append(context_field(path))
        return f"【{name}】"

    text = PLACEHOLDER.sub(lambda found: fill(found[1]), answer.text)
    return Wording(text, tuple(dict.fromkeys(missing)))
