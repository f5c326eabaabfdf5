"""The job of a Taobao agent, duty by duty: the first suggestion of the whole suggester read as an agent would read it.

The rows are in `tests/duties/`, the file's name is the part of the job. A row: `duty` its name; `messages` the buyer's
texts, `{agent: text}` what the agent said, `{agent: ~}` the first suggestion sent as it was; `intent` what the shop
opens with; `context` as in a request; `first` the first suggestion: its acceptable `intents`, best first, regular
expressions that its text must match (`says`) or must not (`never`), or `silent`; the kinds of next `steps` wanted;
`complaint` and `risks` as understood; `gap` says why the duty is not done yet.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.response import SuggestionResponse
from assistant.service.wiring import Parts
from models.intents import intents
from tests.starter_fixtures import ask
from tests.starter_fixtures import starter_parts as starter_parts

Row = dict[str, Any]
Spoken = list[str | tuple[str, str]]
FOLDER = Path(__file__).with_name("duties")
# Answers to these depend on where the order is, so each is asked for with and without one.
STATEFUL = {
    "order.change_address": {"unpaid", "paid", "shipped", "collected", "delivered", "closed", None},
    "order.cancel": {"unpaid", "paid", "shipped", "collected", None},
    "order.urge_ship": {"unpaid", "paid", "shipped", None},
    "order.track": {"paid", "shipped", "collected", "delivered", None},
    "after.return": {"paid", "collected", "delivered", "after_sale", "closed", None},
}


@cache
def rows() -> tuple[Row, ...]:
    """Every row of every file."""
    files = sorted(FOLDER.glob("*.yaml"))
    return tuple(row for file in files for row in yaml.safe_load(file.read_text("utf-8"))["duties"])


def suggested(parts: Parts, row: Row) -> tuple[SuggestionResponse, Spoken]:
    """The response to the row's conversation, and the conversation with what the agent sent."""
    context, spoken = row.get("context", {}), Spoken()
    for message in row.get("messages", []):
        if isinstance(message, str):
            spoken.append(message)
        else:
            text = message["agent"] or ask(parts, *spoken, context=context).suggestions[0].text
            spoken.append(("agent", text))
    opening = {"intent": row["intent"]} if "intent" in row else {}
    return ask(parts, *spoken, context=context, **opening), spoken


def cases() -> list[Any]:
    """The rows as test cases; a `gap` is a duty that is not done yet, and the case says so until it is."""
    return [
        pytest.param(
            row,
            id=row["duty"],
            marks=[pytest.mark.xfail(strict=True, reason=row["gap"])] if "gap" in row else [],
        )
        for row in rows()
    ]


@pytest.mark.parametrize("row", cases())
def test_duty(starter_parts: Parts, row: Row) -> None:
    response, spoken = suggested(starter_parts, row)
    assert response.abstained == row["first"].get("silent", False), response.reason
    if not response.abstained:
        check_first(response, row["first"], [each[1] for each in spoken if isinstance(each, tuple)])
    check_beside(response, row)


def check_first(response: SuggestionResponse, wanted: Row, sent: list[str]) -> None:
    """The first suggestion is about the matter, says what it must, promises nothing, and was not sent before."""
    first = response.suggestions[0]
    assert first.intent in wanted["intents"], first.text
    assert [words for words in wanted.get("says", []) if not re.search(words, first.text)] == [], first.text
    assert [words for words in wanted.get("never", []) if re.search(words, first.text)] == [], first.text
    assert first.text not in sent
    assert first.warnings == ()
    assert len(first.text) <= 200


def check_beside(response: SuggestionResponse, row: Row) -> None:
    """Complaint and risks are understood, the opener is there for a complaint, and the steps are drafted."""
    understanding = response.understanding
    assert row.get("complaint", understanding.complaint.value) == understanding.complaint.value
    assert set(row.get("risks", [])) <= set(understanding.risks)
    assert set(row.get("steps", [])) <= {step.kind for step in response.next_steps}
    if understanding.complaint.value and not response.abstained:
        assert response.suggestions[0].parts[0].role == "empathy"


# ---- the rows themselves


def test_every_duty_is_listed_once() -> None:
    assert len(rows()) >= 200
    assert [name for name, count in Counter(row["duty"] for row in rows()).items() if count > 1] == []


def test_every_intent_is_somebodys_duty() -> None:
    assert {row["first"]["intents"][0] for row in rows()} == set(intents())


@pytest.mark.parametrize("code", STATEFUL)
def test_what_depends_on_the_order_is_asked_in_every_state(code: str) -> None:
    asked = {
        row.get("context", {}).get("order", {}).get("state") for row in rows() if code in row["first"]["intents"][:2]
    }
    assert asked >= STATEFUL[code]
