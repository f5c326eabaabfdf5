"""Next steps: what to do besides replying, from the table of cases."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from typing import Any, get_args

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.next_steps import MAX_NOTE_BYTES, next_steps
from assistant.response import Complaint, Emotion, IntentGuess, NextStep, StepKind, Understanding
from knowledge.context import ORDER_STATE_ZH
from knowledge.placeholders import fields, placeholders
from models.intents import intents

NOW = datetime.fromisoformat("2026-11-21T10:01:00+08:00")
TABLE: list[dict[str, Any]] = yaml.safe_load(files("assistant").joinpath("data/next_steps.yaml").read_text("utf-8"))


def understood(*guesses: tuple[str, float], risks: tuple[str, ...] = ()) -> Understanding:
    return Understanding(
        intents=tuple(IntentGuess(code=code, confidence=p) for code, p in guesses),
        complaint=Complaint(value=True, confidence=0.9),
        emotion=Emotion(label="upset", confidence=0.9),
        risks=risks,
        phase="after_sale",
    )


def steps(
    *guesses: tuple[str, float], turn: str = "破了", risks: tuple[str, ...] = (), **facts: object
) -> tuple[NextStep, ...]:
    known = {path.replace("__", "."): value for path, value in facts.items()}
    return next_steps(understood(*guesses, risks=risks), known, turn, NOW)


def test_damage_asks_for_evidence_and_notes_the_order() -> None:
    evidence, note = steps(("after.damaged", 0.9), turn="杯盖裂了\n\n怎么办", agent__id="a07")
    assert evidence.kind == "evidence"
    assert evidence.items is not None
    assert "破损处照片" in evidence.items
    assert (note.kind, note.flag) == ("order_note", "red")
    assert note.text == "[收到破损] 杯盖裂了 怎么办，待买家传图后换新或退款 | a07 | 11-21 10:01"


def test_what_is_not_known_is_left_out_of_a_note() -> None:
    (_, note) = steps(("after.damaged", 0.9), turn="杯盖裂了")
    assert note.text == "[收到破损] 杯盖裂了，待买家传图后换新或退款 | 11-21 10:01"


def test_a_record_of_nothing_known_is_no_step() -> None:
    assert steps(("pre.size", 0.9)) == ()


def test_a_plain_question_needs_no_step() -> None:
    assert steps(("flow.greeting", 1.0), turn="在吗") == ()


def test_nothing_understood_needs_no_step() -> None:
    assert steps() == ()


def test_the_orders_state_decides_what_to_do_about_an_address() -> None:
    asked = ("order.change_address", 0.9)
    assert [step.kind for step in steps(asked, order__state="paid")] == ["ask_buyer", "order_note"]
    assert [step.kind for step in steps(asked, order__state="collected")] == ["ask_buyer", "escalate"]
    assert steps(asked) == ()


def test_a_second_topic_counts_only_when_it_is_likely() -> None:
    def kinds(p: float) -> list[str]:
        return [step.title for step in steps(("pre.size", 0.5), ("pre.bargain", p), size__given="身高160cm")]

    assert kinds(0.45) == ["登记尺码需求", "登记未成交原因"]
    assert kinds(0.2) == ["登记尺码需求"]


def test_a_risk_named_by_words_is_escalated_whatever_the_topic() -> None:
    found = steps(("after.damaged", 0.9), risks=("risk.report",), turn="不赔就打12315", order__order_id="88")
    escalated = [step for step in found if step.kind == "escalate"]
    assert len(escalated) == 1
    assert "不赔就打12315" in str(escalated[0].text)
    assert "88" in str(escalated[0].text)


def test_a_step_of_one_kind_and_title_is_given_once() -> None:
    found = steps(("after.damaged", 0.5), ("after.defect", 0.45), risks=("risk.report",))
    named = [(step.kind, step.title) for step in found]
    assert len(named) == len(set(named))


def test_a_long_message_is_quoted_in_short() -> None:
    (_, note) = steps(("after.damaged", 0.9), turn="破" * 500)
    assert note.text is not None
    assert "破" * 59 + "…" in note.text
    assert "破" * 60 not in note.text


codes = st.sampled_from(sorted(intents()))
values = st.text(max_size=400) | st.integers() | st.booleans()


@given(
    st.lists(st.tuples(codes, st.floats(0, 1)), max_size=5),
    st.lists(codes, max_size=3),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=3000),
    st.dictionaries(st.sampled_from(sorted(fields())), values),
    st.none() | st.sampled_from(sorted(ORDER_STATE_ZH)),
)
def test_any_turn_gives_steps_that_fit_the_platform(
    guesses: list[tuple[str, float]], risks: list[str], turn: str, facts: dict[str, object], state: str | None
) -> None:
    known = {**facts, "order.state": state} if state else facts
    found = next_steps(understood(*guesses, risks=tuple(risks)), known, turn, NOW)
    for step in found:
        assert step.title
        assert step.kind in get_args(StepKind)
        assert step.text is None or 0 < len(step.text.encode()) <= MAX_NOTE_BYTES


def test_a_note_is_cut_between_characters() -> None:
    (step,) = steps(("pre.size", 0.9), item__title="裙" * 1000)
    assert step.text is not None
    assert len(step.text.encode()) == MAX_NOTE_BYTES - MAX_NOTE_BYTES % 3
    assert set(step.text) == {"裙"}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: "-".join(row["intents"]))
def test_every_case_of_the_table_can_happen(row: dict[str, Any]) -> None:
    assert set(row) <= {"intents", "risks", "states", "complaint", "steps"}
    assert set(row["intents"]) | set(row.get("risks", ())) <= intents().keys()
    assert set(row.get("states", ())) <= ORDER_STATE_ZH.keys()
    for step in row["steps"]:
        assert step["kind"] in get_args(StepKind)
        assert set(placeholders(step.get("text", ""))) <= {*fields(), "summary", "time"}
        assert step.get("text") or step.get("items")
