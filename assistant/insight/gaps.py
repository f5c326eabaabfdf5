"""What replies lacked: facts that an item's page does not hold, and what the conversation did not bring.

The log names every field that would have made one of the replies more exact. A gap of an item's page is one that the
question itself is about and that the catalogue lacks to this day; once it is filled in, it is gone from the list.
"""

from __future__ import annotations

from collections import Counter

from assistant.insight.figures import Document, Section, told
from assistant.insight.scope import Scope
from assistant.insight.turns import Turn
from assistant.insight.words import field_name, phase_of, words
from knowledge.attributes import asked_attribute, names_asked
from knowledge.catalogue import Item
from models.text import normalise

MOST, EXAMPLES = 50, 3
_ITEM, _ATTRIBUTES, _ATTRIBUTE = "item.", "item.attributes", "item.attributes."
_ORDER, _HAS_ORDER = "order.", ("in_sale", "after_sale")


class Gap(Document):
    """A fact that an item lacks; with the field `item.attributes` what is asked has no name, and examples tell."""

    item_id: str
    title: str
    field: str
    name: str
    n: int
    examples: list[str]


class ContextGap(Document):
    """A field that requests did not bring."""

    field: str
    name: str
    n: int


class Gaps(Section):
    """What to add to the pages of items, the most asked first; `total` counts those that are not listed, too."""

    rows: list[Gap]
    total: int


class ContextGaps(Section):
    """What to add to requests."""

    rows: list[ContextGap]


def gaps(scope: Scope) -> Gaps:
    """Facts that buyers asked for and an item's data do not hold."""
    asked: dict[tuple[str, str], Counter[str]] = {}
    for turn in scope.turns:
        item = scope.items.get(turn.item_id or "")
        field = _lacking(turn, item) if item else None
        if item and field:
            asked.setdefault((item.item_id, field), Counter())[turn.message] += 1
    order = sorted(asked, key=lambda key: (-asked[key].total(), key))
    rows = [_gap(item_id, field, asked[item_id, field], scope) for item_id, field in order[:MOST]]
    return Gaps(**told("gaps", filled=bool(rows)), rows=rows, total=len(order))


def context_gaps(scope: Scope) -> ContextGaps:
    """Fields that would have made replies more exact, had the conversation brought them."""
    counts = Counter(field for turn in scope.turns for field in turn.missing if _is_of_the_conversation(field, turn))
    order = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST]
    rows = [ContextGap(field=field, name=field_name(field), n=n) for field, n in order]
    return ContextGaps(**told("context_gaps", filled=bool(rows), asked=bool(scope.turns)), rows=rows)


def _gap(item_id: str, field: str, messages: Counter[str], scope: Scope) -> Gap:
    return Gap(
        item_id=item_id,
        title=scope.title(item_id),
        field=field,
        name=words().unnamed if field == _ATTRIBUTES else field_name(field),
        n=messages.total(),
        examples=sorted(messages, key=lambda text: (-messages[text], text))[:EXAMPLES],
    )


def _lacking(turn: Turn, item: Item) -> str | None:
    """The field of the item that the turn's question is about and that the item lacks."""
    fields = [field for field in turn.missing if _is_on_the_page(field)]
    if not fields or turn.intent not in words().product_intents:
        return None
    if any(field.startswith(_ATTRIBUTES) for field in fields):
        return _lacking_attribute(turn, item)
    return next(
        (field for field in fields if field in words().own_fields.get(turn.intent, ()) and not _has(item, field)), None
    )


def _lacking_attribute(turn: Turn, item: Item) -> str | None:
    text = normalise(turn.message)
    asked = asked_attribute(text, item.attributes, turn.intent)
    if asked and asked[1] is None:
        return _ATTRIBUTE + asked[0]
    is_named = bool(names_asked(text)) or any(name.lower() in text for name in item.attributes)
    return None if is_named else _ATTRIBUTES


def _is_on_the_page(field: str) -> bool:
    return field.startswith(_ITEM) and field not in words().not_on_the_page


def _has(item: Item, field: str) -> bool:
    if field == "item.stock":
        return item.stock is not None or any(sku.stock is not None for sku in item.skus)
    return bool(getattr(item, field.removeprefix(_ITEM), None))


def _is_of_the_conversation(field: str, turn: Turn) -> bool:
    """Whether the conversation could have brought the field: an order's where there is one, else an item's."""
    if field.startswith(_ORDER):
        return phase_of(turn.intent) in _HAS_ORDER
    is_missing = turn.item_id is None or not _is_on_the_page(field)
    return field.startswith(_ITEM) and is_missing and turn.intent in words().product_intents
