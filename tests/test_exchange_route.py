"""Files over HTTP: uploaded, tried, imported in the background, each shop for itself, and downloaded again."""

from __future__ import annotations

import csv
import io
import json
import os
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from assistant.service.imports import KEPT, LEFT_BEHIND_S, Imports
from assistant.service.wiring import Parts
from knowledge.changes import Changes
from knowledge.errors import RecordNotFound
from knowledge.exchange.reading import open_rows
from tests.entry_examples import draft
from tests.people import person, with_settings
from tests.small_knowledge import SHIP
from tests.table_examples import HEADINGS, csv_bytes, xlsx_bytes

pytest_plugins = ["tests.service_fixtures"]

IMPORTS = "/v1/imports"
GIFT = ["gift", "规则", "pre.gift", "可以送礼包装吗", "能包成礼物吗", "亲，可以的，下单时备注一下哦。"]
BAD = ["bad", "规则", "pre.gift", "送什么赠品", "有赠品吗", "亲，{查无此项}"]


def upload(client: TestClient, data: bytes, filename: str = "新品.csv", **params: str) -> Response:
    return client.post(IMPORTS, params={"filename": filename, **params}, content=data)


def work(client: TestClient, import_id: str, step: str, **options: Any) -> dict[str, Any]:
    """Begin a step, wait for its end and give the state that it ended in."""
    begun = client.post(f"{IMPORTS}/{import_id}/{step}", json=options)
    assert begun.status_code == 202, begun.text
    for _ in range(600):
        state: dict[str, Any] = client.get(f"{IMPORTS}/{import_id}").json()
        if state["state"] not in ("checking", "running"):
            return state
        time.sleep(0.05)
    raise AssertionError(state)


def imported(client: TestClient, data: bytes, filename: str = "新品.csv", **options: Any) -> dict[str, Any]:
    """Upload a file and import it."""
    return work(client, upload(client, data, filename).json()["id"], "run", **options)


def counts(state: dict[str, Any]) -> dict[str, int]:
    report = state["report"]
    assert report["read"] == report["created"] + report["updated"] + report["unchanged"] + report["failed"]
    return {name: report[name] for name in ("created", "updated", "unchanged", "failed") if report[name]}


@pytest.fixture
def editor(parts: Parts) -> Iterator[TestClient]:
    """An editor of the shop demo."""
    with person(parts, "小王") as client:
        yield client


# ---- one file from upload to suggestion


def test_where_a_second_reader_is_asked_for_a_row_does_not_publish(parts: Parts) -> None:
    with person(with_settings(parts, review="on"), "小王") as editor:
        state = imported(editor, csv_bytes(HEADINGS, GIFT), keep_going=True)
        drafts = imported(editor, csv_bytes([*HEADINGS, "状态"], [*GIFT, "草稿"]))
    [problem] = state["report"]["rows"][0]["problems"]
    assert problem["field"].startswith("状态")
    assert "审核" in problem["reason"]
    assert counts(drafts) == {"created": 1}


def test_an_upload_tells_columns_samples_and_what_they_seem_to_be(client: TestClient) -> None:
    answer = upload(client, csv_bytes(["用户问题", "回复", "负责人"], ["送礼吗", "可以", "小王"], encoding="gbk"))
    assert answer.status_code == 201
    file = answer.json()
    assert file["columns"][0] == {"letter": "A", "heading": "用户问题", "field": "title", "samples": ["送礼吗"]}
    assert file["mapping"] == {"A列": "title", "B列": "answers[0].text", "C列": None}
    assert file["sample"] == [{"用户问题": "送礼吗", "回复": "可以", "负责人": "小王"}]
    assert {"field": "answers[0].when", "heading": "条件1"} in file["fields"]


def test_a_trial_tells_what_would_become_of_rows_and_stores_nothing(client: TestClient, parts: Parts) -> None:
    before = parts.store.revision()
    state = work(client, upload(client, csv_bytes(HEADINGS, GIFT)).json()["id"], "check")
    assert (state["state"], counts(state)) == ("checked", {"created": 1})
    assert state["report"]["rows"] == [
        {"number": 2, "entry_id": "gift", "outcome": "created", "passed_over": False, "problems": []}
    ]
    assert parts.store.revision() == before


def test_what_was_imported_is_suggested_at_once_and_its_author_is_recorded(editor: TestClient, parts: Parts) -> None:
    state = imported(editor, xlsx_bytes(HEADINGS, GIFT), "新品.xlsx")
    assert (state["state"], state["detail"], counts(state)) == ("done", None, {"created": 1})
    assert parts.store.entry("gift").shop_id == "demo", "rows that name no shop are the importer's"
    asked = {"messages": [{"role": "buyer", "text": "能包成礼物吗"}]}
    answer = editor.post("/v1/suggestions", json=asked).json()
    assert answer["suggestions"][0]["source"]["entry_id"] == "gift"
    with person(parts, "老板", "admin", None) as admin:
        (record,) = admin.get("/v1/audit", params={"shop_id": "demo", "who": "小王"}).json()["records"]
    assert (record["who"], record["object"]) == ("小王", "gift")


