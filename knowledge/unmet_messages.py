"""What the knowledge did not serve: messages without a suggestion, and messages whose suggestion agents disliked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Row, and_, select

from knowledge.conversation_tables import feedback, suggestions
from knowledge.database import Database
from knowledge.records.moments import stamp
from knowledge.storable import is_storable

UnmetKind = Literal["unanswered", "disliked"]
_LOG, _FEEDBACK = suggestions.c, feedback.c
_READ = (_LOG.id, _LOG.conversation_id, _LOG.message, _LOG.at, _LOG.intents, _LOG.item_id)


@dataclass(frozen=True, slots=True)
class UnmetMessage:
    """A buyer's turn, masked. `intents` is what it was taken for; `entry_id` the entry whose answer was disliked."""

    text: str
    at: datetime
    intents: Sequence[tuple[str, float]]
    item_id: str | None = None
    entry_id: str | None = None


class UnmetMessages:
    """Reads the log of suggestions and the feedback on them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(
        self, shop_id: str, kind: UnmetKind, since: datetime | None = None, limit: int = 2000
    ) -> list[UnmetMessage]:
        """The shop's newest such messages, newest first; a turn for which suggestions were asked again counts once."""
        if not is_storable(shop_id):
            return []
        query = _unanswered() if kind == "unanswered" else _disliked()
        query = query.where(_LOG.shop_id == shop_id, _LOG.message != "")
        if since is not None:
            query = query.where(_LOG.at >= stamp(since))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_LOG.id.desc()).limit(limit)).all()
        turns = {(row.conversation_id or row.id, row.message): row for row in reversed(rows)}
        return [_message(row) for row in reversed(turns.values())]


def _unanswered() -> Any:
    return select(*_READ).where(_LOG.abstained)


def _disliked() -> Any:
    same = and_(_FEEDBACK.shop_id == _LOG.shop_id, _FEEDBACK.request_id == _LOG.request_id)
    bad = _FEEDBACK.action.in_(("disliked", "reported"))
    return select(*_READ, _FEEDBACK.entry_id).join(feedback, same).where(bad)


def _message(row: Row[Any]) -> UnmetMessage:
    intents = [(guess["code"], guess["confidence"]) for guess in json.loads(row.intents)]
    at = datetime.fromisoformat(row.at)
    return UnmetMessage(row.message, at, intents, row.item_id, getattr(row, "entry_id", None))
