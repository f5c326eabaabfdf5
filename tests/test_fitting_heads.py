"""Fitting the heads: on examples and phrasings, and what is kept back is judged by heads that have not seen it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from assistant import fitting_heads
from assistant.conversation import read_conversation
from assistant.examples import Example
from assistant.fitting_heads import Encoded, fit_heads, read_all
from assistant.request import Message
from knowledge.snapshot import Snapshot
from models.cues import EMOTIONS
from models.encoder import Encoder
from models.heads import Heads, Opinions
from models.words import BUCKETS
from tests.counting_encoder import CountingEncoder
from tests.fitting_fixtures import entry, said, snapshot_of, some_of

pytestmark = pytest.mark.timeout(900)
TOPICS = ("pre.size", "after.damaged", "order.track")
PAIR = [("buyer", "白色有货吗"), ("agent", "有的亲"), ("buyer", "那黑色呢")]


@pytest.fixture(scope="module")
def encoded(encoder: Encoder) -> Encoded:
    """Some utterances of three topics."""
    return Encoded.by(encoder, some_of(5, TOPICS))


@pytest.fixture(scope="module")
def shop(encoder: Encoder) -> Snapshot:
    """A shop that knows one more topic than the examples, and has words of its own to open with."""
    asked = ["能开发票吗", "发票抬头怎么写", "可以开专票吗", "要报销能开票不", "电子发票发邮箱行吗", "税号填哪里"]
    invoice = entry("invoice", intent="pre.invoice", title="可以开发票吗", questions=asked)
    opening = entry("opening", intent="flow.wait", kind="phrase", title="请稍等", questions=["稍等一下"])
    return snapshot_of(encoder, invoice, opening)


@pytest.fixture(scope="module")
def fitted(shop: Snapshot, encoded: Encoded) -> tuple[Heads, list[Opinions]]:
    return fit_heads(shop, encoded)


def best(opinions: Sequence[Opinions], panel: str) -> list[str]:
    """The likeliest intent of each, by one of the panels."""
    intents = [getattr(each, panel).intent for each in opinions]
    return [max(said, key=lambda code: said[code]) for said in intents]


def right(encoded: Encoded, opinions: Sequence[Opinions], panel: str) -> float:
    pairs = zip(best(opinions, panel), encoded.examples, strict=True)
    return float(np.mean([code == example.intents[0] for code, example in pairs]))


# Encoding


def test_rows_are_the_vectors_of_the_turns_alone_and_with_what_came_before(encoder: Encoder) -> None:
    messages = [Message.model_validate({"role": role, "text": text}) for role, text in PAIR]
    examples = [said("能开发票吗", "pre.invoice"), Example(read_conversation(messages), ("pre.stock",))]
    found = Encoded.by(encoder, examples)
    texts = ["能开发票吗", "白色有货吗,那黑色呢"]
    assert found.vectors == pytest.approx(encoder.encode_queries(texts), abs=1e-5)
    in_context = [texts[0], f"{texts[1]} 客:有的亲 买:白色有货吗"]
    assert found.in_context == pytest.approx(encoder.encode_queries(in_context), abs=1e-5)


def test_what_is_said_twice_is_encoded_once() -> None:
    counting = CountingEncoder()
    found = Encoded.by(counting, [said("在吗", "flow.greeting"), said("发什么快递", "pre.carrier")] * 3)
    assert sorted(counting.encoded) == ["发什么快递", "在吗"]
    assert found.vectors.shape == found.in_context.shape == (6, counting.dim)
    np.testing.assert_array_equal(found.vectors[0], found.vectors[4])


def test_clauses_are_encoded_for_what_is_kept_back_alone(encoder: Encoder) -> None:
    each = said("打了三次电话都不接，就那台烤箱", "order.stuck")
    kept, learned = Encoded.by(encoder, [each, replace(each, kept_back=False)]).clauses
    assert kept == pytest.approx(encoder.encode_queries(["打了三次电话都不接", "就那台烤箱"]), abs=1e-5)
    assert learned.shape == (0, encoder.dim)


def test_some_rows_are_these_rows(encoded: Encoded) -> None:
    found = encoded.only(range(3, 6))
    assert list(found.examples) == list(encoded.examples[3:6])
    np.testing.assert_array_equal(found.vectors, encoded.vectors[3:6])
    np.testing.assert_array_equal(found.in_context, encoded.in_context[3:6])
    assert all(map(np.array_equal, found.clauses, encoded.clauses[3:6]))
    assert encoded.only([]).vectors.shape == (0, encoded.vectors.shape[1])


def test_nothing_to_encode_is_nothing_encoded(encoder: Encoder) -> None:
    assert Encoded.by(encoder, []).vectors.shape == (0, encoder.dim)


# Heads


def test_every_panel_has_a_head_for_every_question(fitted: tuple[Heads, list[Opinions]], encoder: Encoder) -> None:
    heads, _ = fitted
    sizes = {"message": encoder.dim, "conversation": encoder.dim, "words": BUCKETS}
    for name, head in heads.named():
        panel, _, question = name.partition("_")
        assert head.weights.shape == (len(head.labels), sizes[panel]), name
        assert np.isfinite(head.weights).all(), name
        assert (
            set(head.labels)
            <= {"intent": {*TOPICS, "pre.invoice"}, "complaint": {"0", "1"}, "emotion": set(EMOTIONS)}[question]
        )


@pytest.mark.parametrize("panel", ["message", "conversation", "words", "neighbours"])
def test_a_panel_tells_most_of_the_topics_that_it_saw_and_of_those_that_it_did_not(
    fitted: tuple[Heads, list[Opinions]], encoded: Encoded, encoder: Encoder, panel: str
) -> None:
    heads, opinions = fitted
    every = Encoded.by(encoder, [replace(each, kept_back=True) for each in encoded.examples])
    kept = encoded.only([row for row, each in enumerate(encoded.examples) if each.kept_back])
    assert right(every, read_all(heads, every), panel) > 0.95
    assert right(kept, opinions, panel) > 0.6  # by chance 0.33


def test_phrasings_teach_their_intent_and_what_only_the_shop_says_does_not(
    fitted: tuple[Heads, list[Opinions]], encoder: Encoder
) -> None:
    heads, _ = fitted
    for panel in (heads.message, heads.conversation, heads.words):
        assert set(panel.intent.labels) == {*TOPICS, "pre.invoice"}
    asked = Encoded.by(encoder, [said("能开发票吗", "pre.invoice")])
    assert {best(read_all(heads, asked), panel)[0] for panel in ("message", "conversation", "words")} == {"pre.invoice"}


def test_heads_on_words_learn_from_emoji_too(encoder: Encoder, shop: Snapshot) -> None:
    pleased = [said(f"{text}😊", "after.damaged", emotion="positive") for text in ("收到了", "就这样吧", "挺快", "哦")]
    cross = [
        said(f"{text}😡", "after.damaged", complaint=True, emotion="angry") for text in ("收到", "那行", "看看", "好")
    ]
    taught = [replace(each, kept_back=False) for each in (*pleased, *cross)]
    heads, _ = fit_heads(shop, Encoded.by(encoder, taught))
    asked = Encoded.by(encoder, [said("到了😡", "after.damaged"), said("到了😊", "after.damaged")])
    feelings = [opinions.words.emotion for opinions in read_all(heads, asked)]
    assert [max(each, key=lambda label: each[label]) for each in feelings] == ["angry", "positive"]


def test_only_what_is_kept_back_is_judged_and_by_heads_that_have_not_seen_it(
    shop: Snapshot, encoded: Encoded, fitted: tuple[Heads, list[Opinions]]
) -> None:
    heads, opinions = fitted
    kept = [each for each in encoded.examples if each.kept_back]
    assert len(opinions) == len(kept) > 10
    relabelled = [
        replace(each, intents=("order.track",), complaint=True, emotion="angry") if each.kept_back else each
        for each in encoded.examples
    ]
    other_heads, other_opinions = fit_heads(shop, replace(encoded, examples=relabelled))
    assert other_opinions == opinions
    assert other_heads != heads


def test_an_opinion_is_of_probabilities(fitted: tuple[Heads, list[Opinions]]) -> None:
    for each in fitted[1][:20]:
        for opinion in (each.message, each.conversation, each.words):
            for chances in (opinion.intent, opinion.complaint, opinion.emotion):
                assert sum(map(math.exp, chances.values())) == pytest.approx(1.0, abs=1e-4)


def test_without_knowledge_the_examples_are_enough(encoder: Encoder, encoded: Encoded) -> None:
    few = encoded.only(range(0, len(encoded.examples), 3))
    heads, _ = fit_heads(Snapshot.empty(encoder), few)
    assert set(heads.message.intent.labels) == set(TOPICS)


def test_of_a_very_large_shop_every_so_many_a_phrasing_is_enough(
    shop: Snapshot, encoded: Encoded, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = encoded.only(range(0, len(encoded.examples), 3))
    monkeypatch.setattr(fitting_heads, "MOST_PHRASINGS", 2)
    thinned, _ = fit_heads(shop, few)
    monkeypatch.undo()
    whole, _ = fit_heads(shop, few)
    assert set(thinned.message.intent.labels) == set(whole.message.intent.labels)
    assert thinned != whole
