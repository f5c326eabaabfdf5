"""API keys: the secret is shown once, works until revoked, and is stored nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from knowledge.api_keys import ApiKeys
from knowledge.store import Store
from tests.databases import KINDS, new_database


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    with new_database(request.param, tmp_path) as url, closing(Store(url)) as store:
        yield store


@pytest.fixture
def keys(store: Store) -> ApiKeys:
    return store.api_keys


def test_secret_opens_the_door_under_its_name(keys: ApiKeys) -> None:
    secret = keys.create("千牛插件")
    assert secret.startswith("xk_")
    assert len(secret) > 40
    assert keys.verify(secret) == "千牛插件"


@pytest.mark.parametrize("wrong", ["", "xk_", "xk_nobody", "错的", "a\0b", "\ud800", "x" * 100_000])
def test_wrong_secret_is_nobody(keys: ApiKeys, wrong: str) -> None:
    keys.create("千牛插件")
    assert keys.verify(wrong) is None


def test_every_key_has_its_own_secret(keys: ApiKeys) -> None:
    first, second = keys.create("一"), keys.create("一")
    assert first != second
    assert keys.verify(first) == keys.verify(second) == "一"


def test_list_names_each_key_and_never_its_secret(keys: ApiKeys) -> None:
    secret = keys.create("  千牛插件 ")
    (key,) = keys.list()
    assert (key.name, key.revoked_at) == ("千牛插件", None)
    assert abs(key.created_at - datetime.now(UTC)) < timedelta(minutes=1)
    assert secret not in repr(key)


def test_revoked_key_opens_nothing_and_others_still_do(keys: ApiKeys) -> None:
    revoked, kept = keys.create("旧"), keys.create("新")
    assert keys.revoke(keys.list()[0].id)
    assert keys.verify(revoked) is None
    assert keys.verify(kept) == "新"
    assert [key.revoked_at is None for key in keys.list()] == [False, True]


def test_revoking_twice_or_an_unknown_key_says_so(keys: ApiKeys) -> None:
    keys.create("旧")
    key_id = keys.list()[0].id
    assert keys.revoke(key_id)
    assert not keys.revoke(key_id)
    assert not keys.revoke(12345)


def test_any_stays_true_when_the_last_key_is_revoked(keys: ApiKeys) -> None:
    assert not keys.any()
    keys.create("旧")
    assert keys.any()
    keys.revoke(keys.list()[0].id)
    assert keys.any()


def test_blank_name_is_refused(keys: ApiKeys) -> None:
    for name in ("", "  ", "\0"):
        with pytest.raises(ValueError, match="起个名字"):
            keys.create(name)


def test_keys_do_not_change_the_knowledge_revision(store: Store) -> None:
    store.api_keys.create("千牛插件")
    assert store.revision() == 0


def test_secret_is_not_in_the_database_file(tmp_path: Path) -> None:
    with closing(Store(f"sqlite:///{tmp_path / 'x.db'}")) as store:
        secret = store.api_keys.create("千牛插件")
    assert not any(secret.encode() in path.read_bytes() for path in tmp_path.iterdir())
