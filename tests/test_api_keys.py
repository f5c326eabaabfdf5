"""API keys: the secret is shown once, works until revoked, and is stored nowhere."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from knowledge.api_keys import ApiKey, ApiKeys
from knowledge.audit import Author
from knowledge.changes import Changes
from knowledge.errors import EntryInvalid, ShopUnknown
from knowledge.shop_policy import ShopPolicy
from knowledge.store import Store


@pytest.fixture
def keys(store: Store) -> ApiKeys:
    return store.api_keys


def holder(keys: ApiKeys, secret: str) -> ApiKey:
    key = keys.verify(secret)
    assert key is not None
    return key


def test_secret_opens_the_door_under_its_name(keys: ApiKeys) -> None:
    secret = keys.create("千牛插件")
    assert secret.startswith("xk_")
    assert len(secret) > 40
    assert holder(keys, secret).name == "千牛插件"


@pytest.mark.parametrize("wrong", ["", "xk_", "xk_nobody", "错的", "a\0b", "\ud800", "x" * 100_000])
def test_wrong_secret_is_nobody(keys: ApiKeys, wrong: str) -> None:
    keys.create("千牛插件")
    assert keys.verify(wrong) is None


def test_every_key_has_its_own_secret(keys: ApiKeys) -> None:
    first, second = keys.create("一"), keys.create("一")
    assert first != second
    assert holder(keys, first).name == holder(keys, second).name == "一"


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
    assert holder(keys, kept).name == "新"
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


def test_a_key_has_the_role_and_the_shop_it_was_made_with(store: Store) -> None:
    store.write(Changes(policies={"demo": ShopPolicy()}))
    limited = holder(store.api_keys, store.api_keys.create("小王", "agent", "demo"))
    general = holder(store.api_keys, store.api_keys.create("老板"))
    assert (limited.role, limited.shop_id) == ("agent", "demo")
    assert (general.role, general.shop_id) == ("admin", None)
    assert [(key.role, key.shop_id) for key in store.api_keys.list()] == [("agent", "demo"), ("admin", None)]


def test_a_key_for_a_shop_that_is_not_there_is_refused_with_the_remedy(keys: ApiKeys) -> None:
    with pytest.raises(ShopUnknown, match="没有名为 nope 的店铺，请检查"):
        keys.create("小王", "agent", "nope")
    assert not keys.any()


@pytest.mark.parametrize(("name", "shop_id"), [("\ud800", None), ("小王", "a\0b"), ("小王", "\ud800")])
def test_what_no_database_can_hold_is_refused(keys: ApiKeys, name: str, shop_id: str | None) -> None:
    with pytest.raises(EntryInvalid, match="控制字符"):
        keys.create(name, "agent", shop_id)
    assert not keys.any()


def test_making_and_revoking_are_in_the_log_without_the_secret(store: Store) -> None:
    boss = Author("老板", "admin", 7)
    secret = store.api_keys.create("小王", "agent", None, boss)
    store.api_keys.revoke(1, boss)
    revoked, made = store.audit.page()
    assert (made.action, made.object, made.who, made.key_id) == ("key.create", "1", "老板", 7)
    assert (made.before, made.after) == (None, {"name": "小王", "role": "agent", "shop_id": None})
    assert (revoked.action, revoked.before, revoked.after) == ("key.revoke", made.after, None)
    assert secret not in repr([made, revoked])
