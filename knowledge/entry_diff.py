"""What changed between two versions of an entry, field by field, as an editor reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Literal

from knowledge.entries import EntryDraft
from knowledge.text_diff import Segment, text_diff

Kind = Literal["added", "removed", "changed"]
FIELDS: Mapping[str, str] = {
    "title": "标准问", "questions": "相似问法", "answers": "答案", "kind": "类型", "intent": "意图", "items": "商品",
    "tags": "标签", "effective_from": "生效时间", "effective_until": "失效时间", "status": "状态",
    "authority": "依据", "short_code": "短代码", "shop_id": "店铺", "note": "备注",
}  # fmt: skip
_TEXTS, _LISTS = {"title", "note"}, {"questions", "answers", "items", "tags"}
_KINDS_ZH: Mapping[Kind, str] = {"added": "新增", "removed": "删除", "changed": "修改"}


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One question, answer, item or tag; `segments` where a text was changed within."""

    kind: Kind
    before: Any = None
    after: Any = None
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field; `items` for lists, `segments` for texts. The values are as JSON has them."""

    field: str
    name: str
    before: Any
    after: Any
    segments: tuple[Segment, ...] = ()
    items: tuple[ItemChange, ...] = ()


def entry_diff(before: EntryDraft | None, after: EntryDraft | None) -> list[FieldChange]:
    """Every field that differs, in the order in which an editor reads; None stands for no entry at all."""
    old, new = (entry.model_dump(mode="json") if entry else {} for entry in (before, after))
    return [_change(field, old.get(field), new.get(field)) for field in FIELDS if old.get(field) != new.get(field)]


def summary(changes: Sequence[FieldChange]) -> str:
    """The changes in a line: 标准问有改动，相似问法新增 2 条、删除 1 条."""
    return "，".join(f"{change.name}{_counted(change)}" for change in changes) or "没有改动"


def _counted(change: FieldChange) -> str:
    kinds = [item.kind for item in change.items]
    counts = [f"{zh} {kinds.count(kind)} 条" for kind, zh in _KINDS_ZH.items() if kind in kinds]
    return "、".join(counts) or ("调整了顺序" if change.field in _LISTS else "有改动")


def _change(field: str, before: Any, after: Any) -> FieldChange:
    segments = text_diff(before or "", after or "") if field in _TEXTS else ()
    items = tuple(_items(before or [], after or [])) if field in _LISTS else ()
    return FieldChange(field, FIELDS[field], before, after, segments, items)


def _items(before: Sequence[Any], after: Sequence[Any]) -> Iterator[ItemChange]:
    """What became of the parts of a list; one that only moved did not change."""
    old, new = [_words(part) for part in before], [_words(part) for part in after]
    for op, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            continue
        gone = [part for part, words in zip(before[i1:i2], old[i1:i2], strict=True) if words not in new]
        come = [part for part, words in zip(after[j1:j2], new[j1:j2], strict=True) if words not in old]
        for left, right in zip_longest(gone, come):
            yield _item(left, right)


def _item(before: Any, after: Any) -> ItemChange:
    if before is None or after is None:
        return ItemChange("added" if before is None else "removed", before, after)
    return ItemChange("changed", before, after, text_diff(_text(before), _text(after)))


def _text(part: Any) -> str:
    return part["text"] if isinstance(part, dict) else str(part)


def _words(part: Any) -> str:
    """A part as something that can be compared and counted; an answer with its conditions and tone."""
    return repr(sorted(part.items())) if isinstance(part, dict) else str(part)
