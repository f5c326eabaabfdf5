"""Masking: who a text is about is made unreadable, what it is about stays: 138****0000, 浙江省杭州市****, 订单****0001.

Masked are phone numbers, addresses, numbers of orders, parcels, identity and bank cards, e-mail addresses and the names
people have in other chats. Sizes, heights, prices and dates stay. Masking a masked text changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from assistant.masking_addresses import any_of, mask_addresses
from models.data_files import read_data

_GAP = r"[ \t\u3000\-－–—‐.．·]{0,2}"  # how people part a number
_SAYS = r"[号码是为:：#\s]{0,4}"
_TAIL = 4  # digits that stay, so that two numbers can be told apart
_FEWEST = 6  # digits that make a number of an order
_KEPT = "****"

_EMAIL = re.compile(r"([A-Za-z0-9])[A-Za-z0-9._%+\-]{0,63}(@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})+)")
_CHAT_ID = re.compile(r"(?i)(?<![A-Za-z0-9])(wxid_)[A-Za-z0-9]+")
_IDENTITY = re.compile(
    rf"(?<![0-9A-Za-z])([1-9]\d\d)\d{{3}}{_GAP}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){_GAP}"
    r"(\d{3}[\dXx])(?![0-9A-Za-z])"
)
_MOBILE = re.compile(
    rf"(?<!\d)((?:\+?86{_GAP})?1[3-9]\d)"
    rf"(?:{_GAP}\d{{4}}{_GAP}(\d{{4}})|{_GAP}\d{{3}}{_GAP}\d(\d{{4}})|\d{_GAP}\d{{3}}(\d{_GAP}\d{{3}})|\d\d{_GAP}\d\d(\d{{4}}))"
    r"(?!\d)"
)
_SPELT_MOBILE = re.compile(r"(?<!\d)1(?:[ \-.·]{1,2}\d){10}(?!\d)")
_LANDLINE = re.compile(rf"(?<![\d.])[(（]?(0\d{{2,3}})[)）]?{_GAP}\d{{3,4}}{_GAP}(\d{{4}})(?:转\d{{1,6}})?(?!\d)")
_HOTLINE = re.compile(r"(?<!\d)([48]00)[-－–](?:\d{3}[-－–]\d{4}|\d{4}[-－–]\d{3})(?!\d)")
_BANK_CARD = re.compile(r"(?<!\d)([3-6]\d{3})(?:[ \-]{1,2}\d{4}){2}[ \-]{1,2}(\d{4})(?:[ \-]{1,2}\d{1,3})?(?!\d)")
_LONG_NUMBER = re.compile(r"\d{7,}")
_SPELT_NUMBER = re.compile("[零〇一二三四五六七八九幺]{7,}")


def mask(text: str) -> str:
    """The text with everything personal masked."""
    # What one rule leaves may be what another looks for; every round leaves fewer characters to mask, so this ends.
    while (masked := _once(text)) != text:
        text = masked
    return text


def mask_all(value: object) -> object:
    """A value as programs log it, with every text in it masked, and every whole number as long as a phone number."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        return {mask_all(key): mask_all(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [mask_all(each) for each in value]
    if isinstance(value, int) and abs(value) >= 10**10:
        return mask(str(value))
    return value


def _once(text: str) -> str:
    for rule in _rules():
        text = rule(text)
    return text


@cache
def _rules() -> tuple[Callable[[str], str], ...]:
    """The rules in their order: what has a form of its own before what is merely long."""
    words = read_data("assistant", "masking.yaml")
    numbered = re.compile(
        rf"({any_of(words['number_words'])}{_SAYS})"
        r"(?!\d{4}-\d{1,2}-\d{1,2}(?!\d))[A-Za-z]{0,6}\d[A-Za-z0-9\-]*(?: \d{4}(?![0-9A-Za-z]))*(?![元块])"
    )
    phoned = re.compile(rf"({any_of(words['phone_words'])}{_SAYS})\d(?:{_GAP}\d){{6,20}}")
    chatted = re.compile(rf"(?i)((?<![A-Za-z]){any_of(words['chat_words'])}{_SAYS})([A-Za-z0-9])[A-Za-z0-9_\-]{{4,19}}")
    return (
        lambda text: _EMAIL.sub(r"\1***\2", text),
        lambda text: _CHAT_ID.sub(r"\1***", text),
        lambda text: chatted.sub(r"\1\2***", text),
        lambda text: _IDENTITY.sub(rf"\1{_KEPT}\2", text),
        lambda text: _BANK_CARD.sub(_bank_card, text),
        lambda text: _MOBILE.sub(lambda found: f"{found[1]}{_KEPT}{_digits(found[0])[-_TAIL:]}", text),
        lambda text: _SPELT_MOBILE.sub(lambda found: f"{_digits(found[0])[:3]}{_KEPT}{_digits(found[0])[-4:]}", text),
        lambda text: numbered.sub(_number, text),
        lambda text: phoned.sub(lambda found: f"{found[1]}{_KEPT}{_end(found[0])}", text),
        lambda text: _LANDLINE.sub(rf"\1-{_KEPT}\2", text),
        lambda text: _HOTLINE.sub(lambda found: f"{found[1]}-{_KEPT}{_digits(found[0])[-_TAIL:]}", text),
        lambda text: _LONG_NUMBER.sub(lambda found: f"{_KEPT}{found[0][-_TAIL:]}", text),
        lambda text: _SPELT_NUMBER.sub(_KEPT, text),
        mask_addresses,
    )


def _number(found: re.Match[str]) -> str:
    """A number behind 订单 and the like; with few digits it may as well be an amount."""
    return f"{found[1]}{_KEPT}{_end(found[0])}" if len(_digits(found[0])) >= _FEWEST else found[0]


def _bank_card(found: re.Match[str]) -> str:
    """Four prices in a row look the same; the check digit tells them apart nine times in ten."""
    return f"{found[1]} {_KEPT} {found[2]}" if _has_check_digit(_digits(found[0])) else found[0]


def _has_check_digit(digits: str) -> bool:
    """Whether the last digit is the one that Luhn's formula (ISO/IEC 7812) gives for the others."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _end(text: str) -> str:
    return "".join(filter(str.isalnum, text))[-_TAIL:]
