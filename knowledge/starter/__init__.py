"""The starter knowledge: data files, read into one set of changes so that a first start stores all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

import yaml
from pydantic import ValidationError

from knowledge.catalogue import Item
from knowledge.changes import Changes
from knowledge.checks import check_entry
from knowledge.entries import EntryDraft
from knowledge.errors import ImportFailed, Problem
from knowledge.exchange.field_problems import field_problems
from knowledge.exchange.rows import row_of
from knowledge.shop_policy import ShopPolicy

_CLOCKS = ("cutoff", "opens", "closes")


def starter_changes(folder: Traversable | None = None) -> Changes:
    """The demo shops, their items and every starter entry; raises ImportFailed naming the file and the entry."""
    folder = folder or files("knowledge.starter")
    policies: dict[str, ShopPolicy] = {}
    items: list[Item] = []
    for path in _yaml_files(folder / "shops"):
        shop_id, policy, catalogue = _shop(path)
        policies[shop_id] = policy
        items += catalogue
    return Changes(drafts=_entries(folder / "entries"), items=items, policies=policies)


def _shop(path: Traversable) -> tuple[str, ShopPolicy, list[Item]]:
    shop = _read(path)
    if not isinstance(shop, dict) or not isinstance(shop.get("shop_id"), str):
        raise ImportFailed(f"{path.name}：缺少 shop_id，请在文件开头写上店铺编号。")
    shop_id, policy, items = shop["shop_id"], shop.get("policy", {}), shop.get("items", [])
    if not isinstance(policy, dict) or not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ImportFailed(f"{path.name}：policy 应当是 “名称: 值”，items 应当是商品的列表。")
    for name in _CLOCKS:
        if isinstance(policy.get(name), int):  # YAML reads 16:00 as the number 960
            raise ImportFailed(f'{path.name}：policy.{name} 要加引号，写成 "16:00" 这样。')
    try:
        catalogue = [Item.model_validate({**item, "shop_id": shop_id}) for item in items]
        return shop_id, ShopPolicy.model_validate(policy), catalogue
    except ValidationError as error:
        problems = "；".join(map(str, field_problems(error)))
        raise ImportFailed(f"{path.name}：店铺 {shop_id} 的设置或商品写法不对：{problems}。") from error


def _entries(folder: Traversable) -> list[EntryDraft]:
    drafts: dict[str, EntryDraft] = {}
    places: dict[str, str] = {}
    for path in _yaml_files(folder):
        rows = _read(path)
        if not isinstance(rows, list):
            raise ImportFailed(f"{path.name}：文件应当是条目的列表，每条以 “- id:” 开头。")
        for number, row in enumerate(rows, start=1):
            draft = _entry(path, number, row)
            if draft.id is None:
                raise ImportFailed(f"{path.name} 第 {number} 条：没有编号，请写上 id。")
            if draft.id in drafts:
                raise ImportFailed(
                    f"{path.name} 第 {number} 条：编号 {draft.id} 在 {places[draft.id]} 里已有，请换一个。"
                )
            drafts[draft.id] = draft
            places[draft.id] = path.name
    return list(drafts.values())


def _entry(path: Traversable, number: int, row: object) -> EntryDraft:
    if not isinstance(row, dict):
        raise ImportFailed(f"{path.name} 第 {number} 条：不是一个条目，请写成 id、intent、title 等字段。")
    read = row_of(number, row)
    problems: list[Problem] = [*read.problems, *(check_entry(read.draft) if read.draft else ())]
    if problems or read.draft is None:
        raise ImportFailed(
            f"{path.name} 的条目 {row.get('id', f'（第 {number} 条）')}：{'；'.join(map(str, problems))}"
        )
    return read.draft


def _yaml_files(folder: Traversable) -> Iterator[Traversable]:
    if folder.is_dir():
        yield from sorted(
            (path for path in folder.iterdir() if path.name.endswith(".yaml")), key=lambda path: path.name
        )


def _read(path: Traversable) -> object:
    try:
        # The C loader: the pure Python one takes seconds over the starter knowledge. Both are safe loaders.
        values: object = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        return values
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ImportFailed(f"{path.name}：不是合法的 YAML：{error}") from error
