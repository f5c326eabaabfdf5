"""A BEIR folder: `corpus.jsonl`, `queries.jsonl` and `qrels/test.tsv` (Thakur et al., NeurIPS 2021)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eval.errors import CollectionUnreadable

CORPUS, QUERIES, QRELS = "corpus.jsonl", "queries.jsonl", "qrels/test.tsv"
_LAYOUT = f"请给出 BEIR 格式的文件夹，里面有 {CORPUS}、{QUERIES} 和 {QRELS}。"
_COLUMNS = "query-id、corpus-id、score 三列，用制表符分开"


@dataclass(frozen=True, slots=True)
class Collection:
    """Documents and judged queries by id, and the grades of `qrels`; `sha256` by file name.

    `absent` counts judged documents that the corpus does not have: nobody can find them.
    """

    documents: dict[str, str]
    queries: dict[str, str]
    qrels: dict[str, dict[str, int]]
    sha256: dict[str, str]
    absent: int = 0


def read_collection(folder: Path) -> Collection:
    """The collection; CollectionUnreadable names file, line, field and remedy. Queries without a judgement are left."""
    contents = {name: _content(folder, name) for name in (CORPUS, QUERIES, QRELS)}
    documents = _texts(CORPUS, contents[CORPUS])
    queries = _texts(QUERIES, contents[QUERIES])
    qrels = _qrels(contents[QRELS], queries)
    if not any(grade > 0 for grades in qrels.values() for grade in grades.values()):
        raise CollectionUnreadable(f"{QRELS}：没有一条 score 大于 0，测不出什么；请检查是不是选错了文件夹。")
    return Collection(
        documents=documents,
        queries={query: queries[query] for query in qrels},
        qrels=qrels,
        sha256={name: hashlib.sha256(content.encode()).hexdigest() for name, content in contents.items()},
        absent=sum(document not in documents for grades in qrels.values() for document in grades),
    )


def _content(folder: Path, name: str) -> str:
    if not folder.is_dir():
        raise CollectionUnreadable(f"{folder} 不是文件夹；{_LAYOUT}")
    try:
        return (folder / name).read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise CollectionUnreadable(f"{folder} 里没有 {name}；{_LAYOUT}") from error
    except UnicodeDecodeError as error:
        raise CollectionUnreadable(f"{folder / name}：不是 UTF-8 编码，请另存为 UTF-8 后再测。") from error
    except OSError as error:
        raise CollectionUnreadable(f"{folder / name}：读不出来（{error.strerror}），请检查文件和权限。") from error


def _texts(name: str, content: str) -> dict[str, str]:
    """Title and text of every line by `_id`."""
    found: dict[str, str] = {}
    for number, line in _lines(content):
        row = _row(name, number, line)
        key = _key(name, number, row.get("_id"))
        if key in found:
            raise _wrong(name, number, "_id", f"{key} 前面已经有了", "请让每行的编号各不相同")
        found[key] = " ".join(filter(None, (_text(name, number, row, "title", ""), _text(name, number, row, "text"))))
    if not found:
        raise CollectionUnreadable(f'{name}：是空的；每行应当是一个 JSON 对象，例如 {{"_id": "d1", "text": "…"}}。')
    return found


def _lines(content: str) -> Iterator[tuple[int, str]]:
    return ((number, line) for number, line in enumerate(content.split("\n"), start=1) if line.strip())


def _row(name: str, number: int, line: str) -> dict[str, object]:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _wrong(name, number, "整行", "不是合法的 JSON", "请检查引号、逗号和括号") from error
    if not isinstance(row, dict):
        raise _wrong(name, number, "整行", "不是 JSON 对象", '写成 {"_id": "…", "text": "…"} 这样')
    return row


def _key(name: str, number: int, value: object) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value:
        raise _wrong(name, number, "_id", "缺少或不是文字", "请写上编号")
    if len(value.split()) != 1:
        raise _wrong(name, number, "_id", f"{value!r} 里有空白", "编号里不能有空格，TREC 格式用空格分列")
    return value.strip()


def _text(name: str, number: int, row: dict[str, object], field: str, default: str | None = None) -> str:
    value = row.get(field)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise _wrong(name, number, field, "缺少或不是文字", "请用双引号写上文字")
    return value.encode("utf-8", "replace").decode()


def _qrels(content: str, queries: dict[str, str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for number, line in _lines(content):
        columns = line.rstrip("\r").split("\t")
        if len(columns) != 3:
            raise _wrong(QRELS, number, "整行", f"有 {len(columns)} 列", f"每行应当是 {_COLUMNS}")
        query, document, grade = (column.strip() for column in columns)
        if number == 1 and not _is_whole(grade):
            continue  # the headings
        if not _is_whole(grade):
            raise _wrong(QRELS, number, "score", f"{grade!r} 不是整数", "相关写 1 或更大，不相关写 0")
        if query not in queries:
            raise _wrong(QRELS, number, "query-id", f"{QUERIES} 里没有查询 {query}", "请补上这个查询或删掉这一行")
        found.setdefault(query, {})[document] = int(grade)
    if not found:
        raise CollectionUnreadable(f"{QRELS}：没有一条判断；每行应当是 {_COLUMNS}。")
    return found


def _is_whole(text: str) -> bool:
    return text.removeprefix("-").isascii() and text.removeprefix("-").isdigit()


def _wrong(name: str, number: int, field: str, reason: str, remedy: str) -> CollectionUnreadable:
    return CollectionUnreadable(f"{name} 第 {number} 行：{field}：{reason}。{remedy}。")
