"""Wire documents of what editors and agents start a day with: clusters and the briefing."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from pydantic import AwareDatetime, BaseModel

from assistant.briefing import Briefing, Line
from assistant.clusters import SAMPLES, Cluster
from assistant.service.review_schemas import FieldChangeDocument, documents
from knowledge.sketches import Sketch
from knowledge.snapshot import Snapshot

MOST_LINES = 100


class Wording(BaseModel):
    """One wording, masked; how often it was said, and when last."""

    text: str
    times: int
    last_at: datetime


class DislikedEntry(BaseModel):
    """An entry whose answer was disliked, and how often; without title when it is not published any more."""

    entry_id: str
    title: str | None
    times: int


class ClusterDocument(BaseModel):
    """Messages that ask the same; `draft` is ready to be proposed and lacks only its answer."""

    id: str
    title: str
    size: int
    messages: list[Wording]
    intent: str | None
    entries: list[DislikedEntry]
    draft: Sketch

    @classmethod
    def of(cls, cluster: Cluster, snapshot: Snapshot) -> Self:
        """The cluster as a document, with some of its messages."""
        titles = {
            entry_id: snapshot.entries[entry_id].title
            for entry_id, _ in cluster.entries
            if entry_id in snapshot.entries
        }
        return cls(
            id=cluster.id,
            title=cluster.title,
            size=cluster.size,
            messages=[
                Wording(text=one.text, times=one.times, last_at=one.last_at) for one in cluster.wordings[:SAMPLES]
            ],
            intent=cluster.intent,
            entries=[
                DislikedEntry(entry_id=entry_id, title=titles.get(entry_id), times=times)
                for entry_id, times in cluster.entries
            ],
            draft=cluster.draft,
        )


class ClusterList(BaseModel):
    """The largest clusters, how many there are in all, and how many messages were read for them."""

    clusters: list[ClusterDocument]
    total: int
    messages_read: int


class BriefingLine(BaseModel):
    """One entry; `by`, `at`, `summary` and `changes` where it was changed."""

    entry_id: str
    version: int
    shop_id: str | None
    kind: str
    intent: str
    title: str
    text: str
    effective_from: AwareDatetime | None
    effective_until: AwareDatetime | None
    by: str | None
    at: datetime | None
    summary: str | None
    changes: list[FieldChangeDocument]

    @classmethod
    def of(cls, line: Line) -> Self:
        """The line as a document."""
        entry = line.entry
        fields = ("version", "shop_id", "kind", "intent", "title", "effective_from", "effective_until")
        return cls(
            entry_id=entry.id,
            **{name: getattr(entry, name) for name in fields},
            text=entry.answers[0].text,
            by=line.by,
            at=line.at,
            summary=line.summary,
            changes=documents(list(line.changes)),
        )


class BriefingDocument(BaseModel):
    """The briefing; each list has at most a hundred entries, `totals` says how many there are."""

    since: datetime
    now: datetime
    new: list[BriefingLine]
    changed: list[BriefingLine]
    withdrawn: list[BriefingLine]
    expiring: list[BriefingLine]
    emergency: list[BriefingLine]
    totals: dict[str, int]

    @classmethod
    def of(cls, briefing: Briefing, since: datetime, now: datetime) -> Self:
        """The briefing as a document."""
        sections = {name: getattr(briefing, name) for name in Briefing.__slots__}
        lines = {name: [BriefingLine.of(line) for line in found[:MOST_LINES]] for name, found in sections.items()}
        return cls(since=since, now=now, totals={name: len(found) for name, found in sections.items()}, **lines)
