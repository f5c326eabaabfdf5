"""Training the encoder: on our own texts as the suggester encodes them, and none that is kept back."""

from __future__ import annotations

import re
from functools import cache

from assistant.examples import own_examples
from assistant.train_encoder import PASSAGE, QUERY, Training, training_texts
from knowledge.starter import starter_changes
from models.cues import EMOTIONS
from models.intents import intents
from models.text import normalise
from models.training.tuning import Text


@cache
def texts() -> list[Text]:
    return training_texts()


def test_training_texts_are_ours_each_once_and_cover_every_buyers_intent() -> None:
    assert len({(each.text, each.intent) for each in texts()}) == len(texts())
    assert {each.intent for each in texts()} == {code for code, intent in intents().items() if intent.voice == "buyer"}
    assert {each.complaint for each in texts()} == {True, False, None}
    assert {each.emotion for each in texts()} == {*EMOTIONS, None}
    assert [each.text for each in texts() if not each.text.startswith((QUERY, PASSAGE))] == []


def test_an_utterance_from_a_conversation_is_there_alone_and_with_what_came_before() -> None:
    by_text = {(each.text, each.intent): each for each in texts()}
    framed = [each for each in own_examples() if not each.kept_back and each.conversation.in_context != each.text]
    assert framed
    for example in framed:
        alone = by_text[QUERY + example.text, example.intents[0]]
        whole = by_text[QUERY + example.conversation.in_context, example.intents[0]]
        assert alone.weight <= whole.weight == 1.0


def test_what_is_kept_back_is_not_trained_on() -> None:
    """Words as short as 好的 are in many conversations; with these before them they are one utterance's."""
    kept = {each.conversation.in_context for each in own_examples() if each.kept_back}
    others = {each.conversation.in_context for each in own_examples() if not each.kept_back}
    alone = {each.text for each in own_examples() if not each.kept_back}
    known = {normalise(text) for draft in starter_changes().drafts for text in (draft.title, *draft.questions)}
    trained = {each.text.removeprefix(QUERY) for each in texts() if each.text.startswith(QUERY)}
    assert len(kept - others - alone - known) > 1000
    assert trained & (kept - others - alone - known) == set()


def test_the_starters_questions_and_answers_are_of_the_intent_they_are_for() -> None:
    wanted = {
        (prefix + normalise(text), draft.intent)
        for draft in starter_changes().drafts
        if intents()[draft.intent].voice == "buyer" and draft.questions
        for prefix, some in ((QUERY, (draft.title, *draft.questions)), (PASSAGE, [a.text for a in draft.answers]))
        for text in some
    }
    assert wanted <= {(each.text, each.intent) for each in texts()}
    assert sum(each.text.startswith(PASSAGE) for each in texts()) > 100


def test_the_model_card_says_what_the_training_was() -> None:
    training = Training(12_345, steps=40, losses=[4.0] * 4 + [3.0] * 32 + [1.25] * 4)
    card = str(training)
    assert "12,345 texts" in card
    assert "40 steps" in card
    assert re.search(r"first tenth of the steps 4\.00, over the last 1\.25", card)
