"""Who may call: anyone on this machine while no key exists; with a key or signed in everywhere else, always."""

from __future__ import annotations

import hmac
import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from anyio.to_thread import run_sync
from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.service.access import LOCAL_ADMIN, Principal
from assistant.service.cookies import CSRF_HEADER, csrf_of, token_of
from assistant.service.errors import Forbidden, ForeignOrigin, TooManyRequests, Unauthorised, refuse
from assistant.service.rate_limit import RateLimits
from knowledge.api_keys import ApiKey
from knowledge.errors import KnowledgeError
from knowledge.sign_ins import SignIn
from knowledge.store import Store

GUARDED = ("/v1/", "/metrics")  # liveness and readiness tell nothing that needs a key; pages hold no data
SIGN_IN = ("POST", "/v1/session")  # who signs in has no other way in yet; the route looks at the key itself
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine only."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client else "unknown"


@dataclass(frozen=True, slots=True)
class Admission:
    """Who was let in, and the sign-in by which, if it was one."""

    principal: Principal
    sign_in: SignIn | None = None


class Guard:
    """Lets a request through or raises Unauthorised, Forbidden or ForeignOrigin."""

    def __init__(self, store: Store, bound_to: str) -> None:
        self._keys, self._sign_ins = store.api_keys, store.sign_ins
        self._local = is_loopback(bound_to)

    def __call__(self, request: Request) -> Admission:
        """Who sends a request; a key that is sent must be valid even where none is asked for."""
        secret = _secret(request)
        if secret is not None:
            return Admission(self._holder(secret))
        require_own_page(request)
        token = token_of(request)
        sign_in = self._sign_ins.verify(token) if token else None
        # Whoever came by the one-time link sat at this machine; that says nothing about callers from elsewhere.
        if token and sign_in and (sign_in.key or self._local):
            _require_csrf(request, token)
            return Admission(principal_with(sign_in.key) if sign_in.key else LOCAL_ADMIN, sign_in)
        if not self._local or self._keys.any():
            raise Unauthorised(
                "请在请求头里带上 Authorization: Bearer <API 密钥>；用 xiaoer keys create 名称 生成密钥。"
                "在网页上请先到 /sign-in 登录。"
            )
        _require_local(request)
        return Admission(LOCAL_ADMIN)

    def keep(self, sign_in: SignIn) -> None:
        """Move the end of a sign-in that is used."""
        self._sign_ins.keep(sign_in)

    def _holder(self, secret: str) -> Principal:
        key = self._keys.verify(secret)
        if key is None:
            raise Unauthorised("API 密钥无效或已停用，请向管理员要一个新的（xiaoer keys create 名称）。")
        return principal_with(key)


def principal_with(key: ApiKey) -> Principal:
    """Who holds a key."""
    return Principal(key.name, key.role, key.shop_id, key.id)


class KeyCheck:
    """ASGI middleware: asks `Guard` before anything of a guarded request is read, and counts what is let in."""

    def __init__(self, app: ASGIApp, guard: Guard, limits: RateLimits) -> None:
        self.app = app
        self.guard = guard
        self.limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 401, 403 or 429, or pass the request on."""
        if scope["type"] == "http" and scope["path"].startswith(GUARDED):
            try:
                await self._admit(Request(scope))
            except (Unauthorised, Forbidden, ForeignOrigin, TooManyRequests, KnowledgeError) as error:
                return await refuse(error)(scope, receive, send)
        return await self.app(scope, receive, send)

    async def _admit(self, request: Request) -> None:
        if (request.method, request.scope["path"]) == SIGN_IN:
            return require_own_page(request)
        try:
            admission = self.guard(request)
        except Unauthorised:
            self.limits.count_stranger(address_of(request))
            raise
        self.limits.count(admission.principal)
        request.scope.setdefault("state", {})["principal"] = admission.principal
        if admission.sign_in and admission.sign_in.is_due():
            await run_sync(self.guard.keep, admission.sign_in)


def require_own_page(request: Request) -> None:
    """Refuse what a page of another site has the browser send; browsers say so themselves."""
    if request.method not in _SAFE and request.headers.get("sec-fetch-site") == "cross-site":
        raise ForeignOrigin("这个请求是别的网站的页面发来的，已拒绝；请从小二自己的页面操作，或用 API 密钥调用接口。")


def _secret(request: Request) -> str | None:
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    return secret.strip() if scheme.lower() == "bearer" else request.headers.get("x-api-key")


def _require_csrf(request: Request, token: str) -> None:
    sent = request.headers.get(CSRF_HEADER, "").encode("utf-8", "replace")
    if request.method not in _SAFE and not hmac.compare_digest(sent, csrf_of(token).encode()):
        raise Forbidden(f"缺少或不对的请求头 {CSRF_HEADER}：请刷新页面后再试；程序调用接口请用 API 密钥。")


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