def test_one_bad_row_and_nothing_is_stored_until_it_is_left_out(client: TestClient, parts: Parts) -> None:
    import_id = upload(client, csv_bytes(["小店"], HEADINGS, GIFT, BAD)).json()["id"]
    state = work(client, import_id, "run")
    assert (state["state"], counts(state), state["report"]["skipped"]) == ("done", {"failed": 2}, 1)
    assert "gift" not in parts.base.snapshot().entries
    (row,) = client.get(f"{IMPORTS}/{import_id}", params={"outcome": "failed"}).json()["report"]["rows"]
    assert (row["number"], row["entry_id"]) == (4, "bad")
    assert row["problems"][0]["field"] == "答案1（F 列）"
    assert "查无此项" in row["problems"][0]["reason"]
    assert counts(work(client, import_id, "run", keep_going=True)) == {"created": 1, "failed": 1}
    assert "gift" in parts.base.snapshot().entries


def test_failed_rows_are_downloaded_with_reasons_mended_and_imported(client: TestClient) -> None:
    import_id = upload(client, csv_bytes(HEADINGS, GIFT, BAD)).json()["id"]
    assert client.get(f"{IMPORTS}/{import_id}/failed-rows").status_code == 409
    work(client, import_id, "check")
    answer = client.get(f"{IMPORTS}/{import_id}/failed-rows")
    assert answer.headers["content-type"].startswith("text/csv")
    (_, row) = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert (row[0], row[3:]) == ("3", BAD)
    assert "查无此项" in row[1]
    mended = answer.content.replace("{查无此项}".encode(), "有的".encode())
    assert counts(imported(client, mended, "出错的行.csv")) == {"created": 1}


def test_columns_and_missing_fields_are_set_right_by_hand(client: TestClient, parts: Parts) -> None:
    data = csv_bytes(["甲", "乙", "丙"], ["可以送礼吗", "亲，可以的。", "能送人吗"])
    import_id = upload(client, data).json()["id"]
    state = work(client, import_id, "check")
    assert (state["state"], "标准问" in state["detail"]) == ("error", True)
    mapping = {"A列": "title", "B列": "answers[0].text", "C列": "questions"}
    state = work(client, import_id, "run", mapping=mapping, defaults={"kind": "policy", "intent": "pre.gift"})
    assert counts(state) == {"created": 1}
    assert parts.store.entry(state["report"]["rows"][0]["entry_id"]).questions == ("能送人吗",)


@pytest.mark.parametrize(
    ("policy", "found"), [("update", {"updated": 1}), ("skip", {"unchanged": 1}), ("refuse", {"failed": 1})]
)
def test_what_is_there_already_is_updated_skipped_or_refused(
    client: TestClient, parts: Parts, policy: str, found: dict[str, int]
) -> None:
    parts.base.write(Changes(drafts=[draft("gift", shop_id="demo", intent="pre.gift", title=GIFT[3])]))
    without_id = csv_bytes(HEADINGS, ["", *GIFT[1:]])
    assert counts(imported(client, without_id, policy=policy)) == found, "the same title in the same shop is the same"
    assert len([one for one in parts.store.every_entry() if one.title == GIFT[3]]) == 1
    assert (parts.store.entry("gift").questions == (GIFT[4],)) == (policy == "update")


def test_columns_that_are_not_read_are_named_in_the_report(client: TestClient) -> None:
    state = imported(client, csv_bytes([*HEADINGS, "负责人"], [*GIFT, "小王"]))
    assert state["report"]["notes"] == ["负责人（G 列）没有对应的字段，没有导入"]


# ---- shops


@pytest.mark.parametrize(("shop", "word"), [("other", "other"), ("所有店铺", "各店共用")])
def test_a_row_of_another_shop_or_of_all_fails_for_a_shops_own_key(editor: TestClient, shop: str, word: str) -> None:
    state = imported(
        editor, csv_bytes([*HEADINGS, "店铺"], [*GIFT, "demo"], [*BAD[:5], "亲，有的。", shop]), keep_going=True
    )
    assert counts(state) == {"created": 1, "failed": 1}
    (problem,) = state["report"]["rows"][1]["problems"]
    assert problem["field"] == "店铺（G 列）"
    assert word in problem["reason"]


