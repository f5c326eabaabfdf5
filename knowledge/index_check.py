"""Does the index say what the store says? Row by row, for what is served and for what is on disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from knowledge.entries import Entry
from knowledge.index_files import IndexFiles, IndexUnusable
from knowledge.index_rows import SIDES, is_searchable, text_rows
from knowledge.snapshot import Snapshot
from knowledge.store import Store
from knowledge.vector_index import VectorIndex
from knowledge.vector_segment import Rows
from models.encoder import Encoder

Where = Literal["memory", "disk"]
_PLACES = {"memory": "内存中的索引", "disk": "磁盘上的索引"}
_KINDS = {
    "missing": "缺少条目",
    "surplus": "多出条目",
    "stale": "条目内容过时",
    "revision": "版本与知识库不一致",
    "absent": "不存在",
    "damaged": "已损坏",
    "foreign": "不是由当前的编码器或程序版本建立的",
    "ahead": "比知识库还新",
}
_SHOWN = 5


@dataclass(frozen=True)
class Finding:
    """One kind of difference: `kind` is missing | surplus | stale | revision | absent | damaged | foreign | ahead."""

    where: Where
    kind: str
    entry_ids: tuple[str, ...] = ()
    detail: str = ""

    def __str__(self) -> str:
        few = "、".join(self.entry_ids[:_SHOWN]) + (" 等" if len(self.entry_ids) > _SHOWN else "")
        which = f" {len(self.entry_ids)} 个：{few}" if self.entry_ids else ""
        return f"{_PLACES[self.where]}{_KINDS[self.kind]}{which}" + (f"（{self.detail}）" if self.detail else "")


@dataclass(frozen=True)
class CheckReport:
    """The store at `revision` with `entries` searchable entries, and every difference found."""

    revision: int
    entries: int
    findings: tuple[Finding, ...]

    @property
    def clean(self) -> bool:
        """Whether store, served index and stored index agree."""
        return not self.findings


def check_memory(entries: Sequence[Entry], snapshot: Snapshot) -> list[Finding]:
    """Differences between the store's entries and a snapshot of the same revision."""
    indexes = [snapshot.phrasings, snapshot.answers]
    findings = _differences("memory", entries, snapshot.roster.slots, indexes)
    if len(snapshot.lexical) != len(snapshot.phrasings):
        detail = f"词索引 {len(snapshot.lexical)} 行，向量 {len(snapshot.phrasings)} 行"
        findings.append(Finding("memory", "stale", detail=detail))
    return findings


def check_index(store: Store, encoder: Encoder, index_dir: Path) -> CheckReport:
    """Compare the store with the files of the index, and change nothing."""
    delta = store.delta(0)
    files = IndexFiles(index_dir)
    findings = check_disk(delta.entries, files, encoder.id, encoder.dim, delta.revision) if delta.revision else []
    return CheckReport(delta.revision, sum(map(is_searchable, delta.entries)), tuple(findings))


def check_disk(entries: Sequence[Entry], files: IndexFiles, encoder_id: str, dim: int, revision: int) -> list[Finding]:
    """Differences between the store's entries at `revision` and the files of the index."""
    try:
        stored = files.load(encoder_id, dim, revision)
    except IndexUnusable as unusable:
        return [Finding("disk", unusable.kind, detail=unusable.reason)]
    slots = {entry_id: slot for slot, entry_id in enumerate(stored.ids) if entry_id is not None}
    findings = _differences("disk", entries, slots, [stored.phrasings, stored.answers])
    if stored.revision != revision:
        findings.append(Finding("disk", "revision", detail=f"索引 {stored.revision}，知识库 {revision}"))
    return findings


def _differences(
    where: Where, entries: Iterable[Entry], slots: Mapping[str, int], indexes: Sequence[VectorIndex]
) -> list[Finding]:
    wanted = {entry.id: entry for entry in entries if is_searchable(entry)}
    stale = [entry_id for entry_id in wanted if entry_id in slots and not _fits(wanted[entry_id], slots, indexes)]
    owners = {owner for index in indexes for owner in index.rows.owners.tolist()}
    surplus = [entry_id for entry_id in slots if entry_id not in wanted]
    ownerless = owners - set(slots.values())
    findings = [
        Finding(where, "missing", tuple(entry_id for entry_id in wanted if entry_id not in slots)),
        Finding(where, "stale", tuple(stale)),
        Finding(where, "surplus", tuple(surplus)),
    ]
    if ownerless:
        findings.append(Finding(where, "surplus", detail=f"{len(ownerless)} 个没有条目的位置"))
    return [finding for finding in findings if finding.entry_ids or finding.detail]


def _fits(entry: Entry, slots: Mapping[str, int], indexes: Sequence[VectorIndex]) -> bool:
    slot = slots[entry.id]
    return all(
        index.rows_of(slot) == Rows.of((slot, row.position, row.digest) for row in text_rows(entry, side))
        for side, index in zip(SIDES, indexes, strict=True)
    )
