"""What is done with an uploaded file: read, checked for whoever imports it, and stored or only reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from assistant.service.access import Principal
from assistant.service.errors import Forbidden
from assistant.service.imports import Import
from assistant.service.shop_rules import require_reviewed, require_writable
from assistant.service.wiring import Parts
from knowledge.changes import Changes, Written
from knowledge.checks import check_entry
from knowledge.entries import Entry, EntryDraft
from knowledge.errors import Problem, SecondReaderNeeded
from knowledge.exchange.reading import open_rows
from knowledge.exchange.table import Mapped
from knowledge.import_checks import Permit, Policy
from knowledge.importing import import_rows
from knowledge.known_entries import KnownEntries


@dataclass(frozen=True)
class ImportOrder:
    """How somebody wants a file imported."""

    who: Principal
    mapping: Mapped = field(default_factory=dict)
    defaults: Mapping[str, str] = field(default_factory=dict)
    policy: Policy = "update"
    keep_going: bool = False


def import_work(parts: Parts, order: ImportOrder, *, trial: bool) -> Callable[[Import], None]:
    """The work on a file, as a background job does it; a `trial` stores nothing."""

    def work(one: Import) -> None:
        one.require_file()
        known = KnownEntries(parts.store.every_entry(), order.who.sees)
        defaults = {"shop_id": one.shop_id, **order.defaults}
        opened = open_rows(one.path, one.filename, mapping=order.mapping, defaults=defaults, known=known)
        one.mapping, one.notes = order.mapping, opened.notes

        def write(changes: Changes, *, expected: Mapping[str, int]) -> Written:
            one.advance("embedding", 0, None)
            return parts.base.write(
                changes, expected=expected, by=order.who.author, on_progress=lambda *far: _embedded(one, *far)
            )

        one.report = import_rows(
            opened.rows,
            None if trial else write,
            check_entry,
            order.keep_going,
            lambda read: one.advance("rows", read, None),
            known=known,
            policy=order.policy,
            permit=_permit(order.who, parts),
        )

    return work


def _embedded(one: Import, done: int, total: int) -> None:
    one.advance("storing" if done == total else "embedding", done, total)


def _permit(who: Principal, parts: Parts) -> Permit:
    """What keeps somebody from storing a row: another's shop, knowledge that all share, words to be reviewed."""

    def permit(draft: EntryDraft, stored: Entry | None) -> Problem | None:
        try:
            if stored:
                who.require_writable(stored.shop_id)
            require_writable(who, parts.base, draft.shop_id)
            require_reviewed(who, parts.settings, draft)
        except Forbidden as error:
            return Problem("shop_id", str(error).rstrip("。"), "请改成自己的店铺，或请管理员来导入这一行")
        except SecondReaderNeeded:
            return Problem(
                "status", "店铺要求由另一个人审核，不能直接发布", "请改成 draft，导入后提交审核，或请管理员来导入"
            )
        return None

    return permit
