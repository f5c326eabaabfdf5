"""Knowledge as `.jsonl`: one entry a line, the fields of the contract."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import IO, Any, NoReturn

from knowledge.entries import Entry
from knowledge.errors import ImportFailed, Problem
from knowledge.exchange.rows import Row, row_of

Source = bytes | IO[bytes] | IO[str]

_BOM = "\ufeff"
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")
_SAVE_AS_UTF8 = "请用记事本或 WPS 另存为 UTF-8 编码后再导入"
_FULL_WIDTH = "“”：，｛｝［］"


def read_rows(source: Source, defaults: Mapping[str, Any] | None = None) -> Iterator[Row]:
    """Every line that is not blank, in order; a bad line is a row with problems.

    `defaults` are the fields of entries that leave them out. Raises ImportFailed when the file cannot be read at all.
    """
    lines: Iterable[bytes | str] = io.BytesIO(source) if isinstance(source, bytes) else source
    for number, line in enumerate(lines, start=1):
        if isinstance(line, bytes) and number == 1 and line.startswith(_UTF16_BOMS):
            raise ImportFailed(f"文件是 UTF-16 编码，{_SAVE_AS_UTF8}。")
        if line.strip():
            yield _row(number, line, defaults or {})


def dump_entries(entries: Iterable[Entry], stream: IO[bytes]) -> int:
    """Write entries as UTF-8 lines and return how many; equal entries give equal bytes."""
    count = 0
    for entry in entries:
        fields = entry.model_dump(mode="json", exclude={"version"})
        stream.write(json.dumps(fields, ensure_ascii=False, allow_nan=False).encode() + b"\n")
        count += 1
    return count


def _row(number: int, line: bytes | str, defaults: Mapping[str, Any]) -> Row:
    try:
        text = line.decode() if isinstance(line, bytes) else line
    except UnicodeDecodeError:
        return _bad(number, "不是 UTF-8 编码", _SAVE_AS_UTF8)
    text = text.removeprefix(_BOM) if number == 1 else text
    try:
        values = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_not_a_number)
    except json.JSONDecodeError as error:
        return _bad(number, f"从第 {error.colno} 个字符起不是合法的 JSON", _json_remedy(text, error))
    except RecursionError:
        return _bad(number, "括号嵌套太深", "请对照导出文件里的写法修改")
    except _LineError as error:
        return _bad(number, str(error), "请改正后再导入")
    except ValueError:  # Python refuses to read a number of more than 4,300 digits
        return _bad(number, "里面的数字太长", "请改正后再导入")
    if not isinstance(values, dict):
        return _bad(number, "这一行不是一个条目", "每行写一个 {…}，不要把多个条目放进 […]")
    return row_of(number, {**defaults, **values})


class _LineError(ValueError):
    """JSON that parses but does not say one thing; the message is for the editor."""


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise _LineError(f"字段 {repeated} 写了两次")
    return values


def _not_a_number(name: str) -> NoReturn:
    raise _LineError(f"{name} 不是可以保存的数值")


def _json_remedy(text: str, error: json.JSONDecodeError) -> str:
    if text[error.pos : error.pos + 1] and text[error.pos] in _FULL_WIDTH:
        return "JSON 的引号、冒号、逗号要用英文半角"
    if text[error.pos : error.pos + 1] == "'":
        return "JSON 的文字要用英文双引号括起来"
    if not text[error.pos :].strip():
        return "这一行没有写完，请补上缺少的引号或括号；一个条目必须写在一行里"
    return "请检查引号、逗号和括号；一个条目必须写在一行里"


def _bad(number: int, reason: str, remedy: str) -> Row:
    return Row(number, problems=(Problem(f"第 {number} 行", reason, remedy),))
