"""Answers that a browser saves as a file."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import Response


def as_file(content: bytes, media_type: str, name: str) -> Response:
    """The content under a name, which may be Chinese (RFC 6266)."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return Response(content, media_type=media_type, headers=headers)
