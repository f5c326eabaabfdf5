"""The entries that are stored already, as an import compares its rows with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from knowledge.entries import Entry


class KnownEntries:
    """Entries by id and by shop and title. Those that the importer may not see count only by their ids."""

    def __init__(self, entries: Iterable[Entry] = (), sees: Callable[[str | None], bool] = lambda _: True) -> None:
        """`sees` tells whether entries of a shop (None: shared) are the importer's to see."""
        self._by_id: dict[str, Entry] = {}
        self._by_title: dict[tuple[str | None, str], list[Entry]] = {}
        self.hidden: set[str] = set()
        for entry in entries:
            if not sees(entry.shop_id):
                self.hidden.add(entry.id)
                continue
            self._by_id[entry.id] = entry
            self._by_title.setdefault((entry.shop_id, entry.title), []).append(entry)

    def all(self) -> Iterable[Entry]:
        """Every entry that is seen."""
        return self._by_id.values()

    def titled(self, shop_id: str | None, title: str) -> list[Entry]:
        """The shop's entries of that title."""
        return self._by_title.get((shop_id, title), [])

    def counterpart(self, entry_id: str | None, shop_id: str | None, title: str) -> Entry | None:
        """The entry that a row means: by its id, without one the only entry of its shop that has its title."""
        if entry_id is not None:
            return self._by_id.get(entry_id)
        same = self.titled(shop_id, title)
        return same[0] if len(same) == 1 else None
