"""Stock of what the buyer names, each variant with its status: in, low, sold out, not known or not offered at all."""

from __future__ import annotations

import re
from itertools import pairwise, product

from assistant.option_words import (
    Named,
    changing,
    is_size,
    named_values,
    options_of,
    refusing,
    size_rank,
    sizes_away,
)
from knowledge.catalogue import ItemFacts, Sku

LOW_STOCK = 5
_STATUS_ZH = {"in": "有货", "low": "还有少量", "out": "已售完", "unknown": "库存待查", "none": "这款没有"}
_MOST = 6  # variants listed one by one; more would be a table, not a reply
_OTHERS = 3

Wanted = dict[str, list[Named]]
"""Option → the mentions of it that count, of what is spoken of together: 黑色M and 米白S are two of them."""


def stock_facts(item: ItemFacts | None, turn: str, before: str = "", *, is_bare: bool = False) -> dict[str, object]:
    """Stock of the SKUs named in the normalised turn, else of the one looked at, else of all together.

    `before` is the buyer's turn before: it gives the options that this one leaves out (黑色有吗, then L呢), all of them
    only for a bare follow-up that names nothing (那多久有). `stock.named` tells a variant that the buyer names, even as
    the next size (换大一码), from the one looked at or ordered.
    """
    if item is None:
        return {}
    wanted = _wanted(item, turn)
    if wanted or is_bare:
        wanted = _gone_on(_wanted(item, before), wanted)
    if away := sizes_away(turn):
        wanted = _sizes_away(item, wanted, away)
    elif any(_is_changed_to(each, turn) for each in named_values(item, turn)):
        wanted = _gone_on(_looked_at(item), wanted)
    if wanted:
        return {"stock.named": True, **_of_variants(item, wanted)}
    looked_at = item.sku()
    skus = [looked_at] if looked_at else list(item.skus)
    status = _status(skus) if skus else _status_of(item.stock)
    if status == "unknown" and not looked_at:
        status = _status_of(item.stock)
    others = _others(item, set(looked_at.options.values())) if looked_at and status == "out" else None
    return {
        "stock.named": False if looked_at else None,
        "stock.status": status,
        "stock.sku": looked_at.name if looked_at else None,
        "stock.others": others,
    }


def named_skus(item: ItemFacts, text: str) -> list[Sku]:
    """The SKUs that the normalised text names by their option values (黑色L码, 小黑 L); none when it names no value."""
    wanted = _wanted(item, text)
    return [sku for each in _variants(wanted) for sku in _skus_of(item, each)]


def _wanted(item: ItemFacts, text: str) -> list[Wanted]:
    """The mentions that count: of an option named twice, what it is changed to, not what is refused."""
    groups = _apart(named_values(item, text))
    groups = [group for group in groups if not any(_is_refused(each, text) for each in group)] or groups
    changed = (place for place, group in enumerate(groups) if any(_is_changed_to(each, text) for each in group))
    return [_by_option(group, text) for group in groups[max(changed, default=0) :]]


def _apart(mentions: list[Named]) -> list[list[Named]]:
    """Mentions in order, cut where another variant begins (黑色M和米白S); whole if a part would lack an option."""
    if not mentions:
        return []
    first, groups = mentions[0].option, [mentions[:1]]
    for before, each in pairwise(mentions):
        if each.option == first != before.option:
            groups.append([])
        groups[-1].append(each)
    options = {each.option for each in mentions}
    return groups if all({each.option for each in group} == options for group in groups) else [mentions]


def _by_option(mentions: list[Named], text: str) -> Wanted:
    wanted: Wanted = {}
    for mention in mentions:
        wanted.setdefault(mention.option, []).append(mention)
    return {option: _kept(each, text) for option, each in wanted.items()}


def _gone_on(before: list[Wanted], wanted: list[Wanted]) -> list[Wanted]:
    """What is named now, with the options that only the turn before names."""
    if not wanted:
        return before
    told: Wanted = {}
    for each in before:
        for option, mentions in each.items():
            told.setdefault(option, []).extend(mentions)
    return [{**told, **each} for each in wanted]


