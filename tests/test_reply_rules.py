"""Reply rules: empathy exactly when the buyer complains, different topics among the few, silence with its reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from assistant.ranking import Ranked
from assistant.replies import Reply
from assistant.reply_rules import (
    NOBODY_WAITS,
    NOTHING_FITS,
    NOTHING_KNOWN,
    OFF_TOPIC,
    EmpathyRule,
    choose,
    silence,
    without_small_talk,
)
from assistant.response import Complaint, Emotion, IntentGuess, Part, Understanding
from assistant.service.wiring import Parts
from knowledge.changes import Delta
from knowledge.entries import Entry
from knowledge.retriever import Candidate, Scope
from knowledge.snapshot import Snapshot
from models.calibration import Calibration, load_calibration
from models.encoder import Encoder
from tests.entry_examples import draft
from tests.starter_fixtures import NOW
from tests.starter_fixtures import starter_parts as starter_parts


def entry(entry_id: str, **fields: Any) -> Entry:
    return Entry.model_validate({**draft(entry_id, **fields).model_dump(), "version": 1})


def opener(entry_id: str, intent: str, *answers: object, tags: tuple[str, ...] = (), **fields: Any) -> Entry:
    return entry(
        entry_id, kind="phrase", intent=intent, questions=[], answers=answers, tags=["empathy", *tags], **fields
    )


BROKEN = opener(
    "broken",
    "after.damaged",
    {"text": "坏了真扫兴，抱歉。", "tone": "轻"},
    {"text": "坏成这样，非常对不起。", "tone": "重"},
)
ITCHY = opener("itchy", "after.defect", "用了不舒服，真的抱歉。", tags=("过敏",))
FAULT = opener("fault", "after.defect", "出了毛病，给您添堵了。")
GENERAL = opener("general", "other.unclear", "给您添麻烦了。", tags=("general",))
ANGRY = opener("angry", "other.unclear", "让您这么生气，对不起。", tags=("general", "angry"))


def understood(
    *intents: tuple[str, float], complains: bool = True, emotion: str = "anxious", sure: float = 0.9
) -> Understanding:
    return Understanding(
        intents=tuple(IntentGuess(code=code, confidence=p) for code, p in intents),
        complaint=Complaint(value=complains, confidence=sure),
        emotion=Emotion.model_validate({"label": emotion, "confidence": sure}),
        phase="after_sale",
    )


@pytest.fixture(scope="module")
def snapshot(encoder: Encoder) -> Snapshot:
    entries = (BROKEN, ITCHY, FAULT, GENERAL, ANGRY)
    return Snapshot.empty(encoder).advanced(Delta(1, entries, frozenset(), (), {}), encoder)


def opening(
    snapshot: Snapshot, intent: str, understanding: Understanding, text: str = "", said: tuple[str, ...] = ()
) -> tuple[str, str] | None:
    scope = Scope("s1", datetime(2026, 11, 21, tzinfo=UTC))
    part = EmpathyRule(snapshot, scope, understanding, text, said, {}).opener(intent)
    if part is not None:
        assert part.role == "empathy"
    return (part.entry_id, part.text) if part else None


def test_a_buyer_who_does_not_complain_is_not_pitied(snapshot: Snapshot) -> None:
    assert opening(snapshot, "after.damaged", understood(("after.damaged", 0.9), complains=False)) is None


def test_the_opener_names_the_trouble_that_the_reply_is_about(snapshot: Snapshot) -> None:
    guesses = understood(("after.damaged", 0.6), ("after.defect", 0.3))
    assert opening(snapshot, "after.damaged", guesses) == ("broken", "坏了真扫兴，抱歉。")
    assert opening(snapshot, "after.defect", guesses) == ("fault", "出了毛病，给您添堵了。")


@pytest.mark.parametrize("emotion", ["upset", "angry"])
def test_a_grave_mood_gets_the_grave_wording(snapshot: Snapshot, emotion: str) -> None:
    found = opening(snapshot, "after.damaged", understood(("after.damaged", 0.9), emotion=emotion))
    assert found == ("broken", "坏成这样，非常对不起。")


def test_a_reply_without_an_opener_of_its_own_borrows_that_of_the_likeliest_trouble(snapshot: Snapshot) -> None:
    guesses = understood(("after.return", 0.7), ("after.damaged", 0.2))
    assert opening(snapshot, "after.return", guesses) == ("broken", "坏了真扫兴，抱歉。")


def test_an_unlikely_trouble_is_not_named(snapshot: Snapshot) -> None:
    guesses = understood(("after.return", 0.9), ("after.damaged", 0.05))
    assert opening(snapshot, "after.return", guesses) == ("general", "给您添麻烦了。")


def test_the_general_opener_fits_the_emotion(snapshot: Snapshot) -> None:
    angry = understood(("after.return", 0.9), emotion="angry")
    assert opening(snapshot, "after.return", angry) == ("angry", "让您这么生气，对不起。")


def test_an_opener_with_a_further_tag_is_only_for_buyers_who_name_it(snapshot: Snapshot) -> None:
    guesses = understood(("after.defect", 0.9))
    assert opening(snapshot, "after.defect", guesses, "用了脸上过敏") == ("itchy", "用了不舒服，真的抱歉。")
    assert opening(snapshot, "after.defect", guesses, "开关坏了") == ("fault", "出了毛病，给您添堵了。")


def test_an_opener_is_not_used_twice_in_a_conversation(snapshot: Snapshot) -> None:
    guesses = understood(("after.damaged", 0.9))
    seen: list[str] = []
    for _ in range(4):
        found = opening(snapshot, "after.damaged", guesses, said=tuple(f"{text}马上为您处理。" for text in seen))
        assert found is not None
        seen.append(found[1])
    assert len(set(seen)) == len(seen)


def test_a_complaint_has_an_opener_even_when_all_were_used(snapshot: Snapshot) -> None:
    texts = tuple(answer.text for each in (BROKEN, ITCHY, FAULT, GENERAL, ANGRY) for answer in each.answers)
    assert opening(snapshot, "after.damaged", understood(("after.damaged", 0.9)), said=texts) is not None


def test_an_opener_is_filled_in_and_one_that_cannot_be_is_passed_over(encoder: Encoder) -> None:
    named = opener("named", "after.damaged", "{买家昵称}，坏了真抱歉。", "坏了真抱歉。")
    snapshot = Snapshot.empty(encoder).advanced(Delta(1, (named,), frozenset(), (), {}), encoder)
    scope, guesses = Scope(None, datetime(2026, 11, 21, tzinfo=UTC)), understood(("after.damaged", 0.9))
    for facts, text in (({}, "坏了真抱歉。"), ({"buyer.nick": "小鱼儿"}, "小鱼儿，坏了真抱歉。")):
        part = EmpathyRule(snapshot, scope, guesses, "", (), facts).opener("after.damaged")
        assert part is not None
        assert part.text == text


def test_every_trouble_of_a_starter_shop_has_an_opener(starter_parts: Parts) -> None:
    snapshot, scope = starter_parts.base.snapshot(), Scope("demo", datetime.fromisoformat(NOW))
    for code in {each.intent for each in snapshot.entries.values()}:
        for emotion in ("anxious", "upset", "angry"):
            rule = EmpathyRule(snapshot, scope, understood((code, 0.9), emotion=emotion), "", (), {})
            assert rule.opener(code) is not None, code


def reply(name: str, intent: str, confidence: float, *, said: bool = False) -> Reply:
    candidate = Candidate(entry(name, intent=intent), "", 0.9, 0.5, 0.8, 0.1)
    part = Part(role="answer", text=f"{name}。", entry_id=name)
    return Reply(Ranked(candidate, confidence, 1.0, {}), (part,), (), (), said)


def chosen(*replies: Reply, limit: int = 3) -> list[str]:
    by_id = {each.entry.id: each for each in replies}
    ranked = [each.ranked for each in replies]
    return [each.entry.id for each in choose(ranked, lambda one: by_id[one.entry.id], limit)]


SIZE = (reply("s1", "pre.size", 0.6), reply("s2", "pre.size", 0.62), reply("s3", "pre.size", 0.5))
COLOR = (reply("c1", "pre.color", 0.3), reply("c2", "pre.color", 0.28))


def test_where_the_topic_is_in_doubt_different_topics_are_offered() -> None:
    assert set(chosen(*SIZE, *COLOR, limit=2)) == {"s1", "c1"}
    assert chosen(*SIZE, *COLOR, reply("g1", "pre.gift", 0.2)) == ["s1", "c1", "g1"]


def test_room_that_is_left_is_filled_with_other_wordings_after_all_topics() -> None:
    assert chosen(*SIZE, *COLOR, limit=4) == ["s1", "c1", "s2", "s3"]


@pytest.mark.parametrize("limit", [2, 3, 4])
def test_the_first_few_are_the_same_whatever_the_limit(limit: int) -> None:
    assert chosen(*SIZE, *COLOR, limit=limit) == chosen(*SIZE, *COLOR, limit=5)[:limit]


def test_an_unlikely_topic_gets_no_card() -> None:
    assert chosen(*SIZE[:2], reply("c1", "pre.color", 0.03)) == ["s1", "c1", "s2"]
    assert chosen(*SIZE[:2], reply("c1", "pre.color", 0.01)) == ["s1", "s2"]


def test_the_likeliest_topic_is_offered_however_unlikely() -> None:
    assert chosen(reply("s1", "pre.size", 0.001), reply("c1", "pre.color", 0.0005)) == ["s1"]


@pytest.mark.parametrize("limit", [1, 2, 3, 10])
def test_never_more_than_asked_for(limit: int) -> None:
    assert len(chosen(*SIZE, *COLOR, limit=limit)) == min(limit, 5)


def test_a_reply_that_was_sent_before_comes_last() -> None:
    said = reply("s0", "pre.size", 0.7, said=True)
    assert chosen(said, *SIZE[1:], limit=3) == ["s2", "s3", "s0"]


def test_nothing_in_is_nothing_out() -> None:
    assert chosen() == []


@pytest.fixture(scope="module")
def calibration(encoder: Encoder) -> Calibration:
    return load_calibration(encoder.id).model_copy(update={"abstain_below": 0.4})


def test_silence_says_why(calibration: Calibration) -> None:
    def why(replies: list[Reply], answerable: float = 1.0, waited_for: bool = True) -> str | None:
        return silence(replies, waited_for=waited_for, answerable=answerable, calibration=calibration)

    stock = reply("a", "pre.stock", 0.1)
    assert why([]) == NOTHING_KNOWN
    assert why([], waited_for=False) == NOBODY_WAITS
    assert why([reply("a", "other.chitchat", 0.99)]) == OFF_TOPIC
    assert why([reply("a", "other.chitchat", 0.99)], answerable=0.1) == OFF_TOPIC
    assert why([stock], answerable=0.39) == NOTHING_FITS
    assert why([stock], answerable=0.4) is None


@pytest.mark.parametrize(("answerable", "kept"), [(0.33, "abc"), (0.34, "bc"), (1.0, "bc")])
def test_what_may_well_be_more_than_small_talk_is_not_answered_as_small_talk(answerable: float, kept: str) -> None:
    replies = [reply("a", "other.chitchat", 0.6), reply("b", "pre.stock", 0.35), reply("c", "pre.size", 0.3)]
    left = without_small_talk([each.ranked for each in replies], answerable)
    assert [each.entry.id for each in left] == list(kept)
    alone = [replies[0].ranked]
    assert without_small_talk(alone, answerable) == alone


def test_a_doubtful_reply_to_what_is_surely_answerable_is_given(calibration: Calibration) -> None:
    several = [reply(name, intent, 0.2) for name, intent in (("a", "pre.stock"), ("b", "pre.size"))]
    assert silence(several, waited_for=True, answerable=0.95, calibration=calibration) is None
