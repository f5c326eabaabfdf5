"""Results saved as JSON, read back: only what comparing and gating need, so that older files stay readable."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from eval.errors import InputUnreadable
from eval.result import FORMAT, Metrics


class _Saved(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class SavedFeelings(_Saved):
    """What readers say of a message, or the system."""

    complaint: bool | None
    emotion: str | None


class SavedSuggestion(_Saved):
    """What a suggestion is about."""

    intent: str
    entry_id: str
    fallback: bool


class SavedCase(_Saved):
    """A case with its outcome; see `eval.result.CaseResult`."""

    id: str
    text: str
    context: list[str] = []
    wanted: list[str]
    wanted_entries: list[str] = []
    understood: list[str]
    labelled: SavedFeelings
    said: SavedFeelings
    suggestions: list[SavedSuggestion]
    right_first: bool | None
    right_three: bool | None
    abstained: bool
    tags: list[str] = []


class SavedResult(_Saved):
    """A result of any kind: its numbers."""

    format: Literal["xiaoer-eval/1"]
    kind: Literal["dialogs", "retrieval"]
    metrics: Metrics


class SavedDialogs(SavedResult):
    """A run over dialogs, with every case."""

    kind: Literal["dialogs"]
    cases: list[SavedCase]


class SavedRetrieval(SavedResult):
    """A run over a collection, with one measure for each query."""

    kind: Literal["retrieval"]
    queries: dict[str, float]


Saved: TypeAlias = SavedDialogs | SavedRetrieval
_Kind = TypeVar("_Kind", bound=SavedResult)


def read_numbers(path: Path) -> SavedResult:
    """The numbers of a saved result; InputUnreadable names the file and what is wrong with it."""
    return _read(str(path), _content(path), SavedResult)


def read_saved(path: Path) -> Saved:
    """A saved result with its cases or queries; InputUnreadable names the file and what is wrong with it."""
    return parse_saved(str(path), _content(path))


def parse_saved(name: str, content: bytes) -> Saved:
    """The same for the content of a result that is called so."""
    if _read(name, content, SavedResult).kind == "dialogs":
        return _read(name, content, SavedDialogs)
    return _read(name, content, SavedRetrieval)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputUnreadable(f"{path}：读不出来（{error.strerror}），请检查文件路径和权限。") from error


def _read(name: str, content: bytes, kind: type[_Kind]) -> _Kind:
    try:
        return kind.model_validate_json(content)
    except ValidationError as error:
        raise InputUnreadable(f"{name}：{_problem(error)}") from error


def _problem(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    if first["type"] == "json_invalid":
        return "不是 JSON，请给出 xiaoer eval … --json 存下的结果。"
    place = ".".join(map(str, first["loc"])) or "整个文件"
    return f"不是 {FORMAT} 格式的测评结果（{place} 不对），请用 xiaoer eval … --json 重新生成。"
