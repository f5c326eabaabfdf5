"""What can go wrong with knowledge.

KnowledgeError
├── EntryInvalid      an entry breaks a rule; `problems` names each field, the reason and the remedy
├── EntryNotFound     no entry of that id
├── EntryExists       an entry of that id is there already
├── VersionConflict   somebody else saved the entry first
├── ShopUnknown       no shop of that id
├── ImportFailed      a file that cannot be read, or rows refused
└── StoreUnavailable  the database or the data folder cannot be used

Messages are for editors and agents, so they are in Chinese and name the remedy.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one field, and what to do about it."""

    field: str
    reason: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.field}：{self.reason}（{self.remedy}）"


class KnowledgeError(Exception):
    """The root of the tree."""


class EntryInvalid(KnowledgeError):
    """An entry breaks a rule; nothing was stored."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("；".join(map(str, problems)))
        self.problems = problems


class EntryNotFound(KnowledgeError):
    """No entry of that id."""

    def __init__(self, entry_id: str) -> None:
        super().__init__(f"没有编号为 {entry_id} 的知识条目，可能已被删除，请刷新列表后再试。")


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


class ShopUnknown(KnowledgeError):
    """No shop of that id."""

    def __init__(self, shop_id: str) -> None:
        super().__init__(f"没有名为 {shop_id} 的店铺，请检查 shop_id，或先为它导入一条知识。")


class ImportFailed(KnowledgeError):
    """A file that cannot be read at all."""


class StoreUnavailable(KnowledgeError):
    """The database or the data folder cannot be used."""
