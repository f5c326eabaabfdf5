"""A knowledge of two entries and one item, for tests that open their own."""

from __future__ import annotations

from pathlib import Path

from assistant.service.settings import Settings
from knowledge.catalogue import Item
from knowledge.changes import Changes
from knowledge.shop_policy import ShopPolicy
from tests.entry_examples import draft

LOCAL = "http://127.0.0.1"
SHIP = draft("policy-ship")
ADDRESS = draft(
    "policy-address",
    intent="order.change_address",
    title="可以改收货地址吗",
    questions=["能改地址吗", "地址写错了"],
    answers=["亲，麻烦您把新地址发给我，我马上为您核对能否修改。"],
)
CUP = Item(item_id="cup-9", shop_id="demo", title="随手杯", attributes={"容量": "350ml"})
SMALL = Changes(drafts=[SHIP, ADDRESS], items=[CUP], policies={"demo": ShopPolicy(name="小店")})


def settings_over(folder: Path) -> Settings:
    """The defaults over a data folder, whatever the environment says."""
    return Settings(data_dir=folder, database_url=None, encoder="shipped", default_shop="demo")
