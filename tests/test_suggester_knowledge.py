"""Which knowledge answers: the shop's own and the shared, in effect now, for this item; what is new at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from assistant.request import SuggestionRequest
from assistant.response import SuggestionResponse
from assistant.suggester import Suggester
from knowledge.base import KnowledgeBase
from knowledge.changes import Changes
from knowledge.store import Store
from models.calibration import load_calibration
from models.encoder import Encoder
from tests.entry_examples import draft

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)


@pytest.fixture
def suggester(store_url: str, encoder: Encoder, tmp_path: Path) -> Iterator[Suggester]:
    """A suggester over an empty knowledge base whose clock stands at NOW."""
    base = KnowledgeBase.open(Store(store_url), encoder, tmp_path / "index")
    yield Suggester(base, encoder, load_calibration(encoder.id), "s1", clock=lambda: NOW)
    base.close()


def base_of(suggester: Suggester) -> KnowledgeBase:
    assert isinstance(suggester.base, KnowledgeBase)
    return suggester.base


def write(suggester: Suggester, *drafts: dict[str, Any]) -> None:
    base_of(suggester).write(Changes(drafts=[draft(**each) for each in drafts]))


def ask(suggester: Suggester, text: str = "什么时候发货呀", **fields: Any) -> SuggestionResponse:
    body = {"messages": [{"role": "buyer", "text": text}], "limit": 10, **fields}
    return suggester.suggest(SuggestionRequest.model_validate(body))


def ids(response: SuggestionResponse) -> set[str]:
    return {each.source.entry_id for each in response.suggestions}


def test_an_empty_knowledge_base_says_nothing(suggester: Suggester) -> None:
    response = ask(suggester)
    assert response.abstained
    assert response.suggestions == ()
    assert response.understanding.intents == ()


def test_other_shops_entries_never_appear(suggester: Suggester) -> None:
    write(
        suggester,
        {"id": "own", "shop_id": "s1"},
        {"id": "shared", "shop_id": None},
        {"id": "theirs", "shop_id": "s2"},
        {"id": "their-wait", "shop_id": "s2", "intent": "flow.wait", "kind": "phrase", "questions": []},
    )
    assert ids(ask(suggester)) == {"own", "shared"}
    assert ids(ask(suggester, shop_id="s2")) == {"theirs", "shared"}
    assert "their-wait" not in ids(ask(suggester, intent="flow.wait"))


def test_the_shops_own_answer_comes_before_the_shared_one(suggester: Suggester) -> None:
    write(suggester, {"id": "a-shared"}, {"id": "b-own", "shop_id": "s1"})
    assert ask(suggester).suggestions[0].source.entry_id == "b-own"


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ("2026-12-09T23:59:59+08:00", {"always"}),
        ("2026-12-10T00:00:00+08:00", {"always", "sale"}),
        ("2026-12-12T15:59:59Z", {"always", "sale"}),
        ("2026-12-13T00:00:00+08:00", {"always"}),
        (None, {"always"}),
    ],
)
def test_the_requests_now_decides_what_is_in_effect(suggester: Suggester, now: str | None, found: set[str]) -> None:
    sale = {"effective_from": "2026-12-10T00:00:00+08:00", "effective_until": "2026-12-13T00:00:00+08:00"}
    write(suggester, {"id": "always"}, {"id": "sale", **sale})
    assert ids(ask(suggester, context={"now": now})) == found


def test_inside_its_time_the_dated_answer_comes_first(suggester: Suggester) -> None:
    write(suggester, {"id": "a-always"}, {"id": "b-sale", "effective_until": "2026-12-13T00:00:00+08:00"})
    response = ask(suggester, context={"now": "2026-12-11T00:00:00+08:00"})
    assert response.suggestions[0].source.entry_id == "b-sale"
    assert response.suggestions[0].source.effective_until is not None


def test_an_entry_for_an_item_appears_only_with_that_item(suggester: Suggester) -> None:
    write(suggester, {"id": "general"}, {"id": "for-cup", "items": ["cup-9"]})
    assert ids(ask(suggester)) == {"general"}
    assert ids(ask(suggester, context={"item": {"item_id": "cup-8"}})) == {"general"}
    with_cup = ask(suggester, context={"item": {"item_id": "cup-9"}})
    assert ids(with_cup) == {"general", "for-cup"}
    assert with_cup.suggestions[0].source.entry_id == "for-cup"


@pytest.mark.parametrize("status", ["draft", "archived"])
def test_what_is_not_published_never_appears(suggester: Suggester, status: str) -> None:
    write(suggester, {"id": "shown"}, {"id": "hidden", "status": status})
    assert ids(ask(suggester)) == {"shown"}


def test_what_is_written_is_found_at_once_and_what_is_deleted_is_not(suggester: Suggester) -> None:
    write(suggester, {"id": "first"})
    before = ask(suggester)
    write(suggester, {"id": "second", "answers": ["亲，今天就为您发走。"]})
    after = ask(suggester)
    assert (ids(before), ids(after)) == ({"first"}, {"first", "second"})
    assert after.knowledge_revision == before.knowledge_revision + 1
    base_of(suggester).write(Changes(deletes=["first"]))
    assert ids(ask(suggester)) == {"second"}


def test_an_empathy_phrase_is_no_answer(suggester: Suggester) -> None:
    write(suggester, {"id": "answer"}, {"id": "phrase-sorry", "tags": ["empathy"], "kind": "phrase"})
    assert ids(ask(suggester)) == {"answer"}


def test_a_complaint_without_any_opener_is_still_answered(suggester: Suggester) -> None:
    write(suggester, {"id": "answer"})
    response = ask(suggester, "怎么还不发货，到底发不发！！太差了")
    assert response.understanding.complaint.value
    assert ids(response) == {"answer"}


def test_a_question_far_from_all_knowledge_gets_only_holding_phrases(suggester: Suggester) -> None:
    write(
        suggester,
        {"id": "answer", "intent": "other.chitchat", "title": "今天天气怎么样", "questions": ["今天热不热"]},
        {"id": "wait", "intent": "flow.wait", "kind": "phrase", "questions": [], "answers": ["亲，请稍等。"]},
    )
    response = ask(suggester, "今天天气怎么样")
    assert (response.abstained, ids(response)) == (True, {"wait"})
    assert all(each.fallback for each in response.suggestions)
