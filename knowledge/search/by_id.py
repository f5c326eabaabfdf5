"""Entries by their ids, many at once, and what archived ones were before."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, select

from knowledge import tables
from knowledge.batches import batches
from knowledge.entries import Entry, Status
from knowledge.storable import is_storable


def entries_by_id(connection: Connection, ids: Sequence[str]) -> dict[str, Entry]:
    """The current version of each entry that is there."""
    columns = tables.entries.c
    return {
        entry_id: Entry.model_validate_json(body)
        for some in batches(filter(is_storable, ids))
        for entry_id, body in connection.execute(
            select(columns.id, columns.body).where(columns.id.in_(some), ~columns.deleted)
        )
    }


def status_before_archive(connection: Connection, ids: Sequence[str]) -> dict[str, Status]:
    """The last status other than archived of each entry that ever had one."""
    columns = tables.entry_versions.c
    found: dict[str, Status] = {}
    for some in batches(filter(is_storable, ids)):
        query = select(columns.entry_id, columns.body).where(columns.entry_id.in_(some), ~columns.deleted)
        for entry_id, body in connection.execute(query.order_by(columns.entry_id, columns.version)):
            status: Status = json.loads(body)["status"]
            if status != "archived":
                found[entry_id] = status
    return found
