"""The encoder that remembers: the same vectors, each text encoded once."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from models.remembered import RememberedEncoder
from tests.counting_encoder import CountingEncoder, shipped

texts = st.lists(st.sampled_from(["发货", "啥时候发货呀", "可以便宜点吗", "", "退款"]), max_size=6)


@settings(deadline=None, max_examples=30)
@given(texts, texts)
def test_each_text_is_encoded_once_and_to_the_same_vector(one: list[str], two: list[str]) -> None:
    beneath = CountingEncoder()
    encoder = RememberedEncoder(beneath)
    for batch in (one, two):
        np.testing.assert_allclose(encoder.encode_queries(batch), shipped().encode_queries(batch), atol=1e-6)
    assert sorted(beneath.encoded) == sorted({*one, *two})


def test_queries_and_documents_are_kept_apart() -> None:
    encoder = RememberedEncoder(shipped())
    query, document = encoder.encode_queries(["发货"]), encoder.encode_documents(["发货"])
    np.testing.assert_allclose(document, shipped().encode_documents(["发货"]), atol=1e-6)
    assert not np.allclose(query, document)
    assert (encoder.id, encoder.dim) == (shipped().id, shipped().dim)


def test_the_oldest_are_forgotten_and_still_encoded_right() -> None:
    beneath = CountingEncoder()
    encoder = RememberedEncoder(beneath, most=2)
    for text in ("一", "二", "三", "一"):
        np.testing.assert_allclose(encoder.encode_queries([text]), shipped().encode_queries([text]), atol=1e-6)
    assert beneath.encoded == ["一", "二", "三", "一"]
