"""News over server-sent events from real servers: at once, of any process, nothing lost, nothing of another shop."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from tests.event_listener import listening
from tests.service_processes import Server, serving

pytest_plugins = ["tests.service_fixtures"]


@pytest.fixture(scope="module")
def folder(small_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return shutil.copytree(small_folder, tmp_path_factory.mktemp("events") / "data")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with serving(folder) as server:
        yield server


def say(server: Server, conversation: str, *texts: str, **fields: Any) -> float:
    """Report a buyer's messages; the moment in which the report was sent."""
    messages = [{"role": "buyer", "text": text} for text in texts]
    with server.client() as client:
        at = time.monotonic()
        answer = client.post(f"/v1/conversations/{conversation}/messages", json={"messages": messages, **fields})
    assert answer.status_code == 202, answer.text
    return at


def texts(event: dict[str, Any]) -> list[str]:
    return [message["text"] for message in event["messages"]]


def test_a_message_posted_by_one_client_reaches_a_listener_within_a_second(server: Server) -> None:
    with listening(server, "quick") as page:
        took = []
        for number in range(5):
            at = say(server, "quick", f"第{number}句", context={"buyer": {"nick": "tb01"}})
            heard = page.next("messages")
            assert texts(heard.data) == [f"第{number}句"]
            assert heard.data["context"] == {"buyer": {"nick": "tb01"}}
            assert heard.data["waiting_since"] is not None
            assert heard.id == str(heard.data["seq"])
            took.append(heard.at - at)
        assert median(took) < 1


def test_who_comes_later_hears_what_was_said_before(server: Server) -> None:
    say(server, "later", "一", "二")
    with listening(server, "later") as page:
        assert texts(page.next("messages").data) == ["一", "二"]


@pytest.mark.parametrize("by_header", [False, True])
def test_after_a_reconnect_nothing_is_lost_and_nothing_comes_twice(server: Server, by_header: bool) -> None:
    name = f"again-{by_header}"
    with listening(server, name) as page:
        say(server, name, "一")
        held = page.next("messages").id
    say(server, name, "二")
    say(server, name, "三")
    again = listening(server, name, {"Last-Event-ID": str(held)}) if by_header else listening(server, name, after=held)
    with again as page:
        assert texts(page.next("messages").data) == ["二", "三"]
        say(server, name, "四")
        assert texts(page.next("messages").data) == ["四"]


def test_two_shops_and_two_conversations_do_not_hear_each_other(server: Server) -> None:
    with server.client() as client:
        assert client.put("/v1/shops/other/policy", json={"name": "二店"}).status_code == 200
    with listening(server, "same") as demo, listening(server, "same", shop_id="other") as other:
        say(server, "same", "二店的话", shop_id="other")
        assert texts(other.next("messages").data) == ["二店的话"]
        say(server, "different", "别的对话")
        assert demo.hears_nothing(1)


def test_news_of_another_process_arrives_as_well(server: Server, folder: Path) -> None:
    with serving(folder) as second, listening(second, "across") as page:
        took = []
        for number in range(3):
            at = say(server, "across", f"从另一个进程来{number}")
            heard = page.next("messages")
            assert texts(heard.data) == [f"从另一个进程来{number}"]
            took.append(heard.at - at)
        assert median(took) < 1


def test_a_change_of_the_knowledge_is_told_once_to_all(server: Server) -> None:
    with listening(server, "k1") as one, listening(server, "k2") as other, server.client() as client:
        time.sleep(0.5)
        answer = client.put("/v1/shops/demo/policy", json={"name": "小店", "return_days": 15})
        assert answer.status_code == 200
        revision = client.get("/readyz").json()["revision"]
        for page in (one, other):
            assert page.next("knowledge").data == {"revision": revision}
            assert page.hears_nothing(1)


def test_who_holds_older_knowledge_is_told_at_once(server: Server) -> None:
    with server.client() as client:
        revision = client.get("/readyz").json()["revision"]
    with listening(server, "old", revision=revision - 1) as page:
        assert page.next("knowledge").data == {"revision": revision}
    with listening(server, "new", revision=revision) as page:
        assert page.hears_nothing(1)


def test_an_open_stream_does_not_keep_the_server_from_ending(data: Path) -> None:
    with serving(data) as server, listening(server, "open") as page:
        started = time.monotonic()
        server.process.terminate()
        server.process.wait(10)
        assert time.monotonic() - started < 5
        assert page.ended.wait(5)


def test_many_listeners_all_hear_and_requests_are_answered_meanwhile(server: Server) -> None:
    with ExitStack() as stack:
        pages = [stack.enter_context(listening(server, "crowd")) for _ in range(20)]
        at = say(server, "crowd", "大家好")
        assert median(page.next("messages").at - at for page in pages) < 2
