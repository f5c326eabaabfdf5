"""A running server under load and under the axe: what it has acknowledged is found, by everyone, from then on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from httpx2 import Client, TransportError

from tests.entry_examples import draft
from tests.service_processes import Server, serving, xiaoer

pytest_plugins = ["tests.service_fixtures"]

CLIENTS, ADDED, WRITES = 8, 24, 200
TOPICS = ["pre.spec", "pre.material", "pre.usage", "order.urge_ship", "after.return", "pre.invoice"]
COLOURS = "赤橙黄绿青蓝紫灰"
THINGS = [
    *("灯笼", "风筝", "砚台", "陀螺", "竹笛", "团扇", "花瓶", "茶壶", "棋盘", "算盘", "毛笔", "皮影"),
    *("剪纸", "瓷枕", "铜镜", "木梳", "香囊", "蒲扇", "油伞", "绣鞋", "泥人", "鼻烟壶", "拨浪鼓", "九连环", "鲁班锁"),
]


def entry(number: int) -> dict[str, Any]:
    """An entry that answers a question like no other."""
    thing = f"{COLOURS[number // len(THINGS)]}色{THINGS[number % len(THINGS)]}"
    fields = {
        "intent": TOPICS[number % len(TOPICS)],
        "title": f"{thing}怎么保养",
        "questions": [f"{thing}脏了能用水洗吗"],
        "answers": [f"亲，{thing}用软布轻轻擦拭就好。"],
    }
    return draft(f"new-{number}", **fields).model_dump(mode="json")


def ask(client: Client, text: str) -> list[str]:
    """The entries that the suggestions for a text come from."""
    answer = client.post("/v1/suggestions", json={"messages": [{"role": "buyer", "text": text}], "limit": 10})
    assert answer.status_code == 200, answer.text
    return [one["source"]["entry_id"] for one in answer.json()["suggestions"]]


def finds(client: Client, number: int) -> bool:
    """Whether the entry of that number is there and suggested for its question."""
    written = entry(number)
    stored = client.get(f"/v1/entries/{written['id']}")
    assert stored.status_code == 200, f"{written['id']} was acknowledged and is lost"
    assert stored.json()["answers"] == written["answers"]
    return written["id"] in ask(client, written["questions"][0])


@pytest.fixture
def server(starter_data: Path) -> Iterator[Server]:
    with serving(starter_data) as server:
        yield server


def test_every_added_entry_is_found_at_once_while_eight_clients_ask(server: Server, starter_data: Path) -> None:
    done = threading.Event()
    texts = ["什么时候发货", "能改地址吗", "我160高100斤穿多大", "发票可以开吗", "在吗", "收到就是破的"]

    def keep_asking(number: int) -> tuple[int, int]:
        """Ask until all is written; the number of questions, and the latest revision seen."""
        asked, revision = 0, 0
        with server.client() as client:
            for text in cycle(texts[number % len(texts) :] + texts[: number % len(texts)]):
                answer = client.post("/v1/suggestions", json={"messages": [{"role": "buyer", "text": text}]})
                assert answer.status_code == 200, answer.text
                body = answer.json()
                assert body["suggestions"], text
                assert body["knowledge_revision"] >= revision, "it went back to older knowledge"
                asked, revision = asked + 1, body["knowledge_revision"]
                if done.is_set():
                    return asked, revision
        raise AssertionError

    with ThreadPoolExecutor(CLIENTS) as pool, server.client() as writer, server.client() as reader:
        askers = [pool.submit(keep_asking, number) for number in range(CLIENTS)]
        try:
            for number in range(ADDED):
                answer = writer.post("/v1/entries", json=entry(number))
                assert answer.status_code == 201, answer.text
                assert finds(reader, number), f"entry {number} was acknowledged and not found"
        finally:
            done.set()
        counts = [asker.result() for asker in askers]
    assert all(asked >= 1 for asked, _ in counts)
    checked = xiaoer(starter_data, "kb", "check")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert f"知识第 {1 + ADDED} 版" in checked.stdout


def test_after_kill_9_every_acknowledged_write_is_there_and_found(starter_data: Path) -> None:
    acknowledged: Queue[int] = Queue()
    numbers = iter(range(WRITES))
    taking = threading.Lock()

    def keep_writing(server: Server) -> None:
        with server.client() as client:
            while True:
                with taking:
                    number = next(numbers, None)
                if number is None:
                    return
                try:
                    answer = client.post("/v1/entries", json=entry(number))
                except TransportError:  # the axe has fallen
                    return
                assert answer.status_code == 201, answer.text
                acknowledged.put(number)

    with serving(starter_data) as server, ThreadPoolExecutor(4) as pool:
        writers = [pool.submit(keep_writing, server) for _ in range(4)]
        first = [acknowledged.get(timeout=120) for _ in range(WRITES // 4)]
        server.process.kill()
        for each in writers:
            each.result()
    written = first + [acknowledged.get() for _ in range(acknowledged.qsize())]
    assert len(written) < WRITES, "it was killed too late to prove anything"

    with serving(starter_data) as server, server.client() as client:
        assert [number for number in written if not finds(client, number)] == []
        assert client.post("/v1/entries", json=entry(WRITES - 1)).status_code in (201, 409)
    checked = xiaoer(starter_data, "kb", "check")
    assert (checked.returncode, checked.stderr) == (0, "")


def test_two_servers_over_one_folder_know_what_the_other_was_told(data: Path) -> None:
    with serving(data) as first, serving(data) as second, first.client() as one, second.client() as other:
        for number, (writer, reader) in enumerate([(one, other), (other, one)] * 3):
            assert writer.post("/v1/entries", json=entry(number)).status_code == 201
            assert finds(reader, number)
    assert xiaoer(data, "kb", "check").returncode == 0


def test_of_many_who_save_the_same_version_exactly_one_wins(data: Path) -> None:
    with serving(data) as server, ThreadPoolExecutor(CLIENTS) as pool, server.client() as client:

        def save(number: int) -> int:
            body = draft(None, title=f"第{number}个人的标题").model_dump(mode="json")
            return client.put("/v1/entries/policy-ship", json=body, headers={"If-Match": '"1"'}).status_code

        assert sorted(pool.map(save, range(CLIENTS))) == [200] + [412] * (CLIENTS - 1)
        assert client.get("/v1/entries/policy-ship").json()["version"] == 2


@pytest.mark.parametrize("command", [["kb", "rebuild"], ["kb", "check"]], ids=" ".join)
def test_care_of_the_index_does_not_disturb_a_running_server(data: Path, command: list[str]) -> None:
    with serving(data) as server, server.client() as client:
        assert client.post("/v1/entries", json=entry(0)).status_code == 201
        assert xiaoer(data, *command).returncode == 0
        assert client.post("/v1/entries", json=entry(1)).status_code == 201
        assert finds(client, 0)
        assert finds(client, 1)
    assert xiaoer(data, "kb", "check").returncode == 0
