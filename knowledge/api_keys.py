"""Keys that other programs show to use the API. Only a hash is stored, so a stolen database opens no door."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Row, insert, select, update

from knowledge.database import Database
from knowledge.tables import api_keys

_PREFIX = "xk_"


@dataclass(frozen=True)
class ApiKey:
    """A key as its owner may see it; `revoked_at` is None while it is valid."""

    id: int
    name: str
    created_at: datetime
    revoked_at: datetime | None


class ApiKeys:
    """The keys of one installation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, name: str) -> str:
        """Make a key and return its secret, which cannot be shown again; raises ValueError for a blank name."""
        name = name.replace("\0", "").strip()
        if not name:
            raise ValueError("请给密钥起个名字，如“千牛插件”。")
        # 256 random bits cannot be guessed, so a fast hash is enough; passwords would need a slow one.
        secret = _PREFIX + secrets.token_urlsafe(32)
        row = {"name": name, "hash": _hash(secret), "created_at": datetime.now(UTC).isoformat()}
        with self._database.writing() as connection:
            connection.execute(insert(api_keys), row)
        return secret

    def list(self) -> list[ApiKey]:
        """Every key ever made, oldest first."""
        with self._database.reading() as connection:
            return [_key(row) for row in connection.execute(select(api_keys).order_by(api_keys.c.id))]

    def revoke(self, key_id: int) -> bool:
        """Make a key invalid from now on; False when there is no such valid key."""
        valid = update(api_keys).where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
        with self._database.writing() as connection:
            return connection.execute(valid.values(revoked_at=datetime.now(UTC).isoformat())).rowcount == 1

    def verify(self, secret: str) -> str | None:
        """The name of the valid key that this is the secret of, or None."""
        wanted = _hash(secret)
        row = self._database.first_row("SELECT name, hash FROM api_keys WHERE hash = ? AND revoked_at IS NULL", wanted)
        return str(row[0]) if row and hmac.compare_digest(row[1], wanted) else None

    def any(self) -> bool:
        """Whether a key was ever made. Revoking the last one does not open the API to everybody again."""
        return self._database.first_row("SELECT 1 FROM api_keys LIMIT 1") is not None


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _key(row: Row[tuple[object, ...]]) -> ApiKey:
    revoked = row.revoked_at and datetime.fromisoformat(row.revoked_at)
    return ApiKey(row.id, row.name, datetime.fromisoformat(row.created_at), revoked)