def test_an_id_of_another_shops_entry_is_taken_and_tells_nothing_of_it(editor: TestClient, parts: Parts) -> None:
    theirs = draft("gift", shop_id="other", title="别家的问题")
    parts.base.write(Changes(drafts=[theirs]))
    state = imported(editor, csv_bytes(HEADINGS, GIFT))
    assert counts(state) == {"failed": 1}
    assert "已被占用" in state["report"]["rows"][0]["problems"][0]["reason"]
    assert "别家" not in str(state)
    assert parts.store.entry("gift").draft() == theirs


def test_what_a_shop_exports_it_imports_again_though_shared_entries_are_in_it(editor: TestClient, parts: Parts) -> None:
    parts.base.write(Changes(drafts=[draft("mine", shop_id="demo"), draft("theirs", shop_id="other")]))
    before = parts.store.revision()
    for kind in ("csv", "xlsx", "jsonl"):
        answer = editor.get("/v1/entries/export", params={"format": kind})
        names = {row.entry_id for row in open_rows(answer.content, f"a.{kind}").rows}
        assert names == {"mine", "policy-ship", "policy-address"}
        assert counts(imported(editor, answer.content, f"a.{kind}")) == {"unchanged": 3}
        only = editor.get("/v1/entries/export", params={"format": kind, "shared": False})
        assert [row.entry_id for row in open_rows(only.content, f"a.{kind}").rows] == ["mine"]
    assert parts.store.revision() == before
    edited = editor.get("/v1/entries/export", params={"format": "csv"}).content.replace(
        "啥时候发货呀".encode(), "急".encode()
    )
    state = imported(editor, edited, keep_going=True)
    assert counts(state) == {"updated": 1, "unchanged": 1, "failed": 1}, "the shared one is not the shop's to change"
    assert parts.store.entry("policy-ship").draft() == SHIP


def test_imports_of_another_shop_are_not_there(parts: Parts) -> None:
    parts.base.write(Changes(drafts=[draft("theirs", shop_id="other")]))
    admin = person(parts, "老板", "admin", None)
    other = TestClient(admin.app, base_url=str(admin.base_url))
    other.headers["Authorization"] = person(parts, "别家", "editor", "other").headers["Authorization"]
    import_id = upload(admin, csv_bytes(HEADINGS, GIFT), shop_id="demo").json()["id"]
    assert admin.get(f"{IMPORTS}/{import_id}").status_code == 200
    for method, path in [("GET", ""), ("POST", "/check"), ("POST", "/run"), ("GET", "/failed-rows"), ("DELETE", "")]:
        assert other.request(method, f"{IMPORTS}/{import_id}{path}", json={}).status_code == 404
    assert upload(other, csv_bytes(HEADINGS, GIFT), shop_id="demo").status_code == 403


def test_agents_may_export_but_not_import(parts: Parts) -> None:
    agent = person(parts, "客服", "agent")
    assert agent.get("/v1/entries/export").status_code == 200
    assert upload(agent, csv_bytes(HEADINGS, GIFT)).status_code == 403
    assert agent.get(f"{IMPORTS}/template").status_code == 403


# ---- work in the background


