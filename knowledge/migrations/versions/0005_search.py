"""What the console searches entries by: who saved them, short codes, tags, effective times, pinyin."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

# Not frozen here as a migration's code usually is: what it fills is derived, and the next save derives it anew.
from knowledge.pinyin import pinyin_lines, pinyin_of

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_Id = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NEW = ("updated_by", "short_code", "effective_from", "effective_until", "tags", "title_key", "pinyin")
_LISTED = ("title_key", "id", "shop_id", "status", "kind", "intent", "effective_from", "effective_until", "updated_at")
_AT_ONCE = 500
_entries = sa.table(
    "entries",
    *(sa.column(name) for name in ("id", "body", "searchable", "effective_from", "effective_until")),
    *(sa.column(name) for name in ("tags", "title_key", "pinyin")),
)
_versions = sa.table("entry_versions", sa.column("entry_id"), sa.column("version"), sa.column("body"))


def upgrade() -> None:
    """Make the columns and fill them for the entries that are there; who saved those is not known."""
    op.add_column("entries", sa.Column("updated_by", sa.Text))
    op.add_column("entries", sa.Column("short_code", _Id))
    op.add_column("entries", sa.Column("effective_from", sa.Float))
    op.add_column("entries", sa.Column("effective_until", sa.Float))
    for name, kind in (("tags", sa.Text()), ("title_key", _Id), ("pinyin", sa.Text())):
        op.add_column("entries", sa.Column(name, kind, nullable=False, server_default=""))
    op.create_index("ix_entries_short_code", "entries", ["short_code"])
    present = ~sa.column("deleted", sa.Boolean)
    op.create_index("ix_entries_list", "entries", list(_LISTED), sqlite_where=present, postgresql_where=present)
    filled: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in ("searchable", *_NEW[2:])}
    statement = _entries.update().where(_entries.c.id == sa.bindparam("key")).values(filled)
    for batch in _batches():
        rows = [{"key": key} | {f"new_{name}": value for name, value in columns(body).items()} for key, body in batch]
        op.get_bind().execute(statement, rows)


def downgrade() -> None:
    """Drop them; the older program would refuse an entry that has a short code, so entries lose theirs."""
    op.drop_index("ix_entries_list", "entries")
    op.drop_index("ix_entries_short_code", "entries")
    for name in _NEW:
        op.drop_column("entries", name)
    for table, keys in ((_entries, ("id",)), (_versions, ("entry_id", "version"))):
        _without_short_codes(table, [table.c[key] for key in keys])


def columns(body: dict[str, Any]) -> dict[str, Any]:
    """The new columns of an entry, and its searchable text, which has id and note in it now."""
    title, questions = body["title"], body.get("questions", [])
    answers = [answer["text"] for answer in body["answers"]]
    lines = [title, *questions, *answers, body.get("note"), body["id"]]
    return {
        "searchable": "\n".join(line for line in lines if line).replace("\0", " ").casefold(),
        "effective_from": _seconds(body.get("effective_from")),
        "effective_until": _seconds(body.get("effective_until")),
        "tags": "".join(f"\n{' '.join(tag.replace(chr(0), ' ').split())}\n" for tag in body.get("tags", [])),
        "title_key": pinyin_of(title).full[:100],
        "pinyin": pinyin_lines([title, *questions]),
    }


def _batches() -> Iterator[list[tuple[str, dict[str, Any]]]]:
    """Every entry by id: read in steps, so that a large knowledge is never in memory as a whole."""
    last = ""
    while True:
        query = sa.select(_entries.c.id, _entries.c.body).where(_entries.c.id > last).order_by(_entries.c.id)
        rows = op.get_bind().execute(query.limit(_AT_ONCE)).all()
        if not rows:
            return
        yield [(entry_id, json.loads(body)) for entry_id, body in rows]
        last = rows[-1][0]


def _seconds(moment: str | None) -> float | None:
    return datetime.fromisoformat(moment).timestamp() if moment else None


def _without_short_codes(table: sa.TableClause, keys: list[sa.ColumnClause[Any]]) -> None:
    query = sa.select(*keys, table.c.body).where(table.c.body.contains('"short_code":'))
    for *key, body in op.get_bind().execute(query).all():
        fields = {name: value for name, value in json.loads(body).items() if name != "short_code"}
        here = [column == part for column, part in zip(keys, key, strict=True)]
        text = json.dumps(fields, ensure_ascii=False)
        op.get_bind().execute(table.update().where(*here).values(body=text))
