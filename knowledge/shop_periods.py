"""The named periods that shops have written for themselves."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, insert, select

from knowledge.audit import Author, Change, put_records
from knowledge.database import Database
from knowledge.periods import Period
from knowledge.review_tables import shop_periods
from knowledge.storable import is_storable

_ROW = shop_periods.c


class ShopPeriods:
    """The periods of all shops; one that has written none uses the defaults."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, shop_id: str) -> tuple[Period, ...] | None:
        """What the shop has written; None where it has written nothing."""
        query = select(_ROW.periods).where(_ROW.shop_id == shop_id)
        with self._database.reading() as connection:
            stored = connection.scalars(query).one_or_none() if is_storable(shop_id) else None
        return None if stored is None else tuple(Period.model_validate(each) for each in json.loads(stored))

    def put(self, shop_id: str, periods: Sequence[Period], by: Author) -> None:
        """Replace all that the shop has written."""
        new = [period.model_dump() for period in periods]
        row = {"shop_id": shop_id, "periods": json.dumps(new), "updated_at": datetime.now(UTC).isoformat()}
        with self._database.writing() as connection:
            query = select(_ROW.periods).where(_ROW.shop_id == shop_id).with_for_update()
            old = connection.scalars(query).one_or_none()
            connection.execute(delete(shop_periods).where(_ROW.shop_id == shop_id))
            connection.execute(insert(shop_periods).values(row))
            before = None if old is None else json.loads(old)
            put_records(connection, by, [Change("periods.update", shop_id, shop_id, before, new)])
