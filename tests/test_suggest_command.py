"""`xiaoer suggest`: a table for people, the response for programs, a line for a line in batches."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.response import SuggestionResponse
from assistant.service.commands.suggest import BATCH
from assistant.service.routes.suggestions import REQUEST_EXAMPLE
from assistant.service.schemas import ProblemDocument
from assistant.service.wiring import open_base
from knowledge.changes import Changes
from tests.entry_examples import draft
from tests.service_processes import xiaoer
from tests.small_knowledge import settings_over

pytest_plugins = ["tests.service_fixtures"]


def line(text: str, request_id: str, **fields: Any) -> bytes:
    """One request of a batch."""
    request = {"request_id": request_id, "messages": [{"role": "buyer", "text": text}], **fields}
    return json.dumps(request, ensure_ascii=False).encode()


def batch(data: Path, *lines: bytes) -> list[dict[str, Any]]:
    """The answers to a batch, which always succeeds as a whole."""
    done = xiaoer(data, "suggest", "--batch", stdin=b"\n".join(lines))
    assert done.returncode == 0, done.stderr
    return [json.loads(each) for each in done.stdout.splitlines()]


def test_people_read_what_was_understood_the_reply_and_its_source(starter_data: Path) -> None:
    done = xiaoer(starter_data, "suggest", "我160高100斤穿多大", "--item", "dress-001")
    assert done.returncode == 0
    assert "理解" in done.stdout
    assert "尺码与型号选择" in done.stdout
    assert "M" in done.stdout
    assert " v1" in done.stdout
    assert done.stderr == ""


def test_a_complaint_is_shown_with_what_to_do_besides(starter_data: Path) -> None:
    done = xiaoer(starter_data, "suggest", "收到就是破的，太失望了！")
    assert "投诉" in done.stdout
    assert "留存凭证" in done.stdout


def test_nothing_to_suggest_is_said_with_its_reason(starter_data: Path) -> None:
    done = xiaoer(starter_data, "suggest", "今天天气怎么样", "--json")
    response = json.loads(done.stdout)
    shown = xiaoer(starter_data, "suggest", "今天天气怎么样").stdout
    assert response["abstained"]
    assert response["reason"] in shown
    assert "备用" in shown or not response["suggestions"]


def test_a_reply_is_shown_letter_by_letter(data: Path) -> None:
    words = "亲，[red]马上[/x]为您核对[smile]。"
    with open_base(settings_over(data)) as (_, base, _):
        base.write(Changes(drafts=[draft("policy-ship", title="[/b]什么时候发货", answers=[words])]))
    done = xiaoer(data, "suggest", "啥时候发货呀")
    assert done.returncode == 0
    assert words in done.stdout
    assert "[/b]什么时候发货" in done.stdout


def test_programs_get_the_whole_response(data: Path) -> None:
    done = xiaoer(data, "suggest", "能改地址吗", "--json")
    assert done.returncode == 0
    response = SuggestionResponse.model_validate_json(done.stdout)
    assert response.suggestions[0].source.entry_id == "policy-address"
    assert json.loads(done.stdout).keys() == SuggestionResponse.model_fields.keys()


def test_the_order_decides_the_wording(starter_data: Path, tmp_path: Path) -> None:
    texts = set()
    for state in ("paid", "collected"):
        order = tmp_path / f"{state}.json"
        order.write_text(json.dumps({"state": state, "order_id": "1"}), "utf-8-sig")
        done = xiaoer(starter_data, "suggest", "能改地址吗", "--order", str(order), "--json")
        texts.add(json.loads(done.stdout)["suggestions"][0]["text"])
    assert len(texts) == 2


@pytest.mark.parametrize("content", ["在吗".encode("gbk"), b'{"state": "lost"}', None])
def test_an_order_that_cannot_be_read_is_misuse(data: Path, tmp_path: Path, content: bytes | None) -> None:
    order = tmp_path / "order.json"
    if content is not None:
        order.write_bytes(content)
    done = xiaoer(data, "suggest", "能改地址吗", "--order", str(order))
    assert done.returncode == 2
    assert "order" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("arguments", [["在吗", "--batch"], ["--json"]])
def test_either_a_text_or_a_batch(data: Path, arguments: list[str]) -> None:
    done = xiaoer(data, "suggest", *arguments)
    assert done.returncode == 2
    assert "--batch" in done.stderr


def test_a_text_that_is_too_long_is_misuse(data: Path) -> None:
    done = xiaoer(data, "suggest", "长" * 20_001)
    assert done.returncode == 2
    assert "20000" in done.stderr


@pytest.mark.parametrize("text", ["", "-5号到吗"])
def test_any_text_gets_an_answer(data: Path, text: str) -> None:
    done = xiaoer(data, "suggest", "--json", "--", text)
    assert done.returncode == 0, done.stderr
    SuggestionResponse.model_validate_json(done.stdout)


def test_any_text_gets_an_answer_in_a_batch(data: Path) -> None:
    texts = ["", "   ", "？？？", "😀", "在" * 5000, "\u200b", "{运单号}", "a\x00b"]
    answers = [SuggestionResponse.model_validate(each) for each in batch(data, *(line(text, "r") for text in texts))]
    assert [each.request_id for each in answers] == ["r"] * len(texts)


def test_the_contracts_request_on_one_line_gets_the_contracts_response(starter_data: Path) -> None:
    (response,) = batch(starter_data, json.dumps(REQUEST_EXAMPLE).encode())
    SuggestionResponse.model_validate(response)
    assert response["request_id"] == "r-1"
    assert response["understanding"]["complaint"]["value"] is True
    assert response["suggestions"][0]["parts"][0]["role"] == "empathy"
    assert "evidence" in [step["kind"] for step in response["next_steps"]]
    assert not any(set("{}") & set(one["text"]) for one in response["suggestions"])


def test_answers_come_in_the_order_of_the_requests_over_many_rounds(data: Path) -> None:
    asked = ["能改地址吗", "什么时候发货", "在吗"]
    lines = [line(asked[number % 3], f"r{number}") for number in range(2 * BATCH + 5)]
    answers = batch(data, *lines)
    assert [one["request_id"] for one in answers] == [f"r{number}" for number in range(2 * BATCH + 5)]
    found = [one["suggestions"][0]["source"]["entry_id"] for one in answers[:2]]
    assert found == ["policy-address", "policy-ship"]


def test_a_batch_answers_as_single_requests_do(data: Path) -> None:
    texts = ["地址写错了咋办", "啥时候发货呀"]
    answers = batch(data, *(line(text, text) for text in texts))
    for text, answer in zip(texts, answers, strict=True):
        alone = json.loads(xiaoer(data, "suggest", text, "--json").stdout)
        assert [one["text"] for one in answer["suggestions"]] == [one["text"] for one in alone["suggestions"]]
        assert answer["understanding"]["intents"][0]["code"] == alone["understanding"]["intents"][0]["code"]


BAD = {
    "broken": b'{"messages": [',
    "a word": "在吗".encode(),
    "a list": b"[]",
    "GBK": '{"messages":[{"role":"buyer","text":"在吗"}]}'.encode("gbk"),
    "deep": b"[" * 100_000,
    "half a character": b'{"messages":[{"role":"buyer","text":"\\ud83d"}]}',
    "no messages": b"{}",
    "another shop": line("在吗", "x", shop_id="shop-nobody"),
    "limit": line("在吗", "x", limit=0),
    "a megabyte": line("长" * 400_000, "x"),
    "a null byte": b"\x00",
}


def test_a_bad_line_gets_its_problem_in_its_place_and_the_run_goes_on(data: Path) -> None:
    lines = [one for number, bad in enumerate(BAD.values()) for one in (bad, line("能改地址吗", f"r{number}"))]
    answers = batch(data, *lines)
    assert len(answers) == len(lines)
    assert [one.get("request_id") for one in answers[1::2]] == [f"r{number}" for number in range(len(BAD))]
    for name, answer in zip(BAD, answers[::2], strict=True):
        assert answer.keys() == {"error"}, name
        problem = ProblemDocument.model_validate(answer["error"])
        assert problem.status == (404 if name == "another shop" else 422), name
        assert problem.errors or problem.status == 404, name
        assert "条目" not in problem.detail.replace("知识条目", ""), f"{name}: a request is no entry"


def test_blank_lines_are_no_requests(data: Path) -> None:
    answers = batch(data, b"", b"  ", line("能改地址吗", "a"), b"\t\r", line("什么时候发货", "b"), b"", b"")
    assert [one["request_id"] for one in answers] == ["a", "b"]


def test_a_batch_of_nothing_is_answered_with_nothing(data: Path) -> None:
    assert batch(data) == []


def test_lines_may_end_as_windows_ends_them(data: Path) -> None:
    answers = batch(data, line("能改地址吗", "a") + b"\r", line("什么时候发货", "b") + b"\r")
    assert [one["request_id"] for one in answers] == ["a", "b"]


def test_a_byte_order_mark_before_the_first_request_is_no_part_of_it(data: Path) -> None:
    answers = batch(data, b"\xef\xbb\xbf" + line("能改地址吗", "a"), line("什么时候发货", "b"))
    assert [one.get("request_id") for one in answers] == ["a", "b"]
