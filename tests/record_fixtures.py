"""Records of suggestions to put into a store."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from knowledge.records.suggestion_log import Suggested, SuggestionRecord
from knowledge.store import Store

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
REPLY = Suggested("s-1", 1, "policy-ship", 3, "order.urge_ship", 0.9, False, "亲，48小时内发出哦。")


def record(**fields: Any) -> SuggestionRecord:
    """A plain record of one reply; name only the fields that matter to the test."""
    usual: dict[str, Any] = {
        "shop_id": "demo", "request_id": "r-1", "conversation_id": "c1", "message_id": "m1", "at": AT, "asked_at": AT,
        "agent": "小王", "item_id": "cup-9", "message": "什么时候发货", "intents": [("order.urge_ship", 0.9)],
        "complaint": False, "emotion": "neutral", "risks": [], "phase": "in_sale", "abstained": False, "missing": [],
        "revision": 1, "took_ms": 8.5, "replies": [REPLY],
    }  # fmt: skip
    return SuggestionRecord(**(usual | fields))


def rows(store: Store, table: str) -> list[dict[str, Any]]:
    """What stands in a table, in the order of its first column."""
    with store._database.reading() as connection:
        found = connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1").mappings()  # noqa: S608
        return [dict(row) for row in found]
