"""The starter knowledge is read whole, or the file and entry at fault are named."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from knowledge.errors import ImportFailed
from knowledge.shop_policy import ShopPolicy
from knowledge.starter import starter_changes
from knowledge.store import Store

SHOP = """
shop_id: demo
policy: {name: 小店, cutoff: "15:30"}
items:
  - {item_id: cup, title: 水杯, attributes: {容量: 350ml, 件数: 2}}
"""
ENTRY = """
- id: {id}
  kind: policy
  intent: order.urge_ship
  title: 什么时候发货
  questions: [啥时候发货呀]
  answers:
    - 亲，我们会尽快为您发出哦。
    - {{text: 亲，已经发出啦, when: {{order.state: shipped}}}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shops").mkdir()
    (tmp_path / "entries").mkdir()
    (tmp_path / "shops" / "demo.yaml").write_text(SHOP, "utf-8")
    (tmp_path / "entries" / "order.yaml").write_text(ENTRY.format(id="a") + ENTRY.format(id="b"), "utf-8")
    return tmp_path


def unsaid(folder: Path, *words: str) -> list[str]:
    """Which of the words the refusal of a folder lacks."""
    with pytest.raises(ImportFailed) as caught:
        starter_changes(folder)
    return [word for word in words if word not in str(caught.value)]


def test_shops_items_and_entries_become_one_set_of_changes(folder: Path, tmp_path: Path) -> None:
    changes = starter_changes(folder)
    assert [one.id for one in changes.drafts] == ["a", "b"]
    assert changes.drafts[0].answers[1].when == {"order.state": ("shipped",)}
    assert changes.policies == {"demo": ShopPolicy.model_validate({"name": "小店", "cutoff": "15:30"})}
    (item,) = changes.items
    assert (item.shop_id, item.item_id, item.attributes) == ("demo", "cup", {"容量": "350ml", "件数": "2"})
    with closing(Store(f"sqlite:///{tmp_path / 'x.db'}")) as store:
        assert store.write(changes).revision == 1


def test_empty_folder_is_no_knowledge(tmp_path: Path) -> None:
    changes = starter_changes(tmp_path)
    assert (changes.drafts, changes.items, changes.policies) == ([], [], {})


def test_malformed_entry_is_named_with_its_file(folder: Path) -> None:
    (folder / "entries" / "x.yaml").write_text("- {id: wrong, kind: policy, intent: flow.wait, title: 好}", "utf-8")
    assert unsaid(folder, "x.yaml", "wrong", "answers", "缺少") == []


def test_entry_that_breaks_a_rule_is_named_with_its_file(folder: Path) -> None:
    (folder / "entries" / "x.yaml").write_text(ENTRY.format(id="wrong").replace("尽快", "{尽快}"), "utf-8")
    assert unsaid(folder, "x.yaml", "wrong", "没有占位符 {尽快}") == []


def test_entry_without_id_is_named_by_its_number(folder: Path) -> None:
    (folder / "entries" / "x.yaml").write_text(ENTRY.format(id="null"), "utf-8")
    assert unsaid(folder, "x.yaml", "第 1 条", "没有编号") == []


def test_id_used_twice_names_both_files(folder: Path) -> None:
    (folder / "entries" / "x.yaml").write_text(ENTRY.format(id="b"), "utf-8")
    assert unsaid(folder, "x.yaml", "b", "order.yaml") == []


@pytest.mark.parametrize("text", ["a: [", "\t- x", "a: 1", "- 3", "", '- "\x07"'])
def test_file_that_is_no_list_of_entries_is_named(folder: Path, text: str) -> None:
    (folder / "entries" / "x.yaml").write_text(text, "utf-8")
    assert unsaid(folder, "x.yaml") == []


@pytest.mark.parametrize(
    "text",
    [
        "policy: {}",
        "shop_id: x\npolicy: {return_days: 3}",
        "shop_id: x\npolicy: []",
        "shop_id: x\npolicy: 3",
        "shop_id: x\nitems: {cup: 水杯}",
        "shop_id: x\nitems: [{title: 无编号}]",
        "shop_id: x\nitems: [3]",
        "shop_id: x\nitems: 3",
        "- shop_id: x",
    ],
)
def test_malformed_shop_is_named_with_its_file(folder: Path, text: str) -> None:
    (folder / "shops" / "x.yaml").write_text(text, "utf-8")
    assert unsaid(folder, "x.yaml", "。") == []


def test_time_without_quotes_is_refused_because_yaml_reads_a_number(folder: Path) -> None:
    (folder / "shops" / "x.yaml").write_text("shop_id: x\npolicy: {cutoff: 16:00}", "utf-8")
    assert unsaid(folder, "x.yaml", "cutoff", "引号") == []


def test_shipped_starter_knowledge_can_be_loaded() -> None:
    changes = starter_changes()
    assert changes.drafts
    assert {one.shop_id for one in changes.drafts if one.shop_id} <= set(changes.policies)
    assert {item_id for one in changes.drafts for item_id in one.items} <= {item.item_id for item in changes.items}
