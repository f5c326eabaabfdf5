"""The table of what is compared with what can be read, and says nothing twice."""

from __future__ import annotations

from collections import Counter

from knowledge.quantities import read_quantities
from knowledge.suitability import comparisons, device_attributes, devices, person_words
from models.text import normalise


def test_every_dimension_is_one_that_quantities_know() -> None:
    known = {
        each.dimension for text in ("1岁", "1斤", "1cm", "1度", "1w", "1升", "1平米") for each in read_quantities(text)
    }
    assert {row.dimension for row in comparisons()} <= known
    assert all(row.attributes for row in comparisons())


def test_no_word_means_two_devices() -> None:
    words = Counter(word for device in devices() for word in device.words)
    assert [word for word, times in words.items() if times > 1] == []
    assert [word for word in words if normalise(word) != word] == []


def test_a_kind_is_a_device_of_its_own() -> None:
    assert {device.kind for device in devices() if device.kind} <= {device.name for device in devices()}
    assert device_attributes()
    assert person_words()
