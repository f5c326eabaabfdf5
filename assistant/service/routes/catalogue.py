"""The catalogue and the settings of a shop, and the names that pages show for codes."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from assistant.service.access import Principal, allow
from assistant.service.deps import BaseDep, PartsDep
from assistant.service.schemas import IntentName, ItemList, Vocabulary
from assistant.service.shop_rules import require_writable
from knowledge.catalogue import Id, Item
from knowledge.changes import Changes
from knowledge.context import ORDER_STATE_ZH
from knowledge.errors import EntryInvalid, Problem, ShopUnknown
from knowledge.placeholders import context_names
from knowledge.shop_policy import ShopPolicy
from models.intents import intents, phases

router = APIRouter(prefix="/v1", tags=["catalogue"])
EMOTION_ZH = {"positive": "愉快", "neutral": "平静", "anxious": "着急", "upset": "不满", "angry": "愤怒"}


@router.get("/items")
def list_items(
    who: Annotated[Principal, allow("suggest")], base: BaseDep, parts: PartsDep, shop_id: str | None = None
) -> ItemList:
    """The items of a shop (default: one's own, else the default shop)."""
    wanted, snapshot = who.shop(shop_id, parts.settings.default_shop), base.snapshot()
    if not snapshot.knows_shop(wanted):
        raise ShopUnknown(wanted)
    return ItemList(items=[item for (shop, _), item in sorted(snapshot.items.items()) if shop == wanted])


@router.put("/items/{item_id}")
def replace_item(item_id: str, item: Item, who: Annotated[Principal, allow("knowledge.write")], base: BaseDep) -> Item:
    """Add or replace an item of the catalogue; the next suggestion knows it."""
    if item.item_id != item_id:
        raise EntryInvalid([Problem("item_id", f"正文里是 {item.item_id}，地址里是 {item_id}", "请改成一致")])
    require_writable(who, base, item.shop_id)
    base.write(Changes(items=[item]), by=who.author)
    return item


@router.get("/shops/{shop_id}/policy")
def read_policy(shop_id: str, who: Annotated[Principal, allow("suggest")], base: BaseDep) -> ShopPolicy:
    """The settings of a shop, which answers quote."""
    shop_id, snapshot = who.shop(shop_id, ""), base.snapshot()
    if not snapshot.knows_shop(shop_id):
        raise ShopUnknown(shop_id)
    return snapshot.policy(shop_id)


@router.put("/shops/{shop_id}/policy")
def replace_policy(
    shop_id: Annotated[Id, Path()], policy: ShopPolicy, who: Annotated[Principal, allow("admin")], base: BaseDep
) -> ShopPolicy:
    """Replace the settings of a shop, or make a new shop by giving it settings."""
    require_writable(who, base, shop_id)
    base.write(Changes(policies={shop_id: policy}), by=who.author)
    return policy


@router.get("/vocabulary", dependencies=[allow("suggest")])
def vocabulary() -> Vocabulary:
    """Chinese names of the codes that a response holds."""
    return Vocabulary(
        intents={i.code: IntentName(zh=i.zh, phase=i.phase, voice=i.voice) for i in intents().values()},
        phases=phases(),
        emotions=EMOTION_ZH,
        order_states=dict(ORDER_STATE_ZH),
        fields=context_names(),
    )
