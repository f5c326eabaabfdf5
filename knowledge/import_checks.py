"""What an import checks of its rows: each by itself, against the entries that are there, and against each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from knowledge.entries import Entry, EntryDraft
from knowledge.errors import Problem
from knowledge.exchange.rows import Row
from knowledge.known_entries import KnownEntries
from knowledge.search.columns import folded_code

Policy = Literal["update", "skip", "refuse"]
Foreseen = Literal["created", "updated", "unchanged"]
Permit = Callable[[EntryDraft, Entry | None], Problem | None]


@dataclass(frozen=True)
class Checked:
    """A row after its checks: with `problems`, or with the draft to store in the place of `stored`.

    Neither: the entry is there already, and the policy leaves it as it is.
    """

    number: int
    entry_id: str | None
    problems: tuple[Problem, ...] = ()
    draft: EntryDraft | None = None
    stored: Entry | None = None
    named: Callable[[str], str] = str

    @property
    def foreseen(self) -> Foreseen:
        """What storing it will do, as far as can be told before."""
        if self.draft is None or (self.stored and self.stored.content == self.draft.content):
            return "unchanged"
        return "updated" if self.stored else "created"


class ImportChecks:
    """Checks the rows of one import, in their order."""

    def __init__(
        self,
        validate: Callable[[EntryDraft], Iterable[Problem]],
        known: KnownEntries,
        policy: Policy,
        permit: Permit | None,
    ) -> None:
        self._validate, self._known, self._policy, self._permit = validate, known, policy, permit
        self._row_of_id: dict[str, int] = {}
        self._row_of_title: dict[tuple[str | None, str], int] = {}

    def row(self, row: Row) -> Checked:
        """The row with all its problems, or with its draft under the id of the entry that it means."""
        draft = row.draft
        entry_id = draft.id if draft else row.entry_id
        stored = self._known.counterpart(draft.id, draft.shop_id, draft.title) if draft else None
        if draft and stored and draft.id is None:
            draft, entry_id = draft.model_copy(update={"id": stored.id}), stored.id
        problems = [*row.problems, *self._among_rows(row, entry_id)]
        if draft:
            found = [*self._validate(draft), *self._against(draft, stored)]
            problems += [replace(one, field=row.named(one.field)) for one in found]
        passed_over = stored is not None and self._policy == "skip"
        kept = None if problems or passed_over else draft
        return Checked(row.number, entry_id, tuple(problems), kept, stored, row.named)

    def together(self, rows: Sequence[Checked]) -> list[Checked]:
        """The rows, with problems where two entries of a shop would have one short code when all are stored."""
        mine = {row.entry_id for row in rows if row.draft}
        codes = _Codes()
        for entry in self._known.all():
            if entry.id not in mine:
                codes.take(entry, f"条目 {entry.id}")
        return [self._with_free_code(row, codes) for row in rows]

    def _with_free_code(self, row: Checked, codes: _Codes) -> Checked:
        holder = codes.take(row.draft, f"第 {row.number} 行") if row.draft else None
        if row.draft is None or holder is None:
            return row
        problem = Problem(
            row.named("short_code"), f"短代码 {row.draft.short_code} 已经是{holder}的", "请换一个，或先改掉那一条的"
        )
        return replace(row, draft=None, problems=(problem,))

    def _among_rows(self, row: Row, entry_id: str | None) -> Iterator[Problem]:
        """Whether an earlier row has the id already, or, for a row of no id, the title."""
        if entry_id is not None:
            first = self._row_of_id.setdefault(entry_id, row.number)
            if first != row.number:
                reason = f"与第 {first} 行的编号 {entry_id} 重复"
                yield Problem(row.named("id"), reason, "请只保留一行，或换一个编号")
        elif row.draft:
            first = self._row_of_title.setdefault((row.draft.shop_id, row.draft.title), row.number)
            if first != row.number:
                reason = f"与第 {first} 行的标准问相同"
                yield Problem(row.named("title"), reason, "请合并成一行；确实要分成两条时各写一个编号")

    def _against(self, draft: EntryDraft, stored: Entry | None) -> Iterator[Problem]:
        same = self._known.titled(draft.shop_id, draft.title)
        if draft.id is None and len(same) > 1:
            ids = "、".join(entry.id for entry in same[:5])
            yield Problem("title", f"已有 {len(same)} 条知识的标准问是它（{ids}）", "请写上要改的那一条的编号")
        if draft.id in self._known.hidden:
            yield Problem("id", f"编号 {draft.id} 已被占用", "请换一个编号，或留空自动生成")
        elif stored and self._policy == "refuse":
            yield Problem("id", f"条目 {stored.id} 已经存在", "请删掉这一行，或把重复时的做法改成更新或跳过")
        elif self._permit and not (stored and stored.content == draft.content):
            problem = self._permit(draft, stored)
            if problem:
                yield problem


class _Codes:
    """Short codes and who has them; a shared entry is every shop's."""

    def __init__(self) -> None:
        self._holders: dict[str, list[tuple[str | None, str]]] = {}

    def take(self, entry: EntryDraft, name: str) -> str | None:
        """Note the entry's code under a name; gives the name of another who has it, if some shop has both."""
        code = folded_code(entry.short_code)
        if not code:
            return None
        holders = self._holders.setdefault(code, [])
        other = next((who for shop, who in holders if None in (shop, entry.shop_id) or shop == entry.shop_id), None)
        if other is None:
            holders.append((entry.shop_id, name))
        return other
