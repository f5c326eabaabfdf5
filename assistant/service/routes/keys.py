"""API keys: made with a role and a shop, shown once, revoked for good."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field, field_validator, model_validator

from assistant.request import without_surrogates
from assistant.service.access import ROLE_ZH, Principal, allow
from assistant.service.deps import PartsDep, StoreDep
from assistant.service.errors import Forbidden
from assistant.service.routes.session import stay_signed_in
from knowledge.api_keys import ApiKey, Role
from knowledge.errors import KeyNotFound

router = APIRouter(prefix="/v1/keys", tags=["keys"])
Admin = Annotated[Principal, allow("admin")]


class KeyDraft(BaseModel):
    """A key to be made; `shop_id` null: for every shop."""

    name: str = Field(max_length=100, description="给谁用的，例如 侧边栏插件")
    role: Role
    shop_id: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _no_half_characters(cls, value: Any) -> object:
        return without_surrogates(value)

    @field_validator("name")
    @classmethod
    def _is_a_name(cls, name: str) -> str:
        name = name.replace("\0", "").strip()
        if not name:
            raise ValueError("请给密钥起个名字，如“千牛插件”")
        return name


class KeyView(BaseModel):
    """A key as admins see it: everything but its secret."""

    id: int
    name: str
    role: Role
    role_zh: str
    shop_id: str | None
    created_at: datetime
    revoked_at: datetime | None


class NewKey(KeyView):
    """A key with its secret, which is shown this once."""

    secret: str


class KeyList(BaseModel):
    """Every key ever made, oldest first."""

    keys: list[KeyView]


@router.get("")
def list_keys(who: Admin, store: StoreDep) -> KeyList:
    """The keys, without their secrets; a shop's admin sees those of the shop."""
    return KeyList(keys=[KeyView(**_fields(key)) for key in store.api_keys.list() if _governs(who, key)])


@router.post("", status_code=201)
def create_key(draft: KeyDraft, who: Admin, parts: PartsDep, request: Request, response: Response) -> NewKey:
    """Make a key. A shop's admin makes keys of that shop only."""
    if who.shop_id is not None and draft.shop_id != who.shop_id:
        raise Forbidden(f"您的密钥只能为店铺 {who.shop_id} 建密钥，请把店铺选成它。")
    keys = parts.store.api_keys
    if who.key_id is None:
        stay_signed_in(parts, request, response)
    secret = keys.create(draft.name, draft.role, draft.shop_id, who.author)
    key = keys.verify(secret)
    if key is None:
        raise KeyNotFound(draft.name)  # revoked by somebody else in this very moment
    return NewKey(secret=secret, **_fields(key))


@router.delete("/{key_id}", status_code=204)
def revoke_key(key_id: Annotated[int, Path(ge=1, le=2**31 - 1)], who: Admin, store: StoreDep) -> None:
    """Revoke a key and the sign-ins made with it, at once."""
    seen = {key.id for key in store.api_keys.list() if _governs(who, key)}
    if key_id not in seen or not store.api_keys.revoke(key_id, who.author):
        raise KeyNotFound(str(key_id))


def _governs(who: Principal, key: ApiKey) -> bool:
    """A key for every shop is none of a shop's admin's business."""
    return who.shop_id in (None, key.shop_id)


def _fields(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.id, "name": key.name, "role": key.role, "role_zh": ROLE_ZH[key.role], "shop_id": key.shop_id,
        "created_at": key.created_at, "revoked_at": key.revoked_at,
    }  # fmt: skip
