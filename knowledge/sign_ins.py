"""Sign-ins of people at the pages: a random token in a cookie, of which only a hash is stored, as with keys."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete, insert, update

from knowledge.access_tables import sign_ins
from knowledge.api_keys import ApiKey
from knowledge.audit import Author, Change, put_records
from knowledge.database import Database

IDLE = timedelta(hours=12)  # somebody who comes back after this shows the key again
LOCAL_IDLE = timedelta(days=30)  # on this machine, where no key was shown that could be shown again
_SLACK = timedelta(minutes=15)  # moving the end at every request would be a write at every request
_PREFIX = "xs_"


@dataclass(frozen=True, slots=True)
class SignIn:
    """A valid sign-in; `key` None for somebody on this machine who came by the one-time link."""

    id: int
    key: ApiKey | None
    expires_at: datetime

    @property
    def idle(self) -> timedelta:
        """How long it lasts without a request."""
        return IDLE if self.key else LOCAL_IDLE

    def is_due(self) -> bool:
        """Whether its end should be moved."""
        return self.expires_at - datetime.now(UTC) < self.idle - _SLACK


class SignIns:
    """The sign-ins of one installation."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, by: Author, shop_id: str | None = None) -> str:
        """A new sign-in and its token, for the key of the author; what has expired is swept away."""
        token, now = _PREFIX + secrets.token_urlsafe(32), datetime.now(UTC)
        idle = LOCAL_IDLE if by.key_id is None else IDLE
        row = {"hash": _hash(token), "key_id": by.key_id, "created_at": now.isoformat()}
        with self._database.writing() as connection:
            connection.execute(delete(sign_ins).where(sign_ins.c.expires_at <= now.isoformat()))
            connection.execute(insert(sign_ins), row | {"expires_at": (now + idle).isoformat()})
            put_records(connection, by, [Change("session.open", by.name, shop_id)])
        return token

    def verify(self, token: str) -> SignIn | None:
        """The valid sign-in that this is the token of; None also when its key was revoked."""
        row = self._database.first_row(
            "SELECT s.id, s.expires_at, s.key_id, k.name, k.role, k.shop_id, k.created_at FROM sign_ins s "
            "LEFT JOIN api_keys k ON k.id = s.key_id "
            "WHERE s.hash = ? AND s.expires_at > ? AND k.revoked_at IS NULL",
            _hash(token),
            datetime.now(UTC).isoformat(),
        )
        if row is None:
            return None
        sign_in_id, expires_at, key_id, name, role, shop_id, made = row
        key = None if key_id is None else ApiKey(key_id, name, role, shop_id, datetime.fromisoformat(made), None)
        return SignIn(sign_in_id, key, datetime.fromisoformat(expires_at))

    def keep(self, sign_in: SignIn) -> None:
        """Move the end of a sign-in, for somebody is there."""
        ends = (datetime.now(UTC) + sign_in.idle).isoformat()
        with self._database.writing() as connection:
            connection.execute(update(sign_ins).where(sign_ins.c.id == sign_in.id).values(expires_at=ends))

    def close(self, token: str, by: Author, shop_id: str | None = None) -> None:
        """End a sign-in; nothing happens when there is none."""
        with self._database.writing() as connection:
            if connection.execute(delete(sign_ins).where(sign_ins.c.hash == _hash(token))).rowcount:
                put_records(connection, by, [Change("session.close", by.name, shop_id)])


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
