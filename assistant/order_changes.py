"""Order changes: what the buyer wants changed or noted (variant, address, delivery, invoice), quoted for a note."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from assistant.option_words import sizes_away
from assistant.stock_facts import named_skus
from knowledge.catalogue import ItemFacts, Sku
from knowledge.conditions import Facts
from models.data_files import read_data
from models.text import normalise

_CLAUSE = re.compile(r"[，,。；;！!？?\n]+")
_PHONE = re.compile(
    r"(?<![\d*])(1[3-9][\d*](?:[\s-]?[\d*]{4}){2}|0\d{2,3}-\d{7,8}(?:-\d{1,5})?)(?![\d*])", re.ASCII
)  # masked ones too: 138****0000
_CONTACT_ZH = {"address": "地址", "receiver": "收件人", "phone": "电话"}
_NAME = re.compile(r"^[\u4e00-\u9fff][\u4e00-\u9fff*]{1,3}$")


def read_changes(turn: str, item: ItemFacts | None, facts: Facts) -> dict[str, str]:
    """What the turn wants changed, in words for a note (`sku.change` 蓝色 M→黑色 L, `delivery.wish` …).

    Nothing is in it that the turn does not say.
    `turn` is the buyer's text as written, `facts` hold the order as it is now.
    """
    contact = _contact(turn)
    found = {
        "sku.change": _sku_change(normalise(turn), item),
        **contact,
        "contact.change": "；".join(_contact_changes(contact, facts)),
        "delivery.wish": _clauses_with(turn, "delivery"),
        "gift.wish": _clauses_with(turn, "gift"),
        "remark.text": _remark(turn),
        "invoice.title": _invoice_title(turn),
        "invoice.tax_no": _tax_number(turn),
    }
    return {name: value for name, value in found.items() if value}


def change_facts(turn: str, item: ItemFacts | None) -> dict[str, object]:
    """Facts under `change.`: what the turn gives already for a change; a contact by its kinds (地址和电话).

    The variant wanted is left to the facts of stock where it is the next size of the one known (换大一码).
    """
    given = _contact(turn)
    kinds = [zh for name, zh in _CONTACT_ZH.items() if f"new.{name}" in given]
    contact = "和".join(filter(None, ("、".join(kinds[:-1]), *kinds[-1:])))
    text = normalise(turn)
    is_told_by_stock = item is not None and sizes_away(text)
    new = None if is_told_by_stock else _new_variant(text, item, item.sku() if item else None)
    return {"change.contact": contact or None, "change.sku": new}


def _sku_change(text: str, item: ItemFacts | None) -> str | None:
    """蓝色 M→黑色 L; without the old variant 改为 黑色 L; None when the text names no new one."""
    named_old = _after(text, "old_sku", item) or _before(text, item)
    old = (item.sku() if item else None) or (named_old[0] if len(named_old) == 1 else None)
    new = _new_variant(text, item, old)
    if not new:
        return None
    before = old.name if old else _shared_name(named_old)
    return f"{before}→{new}" if before and before != new else f"改为 {new}"


def _new_variant(text: str, item: ItemFacts | None, old: Sku | None) -> str | None:
    """The variant asked for: its options over those of the old one where the shop has that, else as the buyer says."""
    if named := _after(text, "new_sku", item):
        shared = _shared(named)
        whole = {**old.options, **shared} if old else shared
        exists = item is not None and any(sku.options == whole for sku in item.skus)
        return " ".join((whole if exists else shared).values()) or None
    word = f"(?:{_table()['sku_words']})"
    said = re.search(rf"(?:{_any('new_sku')})[^,，。\s]{{0,4}}?({word}(?:\s?{word})*)", text)
    return said.group(1).upper() if said and not re.search(_table()["not_a_sku"], said.group(1)) else None


def _after(text: str, rule: str, item: ItemFacts | None) -> list[Sku]:
    """The variants named behind the last such phrase that names any, up to the next phrase of the other kind."""
    if item is None:
        return []
    other = _any("old_sku" if rule == "new_sku" else "new_sku")
    for start in reversed([match.end() for match in re.finditer(_any(rule), text)]):
        if named := named_skus(item, re.split(other, text[start:], maxsplit=1)[0]):
            return named
    return []


def _before(text: str, item: ItemFacts | None) -> list[Sku]:
    """The variants named ahead of the first phrase for a new one: 黑色M换成黑色L."""
    start = re.search(_any("new_sku"), text)
    return named_skus(item, text[: start.start()]) if item and start else []


def _shared(skus: list[Sku]) -> dict[str, str]:
    options = skus[0].options.items()
    return {name: value for name, value in options if all(sku.options.get(name) == value for sku in skus)}


def _shared_name(skus: list[Sku]) -> str:
    return " ".join(_shared(skus).values()) if skus else ""


def _contact(turn: str) -> dict[str, str]:
    """A new address, telephone and receiver as the buyer gives them."""
    phone = _PHONE.search(turn)
    rest = turn.replace(phone.group(), " ") if phone else turn
    receiver = _receiver(rest, beside_a_phone=phone is not None)
    if receiver:
        rest = rest.replace(receiver, " ")
    found = {"new.address": _address(rest), "new.phone": phone and phone.group(), "new.receiver": receiver}
    return {name: value for name, value in found.items() if value}


def _contact_changes(contact: Facts, facts: Facts) -> Iterator[str]:
    for name, zh in (("address", "地址"), ("phone", "电话"), ("receiver", "收件人")):
        new, old = contact.get(f"new.{name}"), facts.get(f"order.receiver.{name.replace('receiver', 'name')}")
        if new:
            yield f"{zh} {old}→{new}" if old and old != new else f"{zh}改为 {new}"


def _receiver(text: str, *, beside_a_phone: bool) -> str | None:
    """The name after 收件人, or the short word that stands alone beside a telephone."""
    if said := re.search(_table()["receiver"], text):
        return said.group(1) if not _no_name(said.group(1)) else None
    words = re.split(r"[\s，,。；;：:、]+", text) if beside_a_phone else []
    return next((word for word in words if _NAME.match(word) and not _no_name(word) and not _marks(word)), None)


def _no_name(word: str) -> bool:
    return any(each in word for each in _table()["not_a_name"])


def _address(text: str) -> str | None:
    """The clauses that read like an address, without what leads up to them (改到…)."""
    clauses = [" ".join(clause.split()) for clause in _CLAUSE.split(text)]
    told = [re.sub(f"^{_table()['address_lead']}", "", clause) for clause in clauses if _reads_like_an_address(clause)]
    return " ".join(filter(None, (_bare(each).strip("：: ") for each in told))) or None


def _reads_like_an_address(clause: str) -> bool:
    marks = 0 if clause.endswith(("吗", "么", "呢")) else _marks(clause)
    return (marks >= 2 and len(clause) >= 6) or (marks >= 1 and re.search(_table()["door_number"], clause) is not None)


def _marks(text: str) -> int:
    return len(re.findall(_table()["address_marks"], text))


def _clauses_with(turn: str, rule: str) -> str:
    """The clauses that say one of the rule's phrases, without the courtesies around them."""
    clauses = [clause for clause in _CLAUSE.split(turn) if re.search(_any(rule), normalise(clause))]
    return "；".join(dict.fromkeys(filter(None, map(_bare, clauses))))


