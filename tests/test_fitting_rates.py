"""Rates and odds of the order's state, by hand on counts small enough, and the same in any order of the examples."""

from __future__ import annotations

import math
from random import Random
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.conversation import read_conversation
from assistant.evidence import BROWSING
from assistant.examples import Example
from assistant.fitting_rates import complaint_rate, state_odds
from assistant.request import Message
from knowledge.context import OrderState
from models.intents import intents

BUYERS = sorted(code for code, intent in intents().items() if intent.voice == "buyer")
SAID = read_conversation([Message(role="buyer", text="在吗")])


def example(
    intent: str,
    complaint: bool | None = None,
    state: str | None = None,
    from_dialog: bool = False,
) -> Example:
    return Example(SAID, (intent, "other.unclear"), complaint, None, state, from_dialog=from_dialog)


def of_state(state: str | None, *codes: str, from_dialog: bool = False) -> list[Example]:
    return [example(code, state=state, from_dialog=from_dialog) for code in codes]


any_examples = st.lists(
    st.builds(
        example,
        st.sampled_from(BUYERS),
        st.sampled_from([True, False, None]),
        st.sampled_from([*get_args(OrderState), None]),
        st.booleans(),
    ),
    max_size=30,
)


# Complaints


def test_the_rate_of_complaints_is_their_share_with_one_message_more_that_hardly_complains() -> None:
    known = [example("after.damaged", complaint) for complaint in (True, True, True, False)]
    rates = complaint_rate([*known, example("after.damaged", None), example("pre.size", False)])
    assert rates == {"after.damaged": 0.64, "pre.size": 0.1}


def test_intents_of_which_nothing_is_known_have_no_rate() -> None:
    assert complaint_rate([example("pre.size", None)]) == {}


@settings(deadline=None)
@given(any_examples)
def test_rates_are_probabilities_of_the_intents_that_are_there(examples: list[Example]) -> None:
    complaints = complaint_rate(examples)
    assert set(complaints) == {each.intents[0] for each in examples if each.complaint is not None}
    assert all(0 < rate < 1 for rate in complaints.values())


# The state of the order


def odds_by_hand(own: float, of_intent: float, in_phase: float, of_phase: float, share: float) -> float:
    """The log of the ratio, drawn towards the phase by four messages, and the phase towards 1 by four."""
    phase = (in_phase / share + 4) / (of_phase + 4)
    return math.log((own / share + 4 * phase) / (of_intent + 4))


def test_the_odds_of_a_state_by_hand() -> None:
    odds = state_odds([*of_state("paid", "order.urge_ship", "order.urge_ship"), *of_state("delivered", "after.return")])
    assert set(odds) == {"paid", "delivered"}
    assert set(odds["paid"]) == set(BUYERS)
    # (2 : 2/3 + 4 x 7/6) / (2 + 4), where the phase has (2 : 2/3 + 4) / (2 + 4) = 7/6
    assert odds["paid"]["order.urge_ship"] == pytest.approx(math.log(23 / 18), abs=1e-4)
    assert odds["paid"]["order.cancel"] == pytest.approx(math.log(7 / 6), abs=1e-4)
    assert odds["paid"]["after.return"] == pytest.approx(math.log(0.64), abs=1e-4)
    assert odds["delivered"]["after.return"] == pytest.approx(math.log(1.72), abs=1e-4)
    assert odds["delivered"]["order.urge_ship"] == pytest.approx(odds_by_hand(0, 2, 0, 2, 1 / 3), abs=1e-4)
    assert odds["paid"]["pre.size"] == odds["delivered"]["pre.size"] == 0.0


def test_many_messages_outweigh_what_their_phase_says() -> None:
    usual = of_state("delivered", *["after.return"] * 200)
    unlike = of_state("paid", *["after.price_protect"] * 200)
    odds = state_odds([*usual, *unlike])
    assert odds["paid"]["after.price_protect"] > 0.5
    assert odds["paid"]["after.return"] == -2.0
    assert abs(odds["paid"]["after.exchange"]) < 0.1


def test_a_state_never_says_more_than_its_bound() -> None:
    odds = state_odds([*of_state("closed", *["after.return"] * 200), *of_state("paid", *["order.cancel"] * 2_000)])
    assert odds["closed"]["order.cancel"] == -2.0
    assert odds["closed"]["after.return"] == 2.0


def test_a_parcel_that_is_sent_is_as_good_as_one_on_its_way() -> None:
    odds = state_odds([*of_state("shipped", "order.track"), *of_state("collected", "order.stuck", "order.track"),
                       *of_state("paid", "order.cancel")])  # fmt: skip
    assert odds["shipped"] == odds["collected"]
    apart = state_odds([*of_state("shipped", "order.track", "order.stuck", "order.track"),
                        *of_state("paid", "order.cancel")])  # fmt: skip
    assert odds == apart
    assert "collected" not in state_odds(of_state("paid", "order.cancel"))


def test_who_only_browses_is_told_by_dialogs_alone() -> None:
    dialogs = [
        *of_state(BROWSING, "pre.size", "pre.size", "pre.stock", from_dialog=True),
        *of_state("delivered", "after.return", from_dialog=True),
        *of_state(None, "pre.size", "after.return", from_dialog=True),
    ]
    odds = state_odds(dialogs)
    # Three of six browse, two of the three that ask for a size; all three ask before the sale, of four who do.
    assert odds[BROWSING]["pre.size"] == pytest.approx(odds_by_hand(2, 3, 3, 4, 1 / 2), abs=1e-4)
    assert odds[BROWSING]["after.return"] == pytest.approx(odds_by_hand(0, 2, 0, 2, 1 / 2), abs=1e-4)
    assert odds[BROWSING]["pre.size"] > 0 > odds[BROWSING]["after.return"]
    others = of_state("paid", *["pre.size"] * 50)
    assert state_odds([*dialogs, *others])[BROWSING] == odds[BROWSING]


def test_browsing_says_nothing_of_the_states_of_orders() -> None:
    examples = [*of_state("paid", "order.urge_ship"), *of_state("delivered", "after.return", from_dialog=True)]
    browsing = of_state(BROWSING, "pre.size", "pre.stock", from_dialog=True)
    found = state_odds([*examples, *browsing])
    assert {state: found[state] for state in ("paid", "delivered")} == state_odds(examples)


def test_without_any_state_there_are_no_odds() -> None:
    assert state_odds([example("pre.size", False)]) == {}
    assert state_odds([]) == {}


@settings(deadline=None)
@given(any_examples, st.randoms(use_true_random=False))
def test_the_order_of_the_examples_does_not_matter(examples: list[Example], chance: Random) -> None:
    mixed = list(examples)
    chance.shuffle(mixed)
    assert state_odds(mixed) == state_odds(examples)
    assert complaint_rate(mixed) == complaint_rate(examples)


@settings(deadline=None)
@given(any_examples)
def test_odds_are_finite_and_none_where_nothing_is_known(examples: list[Example]) -> None:
    for odds in state_odds(examples).values():
        assert set(odds) == set(BUYERS)
        assert all(math.isfinite(value) for value in odds.values())
    phases = {intents()[each.intents[0]].phase for each in examples if each.state}
    unknown = [code for code in BUYERS if intents()[code].phase not in phases]
    assert {odds[code] for odds in state_odds(examples).values() for code in unknown} <= {0.0}
