"""Optimistic locking on the wire: the version that somebody edited, in `If-Match` and `ETag`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header

from knowledge.errors import EntryInvalid, Problem

IfMatch = Annotated[str | None, Header(description='The version that was edited, as the ETag of GET: "3"')]


def matched_version(if_match: str | None) -> int | None:
    """The version in the header; None where any will do. Raises EntryInvalid for what is no version."""
    if if_match is None or if_match.strip() == "*":
        return None
    number = if_match.strip().removeprefix("W/").strip('"')
    if not number.isdecimal() or len(number) > 9:
        raise EntryInvalid([Problem("If-Match", f"{if_match} 不是版本号", '写成读取时 ETag 的样子，例如 "3"')])
    return int(number)


def etag(version: int) -> str:
    """The version as an ETag."""
    return f'"{version}"'
