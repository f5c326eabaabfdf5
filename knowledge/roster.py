"""Who may be found: every searchable entry has a slot, and columns by slot answer a scope with one boolean array.

Shop, item and effective time are settled *before* the search, so that entries which do not apply can neither come back
nor crowd out those that do (a thousand items with the same question).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import Entry

NOBODY, EVERYBODY = -1, 0  # shop codes: a free slot, an entry that all shops share; shops count from 1


@dataclass(frozen=True)
class Scope:
    """For whom and when: `shop_id` None sees shared entries only; `now` is timezone-aware."""

    shop_id: str | None
    now: datetime
    item_id: str | None = None

    def admits(self, entry: Entry) -> bool:
        """Whether the entry is the shop's or shared, in effect, and not limited to other items."""
        return (
            entry.shop_id in (None, self.shop_id)
            and (entry.effective_from is None or entry.effective_from <= self.now)
            and (entry.effective_until is None or self.now < entry.effective_until)
            and (not entry.items or self.item_id in entry.items)
        )


@dataclass(frozen=True, eq=False)
class Roster:
    """Entries by slot and the columns that decide a scope, each (slots,): `since` and `until` in epoch seconds."""

    slots: Mapping[str, int] = field(default_factory=dict)
    entries: Sequence[Entry | None] = ()
    shop_codes: Mapping[str, int] = field(default_factory=dict)
    shops: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    limited: NDArray[np.bool_] = field(default_factory=lambda: np.empty(0, np.bool_))
    since: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    until: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))

    @classmethod
    def expecting(cls, ids: Sequence[str | None]) -> Roster:
        """Slots as a stored index numbers them, not to be found until `updated` brings their entries."""
        slots = {entry_id: slot for slot, entry_id in enumerate(ids) if entry_id is not None}
        return cls(slots)._resized(len(ids))

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def ids(self) -> list[str | None]:
        """The entry id of each slot, None for a free one."""
        ids: list[str | None] = [None] * len(self)
        for entry_id, slot in self.slots.items():
            ids[slot] = entry_id
        return ids

    def _resized(self, size: int) -> Roster:
        """A copy of everything that may be written to, with free slots at the end."""
        more = size - len(self)
        return Roster(
            dict(self.slots),
            [*self.entries, *[None] * more],
            dict(self.shop_codes),
            np.concatenate([self.shops, np.full(more, NOBODY, np.int32)]),
            np.concatenate([self.limited, np.zeros(more, np.bool_)]),
            np.concatenate([self.since, np.full(more, -math.inf)]),
            np.concatenate([self.until, np.full(more, math.inf)]),
        )

    def updated(self, put: Collection[Entry], gone: Iterable[str]) -> Roster:
        """A new roster with the entries `put` in their slots and without the ids `gone`, whose slots become free."""
        freed = {self.slots[entry_id] for entry_id in gone if entry_id in self.slots}
        new = [entry.id for entry in put if entry.id not in self.slots]
        taken = set(self.slots.values()) - freed
        free = [slot for slot in range(len(self) + len(new)) if slot not in taken][: len(new)] if new else []
        roster = self._resized(max([len(self), *(slot + 1 for slot in free)]))
        slots = {entry_id: slot for entry_id, slot in self.slots.items() if slot not in freed}
        slots.update(zip(new, free, strict=True))
        for slot in freed:
            roster._put(slot, None)
        for entry in put:
            roster._put(slots[entry.id], entry)
        return replace(roster, slots=slots)

    def _put(self, slot: int, entry: Entry | None) -> None:
        """Fill one slot of a roster that nobody else has seen yet."""
        codes: dict[str, int] = self.shop_codes  # type: ignore[assignment]
        entries: list[Entry | None] = self.entries  # type: ignore[assignment]
        entries[slot] = entry
        if entry is None:
            self.shops[slot] = NOBODY
            return
        self.shops[slot] = codes.setdefault(entry.shop_id, len(codes) + 1) if entry.shop_id else EVERYBODY
        self.limited[slot] = bool(entry.items)
        self.since[slot] = entry.effective_from.timestamp() if entry.effective_from else -math.inf
        self.until[slot] = entry.effective_until.timestamp() if entry.effective_until else math.inf

    @cached_property
    def _by_item(self) -> dict[str, list[int]]:
        slots: dict[str, list[int]] = {}
        for slot in np.flatnonzero(self.limited & (self.shops != NOBODY)).tolist():
            for item_id in self.entry(slot).items:
                slots.setdefault(item_id, []).append(slot)
        return slots

    @cached_property
    def _turns(self) -> NDArray[np.float64]:
        """The moments at which some entry comes into effect or goes out of it; between two of them nothing changes."""
        moments = np.concatenate([self.since, self.until])
        return np.unique(moments[np.isfinite(moments)])

    def entry(self, slot: int) -> Entry:
        """The entry in a slot; raises KeyError for a free one."""
        entry = self.entries[slot]
        if entry is None:
            raise KeyError(slot)
        return entry

    def key(self, scope: Scope) -> Hashable:
        """Equal for scopes that admit the same entries."""
        item_id = scope.item_id if scope.item_id in self._by_item else None
        turn = int(np.searchsorted(self._turns, scope.now.timestamp(), side="right"))
        return self.shop_codes.get(scope.shop_id or "", EVERYBODY), item_id, turn

    def of_shop(self, shop_id: str | None) -> NDArray[np.bool_]:
        """Which slots (slots,) hold an entry of the shop or a shared one, whatever their items and effective times."""
        own = self.shops == self.shop_codes.get(shop_id or "", EVERYBODY)
        mine: NDArray[np.bool_] = own | (self.shops == EVERYBODY)
        return mine

    def allowed(self, scope: Scope) -> NDArray[np.bool_]:
        """Which slots (slots,) the scope admits: the same as `scope.admits`, for all entries at once."""
        code, now = self.shop_codes.get(scope.shop_id or "", EVERYBODY), scope.now.timestamp()
        seen = ((self.shops == EVERYBODY) | (self.shops == code)) & (self.since <= now) & (now < self.until)
        allowed: NDArray[np.bool_] = seen & ~self.limited
        own = self._by_item.get(scope.item_id or "", [])
        allowed[own] = seen[own]
        return allowed
