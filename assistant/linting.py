"""Linting: everything that keeps a text, which an agent has written or edited, from being sent as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.catalogue import ItemFacts
from knowledge.compliance import Finding, check_text, in_order
from knowledge.context import Context
from knowledge.folded_text import fold
from knowledge.policy_promises import promise_findings
from knowledge.shop_policy import ShopPolicy

_LEFT_OVER = re.compile(r"\{+[^{}\n]{0,60}\}+|[{}]")


def lint(text: str, policy: ShopPolicy | None, context: Context, item: ItemFacts | None) -> tuple[Finding, ...]:
    """Findings in the order of the text; without `policy` nothing is held against a shop's settings.

    `item` is the context's with what the catalogue knows of it. Numbers of the order and the shop may be said.
    """
    findings = [*check_text(text, _known(policy, context)), *_left_over(text)]
    if policy:
        findings += promise_findings(text, policy, _price(item))
    return in_order(findings)


def _left_over(text: str) -> Iterator[Finding]:
    """Placeholders that were never filled, and single braces of them."""
    folded = fold(text)
    for match in _LEFT_OVER.finditer(folded.text):
        span = folded.span(*match.span())
        reason = "占位符没有填上，会原样发给买家；请写上实际内容，或删去这一处"
        yield Finding(category="占位符", action="block", span=span, text=text[slice(*span)], reason=reason)


def _price(item: ItemFacts | None) -> float | None:
    sku = item.sku() if item else None
    return sku.price if sku and sku.price is not None else item.price if item else None


def _known(policy: ShopPolicy | None, context: Context) -> list[object]:
    order = context.order
    own = policy.facts().values() if policy else ()
    return [*own, *(order.model_dump(exclude={"receiver"}).values() if order else ()), *_receiver(context)]


def _receiver(context: Context) -> list[object]:
    receiver = context.order.receiver if context.order else None
    return list(receiver.model_dump().values()) if receiver else []
