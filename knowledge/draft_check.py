"""All that can be said of a draft before it is saved: what forbids saving, and what an editor had better look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from knowledge.checks import check_entry
from knowledge.compliance import Finding, check_text
from knowledge.entries import EntryDraft
from knowledge.errors import Problem
from knowledge.near_duplicates import Duplicate, near_duplicates
from knowledge.placeholders import PLACEHOLDER
from knowledge.policy_promises import promise_findings
from knowledge.shop_policy import ShopPolicy
from knowledge.snapshot import Snapshot
from models.encoder import Encoder


@dataclass(frozen=True, slots=True)
class AnswerFinding:
    """A wording of an answer that must not or had better not be said; `field` names the answer."""

    field: str
    finding: Finding


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """`problems` keep the draft from being saved; the others are warnings."""

    problems: tuple[Problem, ...] = ()
    compliance: tuple[AnswerFinding, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()


def check_draft(
    draft: EntryDraft, snapshot: Snapshot, encoder: Encoder, shop_id: str | None, now: datetime
) -> DraftCheck:
    """Check a draft against the rules, the shop's settings and the entries that the shop has beside it.

    `shop_id` is whose eyes to look with where the draft names no shop.
    """
    shop = draft.shop_id or shop_id
    return DraftCheck(
        tuple(check_entry(draft)),
        tuple(_findings(draft, snapshot.policy(shop) if shop else None)),
        tuple(near_duplicates(draft, snapshot, encoder, shop_id, now)),
    )


def _findings(draft: EntryDraft, policy: ShopPolicy | None) -> Iterator[AnswerFinding]:
    for number, answer in enumerate(draft.answers):
        field = f"answers[{number}].text"
        yield from (AnswerFinding(field, finding) for finding in check_text(answer.text))
        # What an answer says under a condition may be just what the settings grant in that case.
        if policy and not answer.when and not PLACEHOLDER.search(answer.text):
            yield from (AnswerFinding(field, finding) for finding in promise_findings(answer.text, policy))
