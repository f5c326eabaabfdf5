"""A BEIR folder is read as it is meant, and what is wrong in one is named with its place and the remedy."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.collection import CORPUS, QRELS, QUERIES, read_collection
from eval.errors import CollectionUnreadable
from tests.beir_folders import DOCUMENTS, write_folder


def test_documents_queries_and_grades_are_read(tmp_path: Path) -> None:
    found = read_collection(write_folder(tmp_path / "c"))
    assert found.documents == DOCUMENTS
    assert found.qrels == {"q1": {"d1": 1}, "q2": {"d2": 2}, "q3": {"d4": 1, "d1": 0}}
    assert list(found.sha256) == [CORPUS, QUERIES, QRELS]
    assert found.absent == 0


def test_a_title_goes_before_the_text_and_numbers_are_ids_too(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "c", judged=[("q1", "7", 1)])
    rows = [{"_id": 7, "title": "发货", "text": "两天内"}, {"_id": "8", "text": "没有标题"}]
    (folder / CORPUS).write_text("\n".join(map(json.dumps, rows)) + "\n\n", "utf-8-sig")
    assert read_collection(folder).documents == {"7": "发货 两天内", "8": "没有标题"}


def test_only_judged_queries_are_kept_and_headings_may_be_left_out(tmp_path: Path) -> None:
    found = read_collection(write_folder(tmp_path / "c", judged=[("q2", "d2", 1)], header=""))
    assert list(found.queries) == ["q2"]


def test_judged_documents_that_are_not_there_are_counted(tmp_path: Path) -> None:
    assert read_collection(write_folder(tmp_path / "c", judged=[("q1", "d1", 1), ("q1", "d99", 1)])).absent == 1


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        (CORPUS, '{"_id": "d1", "text": "好"}\n{broken\n', ["corpus.jsonl 第 2 行", "JSON"]),
        (CORPUS, "[]\n", ["第 1 行", "JSON 对象"]),
        (CORPUS, '{"text": "好"}\n', ["第 1 行", "_id"]),
        (CORPUS, '{"_id": "a b", "text": "好"}\n', ["_id", "空白"]),
        (CORPUS, '{"_id": "d1"}\n', ["第 1 行", "text"]),
        (CORPUS, '{"_id": "d1", "text": 3}\n', ["第 1 行", "text", "文字"]),
        (CORPUS, '{"_id": "d1", "text": "好"}\n{"_id": "d1", "text": "好"}\n', ["第 2 行", "d1", "已经有了"]),
        (CORPUS, "\n\n", ["corpus.jsonl", "空的"]),
        (QUERIES, '{"_id": "q1"}\n', ["queries.jsonl 第 1 行", "text"]),
        (QRELS, "q1 d1 1\n", ["test.tsv 第 1 行", "1 列", "制表符"]),
        (QRELS, "query-id\tcorpus-id\tscore\nq1\td1\thigh\n", ["第 2 行", "score", "整数"]),
        (QRELS, "q1\td1\t1\nq77\td1\t1\n", ["第 2 行", "query-id", "q77"]),
        (QRELS, "q1\td1\t0\n", ["test.tsv", "大于 0"]),
        (QRELS, "query-id\tcorpus-id\tscore\n", ["没有一条判断"]),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, name: str, content: str, told: list[str]) -> None:
    folder = write_folder(tmp_path / "c")
    (folder / name).write_text(content, "utf-8")
    with pytest.raises(CollectionUnreadable) as caught:
        read_collection(folder)
    for word in told:
        assert word in str(caught.value)


@pytest.mark.parametrize("name", [CORPUS, QUERIES, QRELS])
def test_a_missing_file_or_another_encoding_is_named(tmp_path: Path, name: str) -> None:
    folder = write_folder(tmp_path / "c")
    (folder / name).write_bytes("好".encode("gbk"))
    with pytest.raises(CollectionUnreadable, match="UTF-8"):
        read_collection(folder)
    (folder / name).unlink()
    with pytest.raises(CollectionUnreadable, match=name.rpartition("/")[2]):
        read_collection(folder)


def test_something_else_than_a_folder_is_told_what_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(CollectionUnreadable, match="BEIR"):
        read_collection(tmp_path / "nowhere")
