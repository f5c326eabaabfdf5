"""Who may call: anyone on this machine while no key exists; with a key everywhere else, always."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.service.errors import ForeignOrigin, Unauthorised, problem_of, respond
from knowledge.api_keys import ApiKeys

GUARDED = ("/v1/", "/metrics")  # liveness and readiness tell nothing that needs a key; pages hold no data


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Guard:
    """Lets a request through or raises Unauthorised or ForeignOrigin."""

    def __init__(self, keys: ApiKeys, bound_to: str) -> None:
        self._keys = keys
        self._local = is_loopback(bound_to)

    def __call__(self, request: Request) -> None:
        """Check one request; a key that is sent must be valid even where none is asked for."""
        secret = _secret(request)
        if secret is not None:
            if self._keys.verify(secret) is None:
                raise Unauthorised("API 密钥无效或已停用，请向管理员要一个新的（xiaoer keys create 名称）。")
        elif not self._local or self._keys.any():
            raise Unauthorised(
                "请在请求头里带上 Authorization: Bearer <API 密钥>；用 xiaoer keys create 名称 生成密钥。"
            )
        else:
            _require_local(request)


class KeyCheck:
    """ASGI middleware: asks `Guard` before anything of a guarded request is read."""

    def __init__(self, app: ASGIApp, guard: Guard) -> None:
        self.app = app
        self.guard = guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401 or 403, or pass the request on."""
        if scope["type"] == "http" and scope["path"].startswith(GUARDED):
            try:
                self.guard(Request(scope))
            except (Unauthorised, ForeignOrigin) as error:
                return await respond(problem_of(error))(scope, receive, send)
        return await self.app(scope, receive, send)


def _secret(request: Request) -> str | None:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else request.headers.get("x-api-key")


def _host_of(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # a malformed address is nobody's
        return ""


def _require_local(request: Request) -> None:
    """Without keys, a page from elsewhere must not reach us through the browser (DNS rebinding, cross-site posts)."""
    origin = request.headers.get("origin")
    named = [f"//{request.headers.get('host', '')}", *([origin] if origin else [])]
    if not all(is_loopback(_host_of(url)) for url in named):
        raise ForeignOrigin("未设密钥时只接受本机页面的请求；从别处访问请先用 xiaoer keys create 名称 生成密钥。")
