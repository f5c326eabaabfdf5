"""Shops, their settings and their catalogue in the database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from pydantic import ValidationError
from sqlalchemy import Connection, Table, insert, select, update

from knowledge import tables
from knowledge.audit import Change
from knowledge.catalogue import Item
from knowledge.changes import Changes
from knowledge.errors import EntryInvalid, Problem
from knowledge.shop_policy import ShopPolicy
from knowledge.storable import require_storable


def write_shops(connection: Connection, changes: Changes, revision: int) -> list[Change]:
    """Store the settings and items, and a shop with default settings for every new name; what changed by it."""
    named = {shop for shop in (*(d.shop_id for d in changes.drafts), *(i.shop_id for i in changes.items)) if shop}
    known = set(connection.scalars(select(tables.shops.c.shop_id)))
    policies = {shop: ShopPolicy() for shop in sorted(named - known)} | dict(changes.policies)
    changed = [_put_policy(connection, shop, policy, revision) for shop, policy in policies.items()]
    changed += [_put_item(connection, item, revision) for item in _last_of_each(changes.items)]
    return [change for change in changed if change]


def shop_ids(connection: Connection) -> list[str]:
    """Every shop, in the order of their ids."""
    return list(connection.scalars(select(tables.shops.c.shop_id).order_by(tables.shops.c.shop_id)))


def policies_since(connection: Connection, since: int) -> dict[str, ShopPolicy]:
    """The settings of every shop that is new or was changed after a revision."""
    columns = tables.shops.c
    query = select(columns.shop_id, columns.policy).where(columns.revision > since).order_by(columns.shop_id)
    return {shop_id: ShopPolicy.model_validate_json(policy) for shop_id, policy in connection.execute(query)}


def items_since(connection: Connection, since: int) -> tuple[Item, ...]:
    """Every item that is new or was changed after a revision, by shop and id."""
    columns = tables.items.c
    query = select(columns.body).where(columns.revision > since).order_by(columns.shop_id, columns.item_id)
    return tuple(Item.model_validate_json(body) for body in connection.scalars(query))


def _put_policy(connection: Connection, shop_id: str, policy: ShopPolicy, revision: int) -> Change | None:
    here = {"shop_id": shop_id}
    return _put(connection, tables.shops, here, "policy", policy.model_dump_json(), revision)


def _put_item(connection: Connection, item: Item, revision: int) -> Change | None:
    body = item.model_dump_json()
    try:
        Item.model_validate_json(body)
    except ValidationError as error:
        # An infinite size span becomes null in JSON; stored, it would keep every later start from reading the items.
        raise EntryInvalid([Problem(f"items.{item.item_id}", "有不能保存的数值", "请把数值改成普通的数字")]) from error
    here = {"shop_id": item.shop_id, "item_id": item.item_id}
    return _put(connection, tables.items, here, "body", body, revision)


def _put(
    connection: Connection, table: Table, key: Mapping[str, str], column: str, value: str, revision: int
) -> Change | None:
    require_storable(key)
    here = [table.c[name] == part for name, part in key.items()]
    stored = connection.scalars(select(table.c[column]).where(*here)).one_or_none()
    if stored is None:
        connection.execute(insert(table).values(**key, **{column: value}, revision=revision))
    elif stored != value:
        connection.execute(update(table).where(*here).values(**{column: value}, revision=revision))
    else:
        return None
    kind = "policy" if table is tables.shops else "item"
    action = f"{kind}.{'create' if stored is None else 'update'}"
    before = None if stored is None else json.loads(stored)
    return Change(action, [*key.values()][-1], key["shop_id"], before=before, after=json.loads(value))


def _last_of_each(items: Iterable[Item]) -> Iterable[Item]:
    return {(item.shop_id, item.item_id): item for item in items}.values()
