"""The intent codes are those of the contract: complete, unique, each in a phase that exists."""

from __future__ import annotations

from collections import Counter

import pytest

from models.intents import intents, phases

OF_PHASE = {"flow": 6, "pre_sale": 24, "in_sale": 17, "after_sale": 20, "risk": 5, "care": 7, "other": 3}
SAID_BY_THE_AGENT = {
    "flow.wait", "order.pay_reminder", "order.ship_notice", "order.delay_notice", "after.bad_review",
    "care.thanks", "care.review_invite", "care.new_arrival", "care.festival", "care.revisit",
}  # fmt: skip


def test_there_are_82_codes_spread_over_the_phases_of_the_service_flow() -> None:
    assert Counter(intent.phase for intent in intents().values()) == OF_PHASE
    assert len(intents()) == 82
    assert list(phases()) == list(OF_PHASE)


def test_every_intent_is_found_under_its_own_code() -> None:
    assert [intent.code for intent in intents().values()] == list(intents())


def test_the_order_is_that_of_the_contract() -> None:
    codes = list(intents())
    assert (codes[0], codes[-1]) == ("flow.greeting", "other.unclear")
    assert (
        codes.index("pre.size") < codes.index("order.track") < codes.index("after.return") < codes.index("risk.abuse")
    )


def test_agent_voiced_intents_are_marked() -> None:
    assert {code for code, intent in intents().items() if intent.voice == "agent"} == SAID_BY_THE_AGENT


def test_names_shown_on_pages_are_chinese_and_tell_the_intents_apart() -> None:
    names = [intent.zh for intent in intents().values()]
    assert len(set(names)) == len(names)
    assert all(any("\u4e00" <= character <= "\u9fff" for character in name) for name in [*names, *phases().values()])


@pytest.mark.parametrize(
    ("code", "phase"), [("pre.size", "pre_sale"), ("order.track", "in_sale"), ("after.lost", "after_sale")]
)
def test_phase_is_that_of_the_code(code: str, phase: str) -> None:
    assert intents()[code].phase == phase