def _remark(turn: str) -> str | None:
    """What stands after 备注."""
    text = " ".join(turn.split())
    match = re.search(_table()["remark"], text)
    told = _bare(text[match.end() :].strip("，,。！! ")) if match else ""
    return told if len(told) >= 2 else None


def _invoice_title(turn: str) -> str | None:
    match = re.search(_table()["invoice_title"], turn, re.IGNORECASE)
    title = re.sub(_table()["invoice_noise"], "", _bare(match.group(1) or match.group(2))) if match else ""
    asks = match and match.group(1) and any(word in title for word in _table()["not_a_title"])
    if len(title) >= 2 and not asks:
        return title
    return "个人" if "个人" in turn and re.search("抬头|发票", turn) else None


def _tax_number(turn: str) -> str | None:
    match = re.search(_table()["tax_number"], turn, re.IGNORECASE)
    return match.group(1).upper() if match else None


def _bare(clause: str) -> str:
    clause = re.sub(_table()["polite_start"], "", clause.strip(" ~～.…"))
    return re.sub(_table()["polite_end"], "", clause.strip(" ~～.…")).strip()


@cache
def _any(rule: str) -> str:
    return "|".join(f"(?:{pattern})" for pattern in _table()[rule])


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = read_data("assistant", "order_changes.yaml")
    return table
