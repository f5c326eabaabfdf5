"""Settings of a shop under their present names: freight by threshold and region, invoices as a list."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_shops = sa.table("shops", sa.column("shop_id", sa.Text), sa.column("policy", sa.Text))
# What a region may be called since; any other name gets 地区 behind it, which marks a place that is no province.
_REGIONS = frozenset((
    "北京", "天津", "上海", "重庆", "河北", "山西", "内蒙古", "内蒙", "辽宁", "吉林", "黑龙江", "江苏", "浙江",
    "安徽", "福建", "江西", "山东", "河南", "湖北", "湖南", "广东", "广西", "海南", "四川", "贵州", "云南",
    "西藏", "陕西", "甘肃", "青海", "宁夏", "新疆", "香港", "澳门", "台湾",
    "港澳台", "港澳", "江浙沪", "京津冀", "东北", "东三省", "两广",
    "新疆维吾尔自治区", "西藏自治区", "内蒙古自治区", "宁夏回族自治区", "广西壮族自治区",
    "香港特别行政区", "澳门特别行政区",
))  # fmt: skip
_SMALL = ("市", "区", "县", "州", "旗", "盟", "岛", "镇", "乡", "村")


def upgrade() -> None:
    """Rewrite every stored policy that has an old name in it."""
    connection = op.get_bind()
    for shop_id, stored in connection.execute(sa.select(_shops.c.shop_id, _shops.c.policy)).all():
        policy = json.dumps(renamed(json.loads(stored)), ensure_ascii=False)
        connection.execute(_shops.update().where(_shops.c.shop_id == shop_id).values(policy=policy))


def downgrade() -> None:
    """The older program has no place for the settings that came since."""
    raise NotImplementedError("店铺设置不能退回旧格式，请从备份恢复数据文件夹。")


def renamed(policy: dict[str, Any]) -> dict[str, Any]:
    """The settings under their present names; a remote region's amount was never said, so it stays open."""
    new = {name: value for name, value in policy.items() if name not in ("remote_regions", "free_shipping", "invoice")}
    if "remote_regions" in policy:
        new["region_surcharges"] = dict.fromkeys(_regions(policy["remote_regions"]))
    if "free_shipping" in policy:
        new["free_shipping_from"] = 0 if policy["free_shipping"] else None
    if "invoice" in policy:
        new["invoices"] = _words(re.split("[、，,；;/]", policy["invoice"]))
    # The older program took any length and blank words in a list.
    new["optional_carriers"] = _words(policy.get("optional_carriers", ()))
    return new


def _regions(names: Iterable[str]) -> list[str]:
    return [_region(name.strip()[:16]) for name in names if name.strip()]


def _region(name: str) -> str:
    if name in _REGIONS or name.rstrip("省市") in _REGIONS:
        return name if name in _REGIONS else name.rstrip("省市")
    return name if name.endswith(_SMALL) else f"{name}地区"


def _words(words: Iterable[str]) -> list[str]:
    return [word.strip()[:100] for word in words if word.strip()]
