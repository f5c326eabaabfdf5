"""Words as features: the same bag for the same text, of length 1, weighed as scikit-learn weighs terms."""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from models.words import BUCKETS, LONGEST, bag, count, matrix, rarity

TEXTS = ["能开发票吗", "发票能开吗", "什么时候发货", "再不发货我打12315", "好的好的好的", "a b"]
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ANY_TEXTS = st.lists(ANY_TEXT, min_size=1, max_size=8)


def bucket(gram: str) -> int:
    return zlib.crc32(gram.encode()) % BUCKETS


def dense(text: str, rare: NDArray[np.float32]) -> NDArray[np.float32]:
    """The features of a text with all the zeros."""
    seen, row = bag(text, rare), np.zeros(BUCKETS, np.float32)
    row[seen.buckets] = seen.values
    return row


def counts_of_scikit_learn(texts: Sequence[str]) -> NDArray[np.float64]:
    """How often the grams of each bucket occur in each text, as its vectoriser counts them."""
    vectoriser = CountVectorizer(analyzer="char", ngram_range=(1, 3), lowercase=False)
    found = vectoriser.fit_transform([f" {text} " for text in texts]).toarray()
    counts = np.zeros((len(texts), BUCKETS))
    for gram, column in vectoriser.vocabulary_.items():
        counts[:, bucket(gram)] += found[:, column]
    return counts


def test_every_character_pair_and_triple_is_counted_with_the_edges_of_the_text() -> None:
    grams = [" ", "a", "b", " a", "ab", "b ", " ab", "ab "]
    assert count("ab").keys() == {bucket(gram) for gram in grams}
    assert count("ab")[bucket("a")] == 1.0
    assert count("ab")[bucket(" ")] == pytest.approx(1 + math.log(2))


def test_the_same_characters_in_another_order_are_other_features() -> None:
    assert count("退货") != count("货退")
    assert count("退货")[bucket("退")] == count("货退")[bucket("退")]


def test_only_the_beginning_of_an_endless_message_is_read() -> None:
    text = "".join(chr(0x4E00 + number) for number in range(LONGEST + 50))
    assert count(text) == count(text[:LONGEST])
    assert count(text) != count(text[: LONGEST - 1])


def test_weights_are_those_of_scikit_learn() -> None:
    expected = TfidfTransformer(sublinear_tf=True).fit(counts_of_scikit_learn(TEXTS))
    rare = rarity(TEXTS)
    assert rare == pytest.approx(expected.idf_, rel=1e-3)
    wanted = expected.transform(counts_of_scikit_learn(TEXTS)).toarray()
    assert np.array([dense(text, rare) for text in TEXTS]) == pytest.approx(wanted, abs=1e-3)


def test_what_every_text_has_weighs_less_than_what_one_has() -> None:
    rare = rarity(TEXTS)
    assert rare[bucket(" ")] == pytest.approx(1.0)
    assert rare[bucket("12")] > rare[bucket("发")] > rare[bucket(" ")]


def test_what_no_text_had_weighs_most() -> None:
    rare = rarity(TEXTS)
    unseen = set(range(BUCKETS)) - {each for text in TEXTS for each in count(text)}
    assert {float(rare[each]) for each in unseen} == {float(rare.max())}


@settings(deadline=None)
@given(ANY_TEXTS)
def test_the_order_of_the_texts_does_not_matter(texts: list[str]) -> None:
    np.testing.assert_array_equal(rarity(texts), rarity(texts[::-1]))
    np.testing.assert_array_equal(rarity(texts), rarity(sorted(texts)))


@settings(deadline=None)
@given(ANY_TEXT, ANY_TEXTS)
def test_a_text_has_one_bag_and_its_length_is_one(text: str, others: list[str]) -> None:
    rare = rarity(others)
    one, other = bag(text, rare), bag(str(text), rare.copy())
    np.testing.assert_array_equal(one.buckets, other.buckets)
    np.testing.assert_array_equal(one.values, other.values)
    assert np.linalg.norm(one.values) == pytest.approx(1.0, abs=1e-5)
    assert (one.values > 0).all()
    assert len(set(one.buckets.tolist())) == len(one.buckets)
    assert ((one.buckets >= 0) & (one.buckets < BUCKETS)).all()


@settings(deadline=None)
@given(ANY_TEXTS)
def test_the_matrix_has_the_bag_of_each_text_in_its_row(texts: list[str]) -> None:
    rare = rarity(texts)
    found = matrix(texts, rare)
    assert found.shape == (len(texts), BUCKETS)
    np.testing.assert_array_equal(found.toarray(), [dense(text, rare) for text in texts])


def test_no_texts_make_a_matrix_without_rows() -> None:
    assert matrix([], rarity([])).shape == (0, BUCKETS)
