"""`xiaoer keys`: made once, listed without their secrets, revoked for good."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from knowledge.store import Store
from tests.service_processes import xiaoer
from tests.small_knowledge import SMALL, settings_over


def verified(data: Path, secret: str) -> str | None:
    with closing(Store(settings_over(data).store_url)) as store:
        key = store.api_keys.verify(secret)
        return key.name if key else None


def test_a_key_is_shown_once_alone_on_its_line_and_works_until_it_is_revoked(tmp_path: Path) -> None:
    made = xiaoer(tmp_path, "keys", "create", "侧边栏 [red][/插件]")
    assert (made.returncode, made.stderr) == (0, "")
    secret = made.stdout.removesuffix("\n")
    assert secret == secret.strip()
    assert verified(tmp_path, secret) == "侧边栏 [red][/插件]"
    listed = xiaoer(tmp_path, "keys", "list")
    assert listed.returncode == 0
    assert secret not in listed.stdout
    assert "侧边栏 [red][/插件]" in listed.stdout
    revoked = xiaoer(tmp_path, "keys", "revoke", "1")
    assert (revoked.returncode, revoked.stdout) == (0, "已停用密钥 1。\n")
    assert verified(tmp_path, secret) is None
    stopped_at = [cell.strip() for cell in xiaoer(tmp_path, "keys", "list").stdout.splitlines()[3].split("│")][6]
    assert stopped_at.startswith("20")


def test_keys_need_neither_knowledge_nor_index(empty_folder: Path) -> None:
    assert xiaoer(empty_folder, "keys", "create", "甲").returncode == 0
    assert not (empty_folder / "index").exists()


@pytest.fixture
def empty_folder(tmp_path: Path) -> Path:
    return tmp_path / "new"


def test_a_key_that_is_not_there_or_was_revoked_before_fails(tmp_path: Path) -> None:
    xiaoer(tmp_path, "keys", "create", "甲")
    assert xiaoer(tmp_path, "keys", "revoke", "1").returncode == 0
    for key_id in ("1", "77"):
        done = xiaoer(tmp_path, "keys", "revoke", key_id)
        assert (done.returncode, done.stdout) == (1, "")
        assert f"没有编号为 {key_id} 的有效密钥" in done.stderr
        assert "xiaoer keys list" in done.stderr


@pytest.mark.parametrize("key_id", ["abc", "0", "-1", "9" * 30, ""])
def test_what_is_no_number_of_a_key_is_misuse(tmp_path: Path, key_id: str) -> None:
    assert xiaoer(tmp_path, "keys", "revoke", "--", key_id).returncode == 2


def test_a_key_has_a_role_and_a_shop_and_the_list_shows_them(tmp_path: Path) -> None:
    with closing(Store(settings_over(tmp_path).store_url)) as store:
        store.write(SMALL)
    made = xiaoer(tmp_path, "keys", "create", "小王", "--role", "agent", "--shop", "demo")
    assert (made.returncode, made.stderr) == (0, "")
    xiaoer(tmp_path, "keys", "create", "老板")
    rows = [line.split("│") for line in xiaoer(tmp_path, "keys", "list").stdout.splitlines() if "│" in line]
    assert [[cell.strip() for cell in row[2:5]] for row in rows] == [
        ["小王", "客服", "demo"],
        ["老板", "管理员", "全部"],
    ]


def test_a_shop_that_is_not_there_or_a_role_unknown_is_refused_with_the_remedy(tmp_path: Path) -> None:
    shopless = xiaoer(tmp_path, "keys", "create", "小王", "--role", "agent", "--shop", "nope")
    assert (shopless.returncode, shopless.stdout) == (1, "")
    assert "没有名为 nope 的店铺，请检查" in shopless.stderr
    assert xiaoer(tmp_path, "keys", "create", "小王", "--role", "boss").returncode == 2
    with closing(Store(settings_over(tmp_path).store_url)) as store:
        assert not store.api_keys.any()


@pytest.mark.parametrize("name", ["", "   "])
def test_a_key_without_a_name_is_misuse(tmp_path: Path, name: str) -> None:
    done = xiaoer(tmp_path, "keys", "create", name)
    assert (done.returncode, done.stdout) == (2, "")
    assert "请给密钥起个名字" in done.stderr
    with closing(Store(settings_over(tmp_path).store_url)) as store:
        assert not store.api_keys.any()
