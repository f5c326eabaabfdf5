"""The characters of a text file, whatever program saved it: UTF-8 or UTF-16 by their mark, UTF-8, GBK or GB18030."""

from __future__ import annotations

import codecs
import re

from knowledge.errors import ImportFailed

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_CHARACTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_SAVE_AGAIN = "请在 Excel 或 WPS 里另存为“CSV UTF-8”或 .xlsx 后再导入"
_BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
_AROUND = 50_000  # bytes before and after the first damage that are looked at
DAMAGED = 0.1  # of the characters; in a GBK file nearly every character is none in UTF-8


def decoded(data: bytes) -> str:
    """The text of a file without its mark; raises ImportFailed naming the row that cannot be read."""
    encoding = next((name for mark, name in _MARKS.items() if data.startswith(mark)), None)
    encoding = encoding or ("utf-8" if _is_utf8(data) else "gb18030")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        row, name = _row_of(data[: error.start], encoding), _NAMES[encoding]
        raise ImportFailed(f"第 {row} 行有读不出来的字符（文件像是 {name} 编码）；{_SAVE_AGAIN}。") from error
    before, nothing, _ = text.partition("\0")
    if nothing:
        row = before.count("\n") + 1
        raise ImportFailed(f"第 {row} 行有空字符，不是文本表格；{_SAVE_AGAIN}。")
    return text


_NAMES = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "utf-16": "UTF-16", "gb18030": "GBK 或 GB18030"}


def _is_utf8(data: bytes) -> bool:
    """Whether the bytes are UTF-8, also when a few of them are damaged: those would make other characters in GBK."""
    try:
        data.decode()
        return True
    except UnicodeDecodeError as error:
        around = data[max(error.start - _AROUND, 0) : error.start + _AROUND]
    good, stray = len(_CHARACTER.findall(around)), len(_BEYOND_ASCII.findall(_CHARACTER.sub(b"", around)))
    return stray < DAMAGED * good


def _row_of(before: bytes, encoding: str) -> int:
    newline = "\n".encode("utf-16-le" if before.startswith(codecs.BOM_UTF16_LE) else "utf-16-be")
    return before.count(newline if encoding == "utf-16" else b"\n") + 1
