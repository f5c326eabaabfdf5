"""Sign-ins: a token works until it is idle too long, closed, or its key revoked; only its hash is stored."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from knowledge.audit import Author
from knowledge.sign_ins import IDLE, LOCAL_IDLE, SignIn
from knowledge.store import Store

LOCAL = Author("本机", "admin")


@pytest.fixture
def agent(store: Store) -> Author:
    store.api_keys.create("小王", "agent")
    return Author("小王", "agent", 1)


def verified(store: Store, token: str) -> SignIn:
    sign_in = store.sign_ins.verify(token)
    assert sign_in is not None
    return sign_in


def idle_for(url: str, time: timedelta) -> None:
    """Let every sign-in have been idle for so long."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for sign_in_id, expires_at in connection.execute(text("SELECT id, expires_at FROM sign_ins")).all():
            values = {"id": sign_in_id, "at": (datetime.fromisoformat(expires_at) - time).isoformat()}
            connection.execute(text("UPDATE sign_ins SET expires_at = :at WHERE id = :id"), values)
    engine.dispose()


def test_a_token_stands_for_its_key(store: Store, agent: Author) -> None:
    key = verified(store, store.sign_ins.open(agent)).key
    assert key is not None
    assert (key.id, key.name, key.role, key.shop_id) == (1, "小王", "agent", None)


def test_somebody_at_this_machine_has_no_key_and_stays_longer(store: Store) -> None:
    sign_in = verified(store, store.sign_ins.open(LOCAL))
    assert sign_in.key is None
    assert abs(sign_in.expires_at - datetime.now(UTC) - LOCAL_IDLE) < timedelta(minutes=1)


@pytest.mark.parametrize("wrong", ["", "xs_", "错的", "a\0b", "\ud800", "x" * 100_000])
def test_a_wrong_token_is_nobody(store: Store, agent: Author, wrong: str) -> None:
    store.sign_ins.open(agent)
    assert store.sign_ins.verify(wrong) is None


def test_neither_a_key_is_a_token_nor_a_token_a_key(store: Store) -> None:
    secret = store.api_keys.create("小王", "agent")
    token = store.sign_ins.open(Author("小王", "agent", 1))
    assert store.sign_ins.verify(secret) is None
    assert store.api_keys.verify(token) is None


def test_it_ends_with_its_key_and_only_with_its_own(store: Store, agent: Author) -> None:
    store.api_keys.create("小李", "agent")
    mine, others, local = (store.sign_ins.open(by) for by in (agent, Author("小李", "agent", 2), LOCAL))
    store.api_keys.revoke(1)
    assert store.sign_ins.verify(mine) is None
    assert store.sign_ins.verify(others)
    assert store.sign_ins.verify(local)


def test_it_ends_when_it_is_closed(store: Store, agent: Author) -> None:
    closed, kept = store.sign_ins.open(agent), store.sign_ins.open(agent)
    store.sign_ins.close(closed, agent)
    store.sign_ins.close(closed, agent)
    assert store.sign_ins.verify(closed) is None
    assert store.sign_ins.verify(kept)


def test_it_ends_after_twelve_hours_without_a_request(store: Store, agent: Author, url: str) -> None:
    token = store.sign_ins.open(agent)
    idle_for(url, IDLE - timedelta(minutes=5))
    assert verified(store, token).is_due()
    idle_for(url, timedelta(minutes=6))
    assert store.sign_ins.verify(token) is None


def test_who_keeps_working_stays_signed_in(store: Store, agent: Author, url: str) -> None:
    token = store.sign_ins.open(agent)
    assert not verified(store, token).is_due(), "a write at every request would be too much"
    for _ in range(3):
        idle_for(url, IDLE - timedelta(minutes=5))
        store.sign_ins.keep(verified(store, token))
    assert not verified(store, token).is_due()


def test_what_has_expired_is_swept_away_by_the_next_sign_in(store: Store, agent: Author, url: str) -> None:
    store.sign_ins.open(agent)
    idle_for(url, IDLE)
    store.sign_ins.open(agent)
    engine = create_engine(url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM sign_ins")).scalar_one() == 1
    engine.dispose()


def test_signing_in_and_out_is_in_the_log(store: Store, agent: Author) -> None:
    token = store.sign_ins.open(agent, "demo")
    store.sign_ins.close(token, agent, "demo")
    closed, opened = store.audit.page(action="session")
    assert [(one.action, one.who, one.shop_id) for one in (opened, closed)] == [
        ("session.open", "小王", "demo"),
        ("session.close", "小王", "demo"),
    ]


def test_the_token_is_not_in_the_database_file(tmp_path: Path) -> None:
    with closing(Store(f"sqlite:///{tmp_path / 'x.db'}")) as store:
        token = store.sign_ins.open(LOCAL)
    assert not any(token.encode() in path.read_bytes() for path in tmp_path.iterdir())