def _sizes_away(item: ItemFacts, wanted: list[Wanted], away: int) -> list[Wanted]:
    """The variant so many sizes from the one named or looked at; none where that or the size is not there."""
    for base in _gone_on(_looked_at(item), wanted) if wanted else _looked_at(item):
        for option, values in options_of(item).items():
            said = [value for each in base.get(option, ()) for value in each.values]
            if said and all(map(is_size, values)):
                sizes = sorted(values, key=size_rank)
                place = sizes.index(said[0]) + away
                return [{**base, option: [_as_named(option, sizes[place])]}] if 0 <= place < len(sizes) else []
    return []


def _looked_at(item: ItemFacts) -> list[Wanted]:
    sku = item.sku()
    return [{option: [_as_named(option, value)] for option, value in sku.options.items()}] if sku else []


def _as_named(option: str, value: str) -> Named:
    """A value as if the buyer had named it."""
    return Named(option, (value,), value, 0, 0)


def _kept(mentions: list[Named], text: str) -> list[Named]:
    kept = [each for each in mentions if not _is_refused(each, text)] or mentions
    start = max((place for place, each in enumerate(kept) if _is_changed_to(each, text)), default=0)
    apart = [one for each in kept[start:] for one in each.one_by_one()]
    return list({each.values or each.written: each for each in apart}.values())


def _is_refused(mention: Named, text: str) -> bool:
    return re.match(rf"\s*(?:的|码|号)?[,\s]*(?:{'|'.join(refusing())})", text[mention.end :]) is not None


def _is_changed_to(mention: Named, text: str) -> bool:
    wanted = rf"(?:{'|'.join(changing())})(?:个|一件|一双|大码|小码|到|的|\s)*$"
    return re.search(wanted, text[: mention.start]) is not None


Variant = tuple[Named, ...]
"""One mention of every option that is named."""


def _variants(wanted: list[Wanted]) -> list[Variant]:
    return [variant for each in wanted for variant in product(*each.values())]


def _of_variants(item: ItemFacts, wanted: list[Wanted]) -> dict[str, object]:
    variants = _variants(wanted)[:_MOST]
    statuses = {_name(item, each): _status(_skus_of(item, each)) for each in variants}
    missed = next((each for each in variants if statuses[_name(item, each)] in ("out", "none")), ())
    return {
        "stock.status": "mixed" if len(set(statuses.values())) > 1 else next(iter(statuses.values())),
        "stock.sku": "、".join(statuses),
        "stock.list": _listed(statuses) if len(statuses) > 1 else None,
        "stock.others": _others(item, {value for each in missed for value in each.values}),
    }


def _skus_of(item: ItemFacts, variant: Variant) -> list[Sku]:
    """The SKUs of a variant; none where it names a value that the item does not have."""
    return [sku for sku in item.skus if all(sku.options.get(each.option) in each.values for each in variant)]


def _listed(statuses: dict[str, str]) -> str:
    return "，".join(name + _STATUS_ZH[status] for name, status in statuses.items())


def _name(item: ItemFacts, variant: Variant) -> str:
    """The variant as the shop writes it, in the shop's order of options: 黑色 L."""
    order = list(options_of(item))
    ordered = sorted(variant, key=lambda each: order.index(each.option))
    return " ".join("、".join(each.values) or each.written for each in ordered)


def _status(skus: list[Sku]) -> str:
    """Of several together: sold out only when every one of them is known to be."""
    if not skus:
        return "none"
    counts = [sku.stock for sku in skus if sku.stock is not None]
    if not any(counts) and len(counts) < len(skus):
        return "unknown"
    return _status_of(sum(counts))


def _status_of(count: int | None) -> str:
    return "unknown" if count is None else "out" if count == 0 else "low" if count <= LOW_STOCK else "in"


def _others(item: ItemFacts, missed: set[str]) -> str | None:
    """A few variants in stock instead of one with these values: the same size first, for it decides the fit."""
    there = [sku for sku in item.skus if sku.stock]
    likeness = {sku.name: sum(2 if is_size(v) else 1 for v in missed & set(sku.options.values())) for sku in there}
    most = max(likeness.values(), default=0)
    names = [name for name, alike in likeness.items() if alike == most] if most else _instead(item, there, missed)
    return "、".join(names[:_OTHERS]) or None


def _instead(item: ItemFacts, there: list[Sku], missed: set[str]) -> list[str]:
    """Other values of the one option missed (黑色 for 白色); whole variants where several options are."""
    options = {option for sku in item.skus for option, value in sku.options.items() if value in missed}
    if len(options) > 1:
        return [sku.name for sku in there]
    return list(dict.fromkeys(value for sku in there for option, value in sku.options.items() if option in options))
