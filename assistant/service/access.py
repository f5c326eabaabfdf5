"""Who may do what: roles, their permissions, and the one way in which a route asks for one.

Every route names its permission: `principal: Annotated[Principal, allow("knowledge.write")]`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from fastapi import Depends, Request

from assistant.service.errors import Forbidden
from knowledge.api_keys import Role
from knowledge.audit import Author

Permission = Literal["suggest", "knowledge.read", "knowledge.write", "evaluate", "insight", "admin"]

_AGENT: frozenset[Permission] = frozenset({"suggest", "knowledge.read"})
PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    "agent": _AGENT,
    "editor": _AGENT | {"knowledge.write"},
    "evaluator": _AGENT | {"evaluate", "insight"},
    "admin": _AGENT | {"knowledge.write", "evaluate", "insight", "admin"},
}
ROLE_ZH: Mapping[Role, str] = {"agent": "客服", "editor": "知识编辑", "evaluator": "质检", "admin": "管理员"}
PERMISSION_ZH: Mapping[Permission, str] = {
    "suggest": "看建议", "knowledge.read": "看知识", "knowledge.write": "改知识", "evaluate": "做测评",
    "insight": "看洞察", "admin": "管理密钥、店铺和设置",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. `shop_id` None: every shop. `key_id` None: somebody on this machine while no key exists."""

    name: str
    role: Role
    shop_id: str | None = None
    key_id: int | None = None

    @property
    def author(self) -> Author:
        """Who the audit log names for a change."""
        return Author(self.name, self.role, self.key_id)

    def may(self, permission: Permission) -> bool:
        """Whether the role allows it."""
        return permission in PERMISSIONS[self.role]

    def require(self, permission: Permission) -> None:
        """Raise Forbidden unless the role allows it."""
        if not self.may(permission):
            able = "、".join(ROLE_ZH[role] for role, held in PERMISSIONS.items() if permission in held)
            raise Forbidden(f"{ROLE_ZH[self.role]}的密钥不能{PERMISSION_ZH[permission]}，请换用{able}的密钥。")

    def shop(self, requested: str | None, default: str) -> str:
        """The shop a request is about: the one it names, else one's own, else the default.

        Raises Forbidden when the request names another shop than one's own.
        """
        if self.shop_id is None:
            return requested or default
        if requested and requested != self.shop_id:
            raise Forbidden(f"您的密钥只能用于店铺 {self.shop_id}，不能看或改店铺 {requested} 的内容。")
        return self.shop_id

    def shops(self, requested: str | None) -> str | None:
        """The shop that a list is limited to, None for all of them; raises Forbidden as `shop` does."""
        return self.shop(requested, "") or None

    def sees(self, shop_id: str | None) -> bool:
        """Whether an object of that shop (None: shared by all) may be read; others are told to be absent."""
        return shop_id is None or self.shop_id in (None, shop_id)

    def require_writable(self, shop_id: str | None) -> None:
        """Raise Forbidden unless an object of that shop may be written; what all shops share only a general admin."""
        if shop_id is None and not (self.role == "admin" and self.shop_id is None):
            raise Forbidden("各店共用的知识只有不限店铺的管理员能改；请指定自己的店铺另建一条。")
        if shop_id is not None and not self.sees(shop_id):
            raise Forbidden(f"您的密钥只能改店铺 {self.shop_id} 的知识，不能改店铺 {shop_id} 的。")


LOCAL_ADMIN = Principal("本机", "admin")


def principal_of(request: Request) -> Principal:
    """Who was let in by `security.KeyCheck`."""
    principal: Principal = request.scope["state"]["principal"]
    return principal


def require(permission: Permission) -> Callable[[Request], Principal]:
    """A dependency that lets only those in who hold the permission; Forbidden for others."""

    def check(request: Request) -> Principal:
        principal = principal_of(request)
        principal.require(permission)
        return principal

    check.permission = permission  # type: ignore[attr-defined]  # read by the test of every route and role
    return check


def allow(permission: Permission) -> Any:
    """`Depends` on the permission, for a route's signature or its list of dependencies."""
    return Depends(require(permission))
