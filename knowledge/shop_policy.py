"""A shop's settings: what it promises, in figures. Answers quote them, so they are true in one place."""

from __future__ import annotations

from datetime import time
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, field_validator

Clock = Annotated[time, PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str)]


class ShopPolicy(BaseModel):
    """Defaults are those of an ordinary Taobao shop; None means the shop has not said, so it is never quoted."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: str | None = None
    ship_within_hours: int = Field(default=48, ge=1, le=24 * 60)
    cutoff: Clock = time(16, 0)
    ship_from: str | None = None
    carrier: str | None = None
    optional_carriers: tuple[str, ...] = ()
    remote_regions: tuple[str, ...] = ("新疆", "西藏", "港澳台")
    free_shipping: bool = True
    return_days: int = Field(default=7, ge=7, le=60)
    freight_insurance: bool = False
    invoice: str = "电子普通发票"
    price_protection_days: int = Field(default=0, ge=0, le=60)
    warranty: str | None = None
    opens: Clock = time(9, 0)
    closes: Clock = time(22, 0)
    return_address: str | None = None
    timezone: str = "Asia/Shanghai"

    @field_validator("timezone")
    @classmethod
    def _is_a_timezone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, OSError, ValueError) as error:
            raise ValueError(f"没有时区 {name!r}，请写成 Asia/Shanghai 这样") from error
        return name

    def facts(self) -> dict[str, object]:
        """The settings as condition fields and placeholders (`policy.*`), in the words a buyer reads."""
        facts: dict[str, object] = {
            "policy.shop_name": self.name,
            "policy.ship_within_hours": self.ship_within_hours,
            "policy.cutoff": self.cutoff.strftime("%H:%M"),
            "policy.ship_from": self.ship_from,
            "policy.carrier": self.carrier,
            "policy.optional_carriers": "、".join(self.optional_carriers) or None,
            "policy.remote_regions": "、".join(self.remote_regions) or None,
            "policy.free_shipping": self.free_shipping,
            "policy.return_days": self.return_days,
            "policy.freight_insurance": self.freight_insurance,
            "policy.invoice": self.invoice,
            "policy.price_protection_days": self.price_protection_days or None,
            "policy.warranty": self.warranty,
            "policy.business_hours": f"{self.opens:%H:%M}-{self.closes:%H:%M}",
            "policy.return_address": self.return_address,
        }
        return {field: value for field, value in facts.items() if value is not None and value != ""}
