"""Labelled dialogs from files in the contract's format; what they are made of is in `assistant.labelled_dialogs`."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from assistant.labelled_dialogs import Case, Dialog, Labels, cases
from eval.errors import DialogsUnreadable
from knowledge.exchange.field_problems import problems_of

__all__ = ["Case", "Dialog", "Labels", "cases", "parse_dialogs", "read_content", "read_dialogs"]

WHOLE = "条目"  # how a problem of no particular field is named


def read_dialogs(path: Path) -> list[Dialog]:
    """Every dialog of a `.jsonl` file; DialogsUnreadable names the line, the field and the reason."""
    return parse_dialogs(path, read_content(path))


def read_content(path: Path) -> bytes:
    """The bytes of a file of dialogs; DialogsUnreadable when there are none to be had."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise DialogsUnreadable(f"{path}：读不出来（{error.strerror}），请检查文件路径和权限。") from error


def parse_dialogs(path: Path, content: bytes) -> list[Dialog]:
    """The same for the content of the file that `path` names."""
    try:
        lines = content.decode("utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise DialogsUnreadable(f"{path}：不是 UTF-8 编码，请另存为 UTF-8 后再测。") from error
    dialogs = [_dialog(path, number, line) for number, line in enumerate(lines, start=1) if line.strip()]
    if not dialogs:
        raise DialogsUnreadable(f"{path}：文件里没有对话，每行应当是一个 JSON 对象。")
    return dialogs


def _dialog(path: Path, number: int, line: str) -> Dialog:
    try:
        dialog = Dialog.model_validate_json(line)
        for _ in cases([dialog]):  # a request that cannot be made is told here, with its line
            pass
    except ValidationError as error:
        problem = problems_of(error.errors(include_url=False), Dialog)[0]
        where = "整行" if problem.field == WHOLE else problem.field
        raise DialogsUnreadable(f"{path} 第 {number} 行：{where}：{problem.reason}。{problem.remedy}。") from error
    return dialog
