"""The cookie that keeps a person signed in, and the token that shows that a request comes from one of our own pages."""

from __future__ import annotations

import hashlib

from fastapi import Request, Response

from assistant.service.settings import Settings
from knowledge.sign_ins import LOCAL_IDLE

COOKIE = "xiaoer_session"
CSRF_HEADER = "X-CSRF-Token"


def token_of(request: Request) -> str | None:
    """The token of the sign-in that a browser shows; whether it is valid is for `SignIns.verify` to say."""
    return request.cookies.get(COOKIE) or None


def csrf_of(token: str) -> str:
    """What pages send in `X-CSRF-Token`: derived from the cookie, which pages of other sites cannot read."""
    return hashlib.sha256(b"csrf:" + token.encode("utf-8", "surrogatepass")).hexdigest()


def set_cookie(response: Response, token: str, request: Request, settings: Settings) -> None:
    """Hand the token to the browser. How long it is valid is decided here, not there."""
    _put(response, token, int(LOCAL_IDLE.total_seconds()), request, settings)


def clear_cookie(response: Response, request: Request, settings: Settings) -> None:
    """Take the token from the browser."""
    _put(response, "", 0, request, settings)


def _put(response: Response, token: str, seconds: int, request: Request, settings: Settings) -> None:
    # Written by hand: Starlette writes Partitioned only from Python 3.14 on.
    response.headers.append(
        "Set-Cookie", f"{COOKIE}={token}; Max-Age={seconds}; Path=/; HttpOnly; {_scope(request, settings)}"
    )


def _scope(request: Request, settings: Settings) -> str:
    if request.url.scheme != "https":
        return "SameSite=Lax"
    # Inside a frame of another site only such a cookie is sent, and only to that pair of sites.
    return "SameSite=None; Secure; Partitioned" if settings.embed_origins else "SameSite=Lax; Secure"
