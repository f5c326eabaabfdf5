"""One change made to many entries at once: archive, restore, publish, tags, effective times."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from knowledge.checks import check_entry
from knowledge.entries import Entry, EntryDraft, Status
from knowledge.errors import EntryInvalid, Problem

Action = Literal["archive", "restore", "publish", "add_tags", "remove_tags", "set_effective"]


@dataclass(frozen=True, slots=True)
class BulkEdit:
    """What is to be done; `tags` for tags, the two times for `set_effective` (None: no bound)."""

    action: Action
    tags: tuple[str, ...] = ()
    effective_from: datetime | None = None
    effective_until: datetime | None = None

    def changed(self, entry: Entry, before_archive: Status | None) -> EntryDraft:
        """The entry as it is to be; one that is archived goes back to what it was before (default: a draft)."""
        return entry.draft().model_copy(update=self._fields(entry, before_archive))

    def _fields(self, entry: Entry, before_archive: Status | None) -> dict[str, Any]:
        match self.action:
            case "archive":
                return {"status": "archived"}
            case "restore":
                return {"status": before_archive or "draft"} if entry.status == "archived" else {}
            case "publish":
                return {"status": "published"}
            case "add_tags":
                return {"tags": tuple(dict.fromkeys((*entry.tags, *self.tags)))}
            case "remove_tags":
                return {"tags": tuple(tag for tag in entry.tags if tag not in self.tags)}
            case "set_effective":
                return {"effective_from": self.effective_from, "effective_until": self.effective_until}


def edited(entries: Iterable[Entry], edit: BulkEdit, before_archive: Mapping[str, Status]) -> list[EntryDraft]:
    """All entries as they are to be; EntryInvalid with every problem, each under its entry's id."""
    drafts = [edit.changed(entry, before_archive.get(entry.id)) for entry in entries]
    problems = [
        Problem(f"{draft.id}.{problem.field}", problem.reason, problem.remedy)
        for draft in drafts
        for problem in check_entry(draft)
    ]
    if problems:
        raise EntryInvalid(problems)
    return drafts
