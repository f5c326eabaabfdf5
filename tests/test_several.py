"""A turn with several questions: all are answered, in one reply and one by one."""

from __future__ import annotations

import pytest

from assistant.response import SuggestionResponse
from assistant.service.wiring import Parts
from tests.starter_fixtures import ask
from tests.starter_fixtures import starter_parts as starter_parts

DRESS = {"item": {"item_id": "dress-001"}}


def topics(response: SuggestionResponse) -> list[str]:
    return [each.intent for each in response.suggestions]


@pytest.mark.parametrize(
    ("messages", "wanted"),
    [
        (["是什么料子的，发什么快递"], {"pre.material", "pre.carrier"}),
        (["我160高100斤穿什么码", "现在拍今天能发吗"], {"pre.size", "pre.arrival"}),
        (["可以开发票吗 包邮吗"], {"pre.invoice", "pre.freight"}),
    ],
)
def test_every_question_is_answered_in_one_reply_and_by_itself(
    starter_parts: Parts, messages: list[str], wanted: set[str]
) -> None:
    response = ask(starter_parts, *messages, context=DRESS)
    whole, *singles = response.suggestions
    assert {each.intent for each in singles} >= wanted
    entries = {part.entry_id for part in whole.parts}
    assert {single.source.entry_id for single in singles if single.intent in wanted} <= entries
    assert {each.code for each in response.understanding.intents[:2]} == wanted


def test_the_merged_reply_greets_once_and_is_its_parts(starter_parts: Parts) -> None:
    whole = ask(starter_parts, "是什么料子的，发什么快递", context=DRESS).suggestions[0]
    assert whole.text == "".join(part.text for part in whole.parts)
    assert whole.text.count("亲，") <= 1
    assert {part.role for part in whole.parts[:-1]} <= {"empathy", "answer", "ask"}


def test_a_complaint_with_a_question_opens_with_empathy_once(starter_parts: Parts) -> None:
    response = ask(
        starter_parts, "收到就是破的，太失望了！退货运费谁出啊，多久能退钱", context={"order": {"state": "delivered"}}
    )
    assert response.understanding.complaint.value
    roles = [part.role for part in response.suggestions[0].parts]
    assert roles[0] == "empathy"
    assert roles.count("empathy") == 1


@pytest.mark.parametrize("text", ["能不能便宜点，可以吗", "在吗，有人吗", "怎么还不发货啊，都三天了，什么意思"])
def test_one_matter_asked_twice_gets_no_merged_reply(starter_parts: Parts, text: str) -> None:
    whole = ask(starter_parts, text).suggestions[0]
    assert len({part.entry_id for part in whole.parts if part.role != "empathy"}) == 1
