"""Keys that other programs show to use the API. Only a hash is stored, so a stolen database opens no door."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from sqlalchemy import Row, insert, select, update

from knowledge.audit import COMMAND_LINE, Author, Change, put_records
from knowledge.database import Database
from knowledge.errors import ShopUnknown
from knowledge.shop_store import shop_ids
from knowledge.storable import require_storable
from knowledge.tables import api_keys

_PREFIX = "xk_"
Role = Literal["agent", "editor", "evaluator", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True)
class ApiKey:
    """A key as its owner may see it; `shop_id` None is for every shop, `revoked_at` None while it is valid."""

    id: int
    name: str
    role: Role
    shop_id: str | None
    created_at: datetime
    revoked_at: datetime | None


class ApiKeys:
    """The keys of one installation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str, role: Role = "admin", shop_id: str | None = None, by: Author = COMMAND_LINE) -> str:
        """Make a key and return its secret, which cannot be shown again.

        Raises ValueError for a blank name, ShopUnknown for a shop that does not exist, EntryInvalid for a name that
        no database can hold.
        """
        name = name.replace("\0", "").strip()
        if not name:
            raise ValueError("请给密钥起个名字，如“千牛插件”。")
        require_storable({"name": name, "shop_id": shop_id})
        # 256 random bits cannot be guessed, so a fast hash is enough; passwords would need a slow one.
        secret = _PREFIX + secrets.token_urlsafe(32)
        row = {"name": name, "hash": _hash(secret), "role": role, "shop_id": shop_id}
        row["created_at"] = datetime.now(UTC).isoformat()
        with self._database.writing() as connection:
            if shop_id is not None and shop_id not in shop_ids(connection):
                raise ShopUnknown(shop_id)
            (key_id,) = connection.execute(insert(api_keys).values(row)).inserted_primary_key or (None,)
            put_records(connection, by, [Change("key.create", str(key_id), shop_id, after=_told(row))])
        return secret

    def list(self) -> list[ApiKey]:
        """Every key ever made, oldest first."""
        with self._database.reading() as connection:
            return [_key(row) for row in connection.execute(select(api_keys).order_by(api_keys.c.id))]

    def revoke(self, key_id: int, by: Author = COMMAND_LINE) -> bool:
        """Make a key and its sign-ins invalid from now on; False when there is no such valid key."""
        valid = (api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
        with self._database.writing() as connection:
            row = connection.execute(select(api_keys).where(*valid).with_for_update()).mappings().one_or_none()
            if row is None:
                return False
            now = datetime.now(UTC).isoformat()
            connection.execute(update(api_keys).where(*valid).values(revoked_at=now))
            put_records(connection, by, [Change("key.revoke", str(key_id), row["shop_id"], before=_told(dict(row)))])
        return True

    def verify(self, secret: str) -> ApiKey | None:
        """The valid key that this is the secret of, or None."""
        wanted = _hash(secret)
        row = self._database.first_row(
            "SELECT id, name, role, shop_id, created_at, hash FROM api_keys WHERE hash = ? AND revoked_at IS NULL",
            wanted,
        )
        if row is None or not hmac.compare_digest(row[5], wanted):
            return None
        return ApiKey(row[0], row[1], row[2], row[3], datetime.fromisoformat(row[4]), None)

    def any(self) -> bool:
        """Whether a key was ever made. Revoking the last one does not open the API to everybody again."""
        return self._database.first_row("SELECT 1 FROM api_keys LIMIT 1") is not None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """What the audit log keeps of a key."""
    return {name: row[name] for name in ("name", "role", "shop_id")}


def _key(row: Row[tuple[object, ...]]) -> ApiKey:
    revoked = row.revoked_at and datetime.fromisoformat(row.revoked_at)
    return ApiKey(row.id, row.name, row.role, row.shop_id, datetime.fromisoformat(row.created_at), revoked)
