"""`when` conditions of an answer, judged against the facts of a conversation."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.entries import Answer, ConditionValue

Facts = Mapping[str, object]
"""Dotted field → value; a field that is not known is not in it."""

ANY = "*"


def holds(answer: Answer, facts: Facts) -> bool:
    """Whether every condition of the answer is met."""
    return all(_allows(values, facts.get(field)) for field, values in answer.when.items())


def compatible(one: Answer, other: Answer) -> bool:
    """Whether there are facts under which the conditions of both answers hold."""
    shared = one.when.keys() & other.when.keys()
    return all(_meet(one.when[field], other.when[field]) for field in shared)


def applicable(answers: tuple[Answer, ...], facts: Facts) -> list[Answer]:
    """The answers whose conditions hold, the most specific first; equals keep the editor's order."""
    held = [answer for answer in answers if holds(answer, facts)]
    return sorted(held, key=lambda answer: -len(answer.when))


def unknown_fields(answers: tuple[Answer, ...], facts: Facts) -> list[str]:
    """Fields that are not known and would, if they were, let a more particular answer hold."""
    fields = (
        field
        for answer in answers
        if all(field not in facts or _allows(values, facts[field]) for field, values in answer.when.items())
        for field, values in answer.when.items()
        if field not in facts and None not in values
    )
    return list(dict.fromkeys(fields))


def _allows(values: tuple[ConditionValue, ...], actual: object) -> bool:
    if actual is None:
        return None in values
    return ANY in values or _word(actual) in {_word(value) for value in values if value is not None}


def _meet(some: tuple[ConditionValue, ...], others: tuple[ConditionValue, ...]) -> bool:
    """Whether one value is allowed by both."""
    if ANY in some and ANY in others:
        return True
    return any(_allows(others, value) for value in some if value != ANY) or any(
        _allows(some, value) for value in others if value != ANY
    )


def _word(value: object) -> str:
    """Values as they are compared: whatever the case (a table says TRUE), and 7.0 is 7."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).lower()
