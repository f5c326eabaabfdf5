"""How much agents like what an entry says: a value from likes and dislikes, once there are enough of them."""

from __future__ import annotations

from sqlalchemy import case, func, select

from knowledge import tables
from knowledge.conversation_tables import feedback
from knowledge.database import Database
from knowledge.storable import is_storable

_LIKED, _DISLIKED = ("liked",), ("disliked", "reported")


class Liking:
    """Reads the feedback on the present version of entries; what was said of an earlier one is settled."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def values(self, shop_id: str, minimum: int) -> dict[str, float]:
        """From -1 (all disliked it) to 1 by entry, for those that at least `minimum` agents of the shop judged."""
        said, entries = feedback.c, tables.entries.c
        liked = func.sum(case((said.action.in_(_LIKED), 1), else_=0))
        judged = func.count()
        query = (
            select(said.entry_id, liked, judged)
            .join(tables.entries, (entries.id == said.entry_id) & (entries.version == said.version))
            .where(said.shop_id == shop_id, said.action.in_((*_LIKED, *_DISLIKED)))
            .group_by(said.entry_id)
            .having(judged >= minimum)
        )
        if not is_storable(shop_id):
            return {}
        with self._database.reading() as connection:
            return {entry_id: (2 * int(good) - number) / number for entry_id, good, number in connection.execute(query)}