def test_one_import_of_a_shop_at_a_time_while_suggestions_go_on(
    client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    write = parts.base.write

    def slow(*arguments: Any, **options: Any) -> Any:
        begun.set()
        assert go_on.wait(60)
        return write(*arguments, **options)

    monkeypatch.setattr(type(parts.base), "write", lambda _self, *some, **more: slow(*some, **more))
    first, second = (upload(client, csv_bytes(HEADINGS, GIFT)).json()["id"] for _ in range(2))
    assert client.post(f"{IMPORTS}/{first}/run", json={}).status_code == 202
    assert begun.wait(60)
    assert client.post(f"{IMPORTS}/{second}/check", json={}).status_code == 409
    assert client.get(f"{IMPORTS}/{first}").json()["step"] == "embedding"
    assert (
        client.post("/v1/suggestions", json={"messages": [{"role": "buyer", "text": "能改地址吗"}]}).status_code == 200
    )
    go_on.set()
    assert counts(work_of(client, first)) == {"created": 1}
    assert work(client, second, "check")["state"] == "checked"


def work_of(client: TestClient, import_id: str) -> dict[str, Any]:
    for _ in range(600):
        state: dict[str, Any] = client.get(f"{IMPORTS}/{import_id}").json()
        if state["state"] != "running":
            return state
        time.sleep(0.05)
    raise AssertionError(state)


def test_somebody_elses_save_in_between_ends_the_import_with_nothing_stored(
    client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = parts.base.write

    def late(_self: Any, *arguments: Any, **options: Any) -> Any:
        monkeypatch.undo()
        write(Changes(drafts=[draft("policy-ship", title="别人刚改的")]))
        return write(*arguments, **options)

    monkeypatch.setattr(type(parts.base), "write", late)
    state = imported(client, csv_bytes(HEADINGS, GIFT, ["policy-ship", *GIFT[1:]]))
    assert (state["state"], state["report"]) == ("error", None)
    assert "别人" in state["detail"]
    assert "gift" not in parts.base.snapshot().entries


def test_a_stopped_import_stores_nothing(client: TestClient, parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def held(*_: Any, **__: Any) -> Iterator[Any]:
        begun.set()
        assert go_on.wait(60)
        return iter(())

    monkeypatch.setattr(type(parts.store), "every_entry", held)
    before, import_id = parts.store.revision(), upload(client, csv_bytes(HEADINGS, GIFT)).json()["id"]
    client.post(f"{IMPORTS}/{import_id}/run", json={})
    assert begun.wait(60)
    assert client.delete(f"{IMPORTS}/{import_id}").status_code == 204
    go_on.set()
    for thread in threading.enumerate():
        if thread.name.startswith("import-"):
            thread.join(60)
    assert parts.store.revision() == before
    assert client.get(f"{IMPORTS}/{import_id}").status_code == 404
    assert not list((parts.settings.data_dir / "imports").iterdir())


def test_old_uploads_are_forgotten_and_their_files_with_them(tmp_path: Any) -> None:
    crashed, another = tmp_path / "crashed.upload", tmp_path / "another.upload"
    crashed.write_bytes(b"left")
    another.write_bytes(b"of another process")
    os.utime(crashed, (0, time.time() - LEFT_BEHIND_S - 1))
    imports = Imports(tmp_path)
    assert list(tmp_path.iterdir()) == [another]
    another.unlink()
    kept = [imports.add("demo", "a.csv", b"x") for _ in range(KEPT + 3)]
    assert len(list(tmp_path.iterdir())) == KEPT
    with pytest.raises(RecordNotFound):
        imports.get(kept[0].id, lambda _: True)
    assert imports.get(kept[-1].id, lambda _: True) is kept[-1]
    imports.close()
    assert not list(tmp_path.iterdir())


def test_a_file_that_was_tidied_away_is_asked_for_again(client: TestClient, parts: Parts) -> None:
    import_id = upload(client, csv_bytes(HEADINGS, GIFT)).json()["id"]
    for file in (parts.settings.data_dir / "imports").iterdir():
        file.unlink()
    told = work(client, import_id, "check")
    assert (told["state"], told["detail"]) == ("error", "上传的文件已过期，请重新上传。")


# ---- files that are refused, and downloads


@pytest.mark.parametrize(
    ("data", "filename", "word"),
    [
        (b"", "a.csv", "空的"),
        (b"%PDF", "a.pdf", "不是表格"),
        (b"x", "a.doc", "格式"),
        (b"\xd0\xcf\x11\xe0", "a.xls", "密码"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_at_once(
    client: TestClient, data: bytes, filename: str, word: str
) -> None:
    answer = upload(client, data, filename)
    assert answer.status_code == 422
    assert word in answer.json()["detail"]


def test_a_file_larger_than_the_setting_is_refused_and_one_larger_than_other_bodies_is_not(parts: Parts) -> None:
    client = person(with_settings(parts, max_upload_bytes=600_000), "小王")
    notes = [["备注"] * 6] * 20_000
    small = csv_bytes(HEADINGS, GIFT, ["b", *GIFT[1:4], "好吗\n" * 100, "好" * 180_000])
    assert len(small) > parts.settings.max_body_bytes
    assert upload(client, small).status_code == 201
    refused = upload(client, csv_bytes(HEADINGS, *notes))
    assert refused.status_code == 413
    assert "MB" in refused.json()["detail"]


def test_templates_are_downloaded_and_imported_as_drafts(client: TestClient, parts: Parts) -> None:
    for kind, found in (("csv", {"created": 3}), ("xlsx", {"unchanged": 3})):
        answer = client.get(f"{IMPORTS}/template", params={"format": kind})
        assert answer.headers["content-disposition"].endswith(f"xiaoer-template.{kind}")
        assert counts(imported(client, answer.content, f"模板.{kind}")) == found
    assert not [one for one in parts.base.snapshot().entries.values() if one.title == "可以送礼包装吗"]


def test_lines_of_jsonl_take_the_shop_they_leave_out(client: TestClient, parts: Parts) -> None:
    fields = draft("j", title="送礼").model_dump(mode="json", exclude={"shop_id"})
    file = upload(client, json.dumps(fields).encode(), "a.jsonl").json()
    assert (file["columns"], file["sample"]) == ([], [{"标准问": "送礼"}])
    assert counts(work(client, file["id"], "run")) == {"created": 1}
    assert parts.store.entry("j").shop_id == "demo"
