"""Messages that the shop opens itself: what applies now, the shop's own and the marked wording first."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from assistant.opening import DEFAULT_TAG, opening_entries, understood_opening
from knowledge.changes import Delta
from knowledge.entries import EMPATHY_TAG, Entry
from knowledge.retriever import Scope
from knowledge.snapshot import Snapshot
from models.encoder import Encoder
from models.intents import intents
from tests.entry_examples import draft

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
AGENT_VOICED = sorted(code for code, intent in intents().items() if intent.voice == "agent")


def entry(entry_id: str, **fields: Any) -> Entry:
    usual = {"intent": "care.festival", "kind": "phrase", "questions": [], "title": "节日问候"}
    return Entry.model_validate({**draft(entry_id, **(usual | fields)).model_dump(), "version": 1})


def opened(encoder: Encoder, *entries: Entry, shop: str = "s1", item: str | None = None) -> list[str]:
    snapshot = Snapshot.empty(encoder).advanced(Delta(1, entries, frozenset(), (), {}), encoder)
    return [each.entry.id for each in opening_entries(snapshot, Scope(shop, NOW, item), "care.festival")]


def test_only_entries_of_the_intent_are_offered(encoder: Encoder) -> None:
    assert opened(encoder, entry("a"), entry("b", intent="care.thanks")) == ["a"]


def test_the_shops_own_come_before_the_shared_ones_and_others_never(encoder: Encoder) -> None:
    entries = [entry("shared"), entry("own", shop_id="s1"), entry("other", shop_id="s2")]
    assert opened(encoder, *entries) == ["own", "shared"]


def test_the_marked_wording_comes_first(encoder: Encoder) -> None:
    assert opened(encoder, entry("a"), entry("b", tags=[DEFAULT_TAG])) == ["b", "a"]


def test_one_for_the_item_comes_first_and_only_with_that_item(encoder: Encoder) -> None:
    entries = [entry("a", tags=[DEFAULT_TAG]), entry("b", items=["cup-9"])]
    assert opened(encoder, *entries, item="cup-9") == ["b", "a"]
    assert opened(encoder, *entries, item="cup-8") == ["a"]
    assert opened(encoder, *entries) == ["a"]


def test_only_what_is_in_effect_is_offered(encoder: Encoder) -> None:
    hour = timedelta(hours=1)
    entries = [
        entry("now", effective_from=NOW, effective_until=NOW + hour),
        entry("over", effective_until=NOW),
        entry("later", effective_from=NOW + hour),
    ]
    assert opened(encoder, *entries) == ["now"]


def test_words_that_only_open_a_reply_to_a_complaint_are_no_message(encoder: Encoder) -> None:
    assert opened(encoder, entry("a"), entry("b", tags=[EMPATHY_TAG])) == ["a"]


def test_nothing_is_in_doubt_about_what_the_agent_asked_for(encoder: Encoder) -> None:
    snapshot = Snapshot.empty(encoder).advanced(Delta(1, (entry("a"),), frozenset(), (), {}), encoder)
    (only,) = opening_entries(snapshot, Scope(None, NOW), "care.festival")
    assert only.confidence == 1.0
    assert only.candidate.phrasing == ""


@pytest.mark.parametrize("code", AGENT_VOICED)
def test_the_understanding_of_an_opening_is_its_intent(code: str) -> None:
    understanding = understood_opening(code)
    assert [(guess.code, guess.confidence) for guess in understanding.intents] == [(code, 1.0)]
    assert not understanding.complaint.value
    assert understanding.phase == intents()[code].phase
