"""Signing in at the pages: a key or the one-time link in, a cookie out; and who one is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from assistant.service.access import LOCAL_ADMIN, PERMISSIONS, ROLE_ZH, Permission, Principal, allow
from assistant.service.cookies import clear_cookie, csrf_of, set_cookie, token_of
from assistant.service.deps import PartsDep
from assistant.service.errors import Unauthorised
from assistant.service.one_time_link import PATH, OneTimeLink
from assistant.service.pages import pages_of
from assistant.service.rate_limit import RateLimits
from assistant.service.security import address_of, principal_with
from assistant.service.wiring import Parts
from knowledge.api_keys import Role

router = APIRouter(tags=["session"])
Anyone = Annotated[Principal, allow("suggest")]


class Credentials(BaseModel):
    """What one signs in with."""

    key: str = Field(min_length=1, max_length=200)


class PageName(BaseModel):
    """A page that one may use."""

    path: str
    title: str


class ShopName(BaseModel):
    """A shop by its id and by the name that its settings give it, else its id."""

    shop_id: str
    name: str


class Session(BaseModel):
    """Who one is and what one may do. `csrf` goes into X-CSRF-Token of every change made from a page."""

    name: str
    role: Role
    role_zh: str
    shop_id: str | None
    permissions: list[Permission]
    csrf: str | None
    pages: list[PageName]
    shops: list[ShopName]
    embed_origins: list[str] = Field(description="Whose pages may show the sidebar and speak with it")


@router.get("/v1/session")
def read_session(who: Anyone, parts: PartsDep, request: Request) -> Session:
    """Who asks, by key or by cookie."""
    token = token_of(request)
    return _session(who, parts, token if token and parts.store.sign_ins.verify(token) else None)


@router.post("/v1/session", status_code=201)
def sign_in(credentials: Credentials, parts: PartsDep, request: Request, response: Response) -> Session:
    """Sign in with an API key; the answer sets an HttpOnly cookie. 429 after ten failures in a minute."""
    limits: RateLimits = request.app.state.limits
    limits.require_sign_in(address_of(request))
    key = parts.store.api_keys.verify(credentials.key.strip())
    if key is None:
        limits.count_failed_sign_in(address_of(request))
        raise Unauthorised("密钥不对，或已停用。请检查有没有复制完整，或向管理员要一个新的。")
    who = principal_with(key)
    return _session(who, parts, _open(who, parts, request, response))


@router.delete("/v1/session", status_code=204)
def sign_out(who: Anyone, parts: PartsDep, request: Request, response: Response) -> None:
    """End the sign-in of the cookie that is sent, if any."""
    if token := token_of(request):
        parts.store.sign_ins.close(token, who.author, who.shop_id)
    clear_cookie(response, request, parts.settings)


@router.get(PATH, include_in_schema=False)
def open_by_link(token: str, parts: PartsDep, request: Request) -> Response:
    """The one-time link that `xiaoer serve` prints on a first start."""
    link: OneTimeLink | None = request.app.state.one_time_link
    if link is None or not link.use(token):
        return RedirectResponse("/sign-in?link=used", 303)
    response = RedirectResponse("/", 303)
    _open(LOCAL_ADMIN, parts, request, response)
    return response


def stay_signed_in(parts: Parts, request: Request, response: Response) -> None:
    """Sign in whoever needs no key yet and is about to make the first one, so that it does not lock the maker out."""
    if token_of(request) is None or not parts.store.sign_ins.verify(str(token_of(request))):
        _open(LOCAL_ADMIN, parts, request, response)


def _open(who: Principal, parts: Parts, request: Request, response: Response) -> str:
    sign_ins = parts.store.sign_ins
    if old := token_of(request):
        sign_ins.close(old, who.author, who.shop_id)
    token = sign_ins.open(who.author, who.shop_id)
    set_cookie(response, token, request, parts.settings)
    return token


def _session(who: Principal, parts: Parts, token: str | None) -> Session:
    return Session(
        name=who.name,
        role=who.role,
        role_zh=ROLE_ZH[who.role],
        shop_id=who.shop_id,
        permissions=sorted(PERMISSIONS[who.role]),
        csrf=csrf_of(token) if token else None,
        pages=[PageName(path=page.path, title=page.title) for page in pages_of(who)],
        shops=_shops(who, parts),
        embed_origins=list(parts.settings.embed_origins),
    )


def _shops(who: Principal, parts: Parts) -> list[ShopName]:
    policies = parts.base.snapshot().policies
    seen = sorted(policies) if who.shop_id is None else [who.shop_id]
    return [ShopName(shop_id=shop, name=(shop in policies and policies[shop].name) or shop) for shop in seen]
