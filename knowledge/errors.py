"""What can go wrong with knowledge.

KnowledgeError
├── EntryInvalid      an entry breaks a rule; `problems` names each field, the reason and the remedy
├── EntryNotFound     no entry of that id
├── RecordNotFound    no conversation, hand-over or the like of that id
├── EntryExists       an entry of that id is there already
├── VersionConflict   somebody else saved the entry first
│   ├── ProposalConflict   … or the proposal
│   └── ProposalOutdated   the entry moved on since the proposal was begun
├── WrongState        a proposal cannot take that step from where it stands
├── SecondReaderNeeded   a proposal must be published by another person than wrote it
├── ShopUnknown       no shop of that id
├── KeyNotFound       no valid API key of that number
├── ImportFailed      a file that cannot be read, or rows refused
└── StoreUnavailable  the database or the data folder cannot be used

Messages are for editors and agents, so they are in Chinese and name the remedy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field, and what to do about it."""

    field: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.field}：{self.reason}（{self.remedy}）"


class KnowledgeError(Exception):
    """The root of the tree. `extension` is what programs are told beside the message, as JSON knows it."""

    extension: Mapping[str, Any] = {}


class EntryInvalid(KnowledgeError):
    """An entry breaks a rule; nothing was stored."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("；".join(map(str, problems)))
        self.problems = problems


class EntryNotFound(KnowledgeError):
    """No entry of that id."""

    def __init__(self, entry_id: str) -> None:
        super().__init__(f"没有编号为 {entry_id} 的知识条目，可能已被删除，请刷新列表后再试。")


class RecordNotFound(KnowledgeError):
    """Nothing of that kind and id, or of another shop."""

    def __init__(self, kind: str, record_id: object) -> None:
        super().__init__(f"没有编号为 {record_id} 的{kind}，可能已被清理或属于别的店铺，请刷新后再试。")


class EntryExists(KnowledgeError):
    """An entry of that id is there already."""

    def __init__(self, entry_id: str) -> None:
        super().__init__(f"编号 {entry_id} 已经存在，请换一个编号，或改为修改原条目。")


class VersionConflict(KnowledgeError):
    """Somebody else saved the entry first."""

    def __init__(self, entry_id: str, expected: int, actual: int) -> None:
        super().__init__(
            f"条目 {entry_id} 已被别人改到第 {actual} 版，您打开的是第 {expected} 版；请重新打开，合并后再保存。"
        )


class ProposalConflict(VersionConflict):
    """Somebody else changed the proposal first."""

    def __init__(self, proposal_id: int, expected: int, actual: int) -> None:
        KnowledgeError.__init__(
            self,
            f"提案 {proposal_id} 已被别人改动（现在是第 {actual} 稿，您打开的是第 {expected} 稿）；请重新打开后再试。",
        )


class ProposalOutdated(VersionConflict):
    """The entry was saved since the proposal was begun; `current` None: it was deleted."""

    def __init__(self, base_version: int, draft: Mapping[str, Any], current: Mapping[str, Any] | None) -> None:
        now = f"已被改到第 {current['version']} 版" if current else "已被删除"
        KnowledgeError.__init__(
            self, f"提案是从第 {base_version} 版改起的，而条目{now}；请对照两个版本，合并后把提案改为从现在的版本改起。"
        )
        self.extension = {"base_version": base_version, "current": current, "draft": draft}


class WrongState(KnowledgeError):
    """A proposal cannot take that step from where it stands."""


class SecondReaderNeeded(KnowledgeError):
    """A proposal must be published by another person than wrote it."""


class ShopUnknown(KnowledgeError):
    """No shop of that id."""

    def __init__(self, shop_id: str) -> None:
        super().__init__(f"没有名为 {shop_id} 的店铺，请检查 shop_id，或先为它导入一条知识。")


class KeyNotFound(KnowledgeError):
    """No valid API key of that number or name."""

    def __init__(self, key: str) -> None:
        super().__init__(f"没有编号为 {key} 的有效密钥，可能已被停用，请刷新列表后再试。")


class ImportFailed(KnowledgeError):
    """A file that cannot be read at all."""


class StoreUnavailable(KnowledgeError):
    """The database or the data folder cannot be used."""
