"""A shop's settings: what it promises, in figures. Answers quote them, so they are true in one place.

`data/shop_policy.yaml` holds every setting's default and says what it means.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from functools import cache
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationInfo,
    field_validator,
)

from knowledge.policy_facts import policy_facts
from knowledge.regions import provinces_of, require_region
from models.data_files import read_data


def _is_written_as_a_clock(value: object) -> object:
    if isinstance(value, int | float):  # YAML reads 16:00 as the number 960, pydantic that as 16 minutes past midnight
        raise ValueError(f'{value} 不是钟点，请加引号写成 "16:00" 这样')
    return value


Clock = Annotated[
    time,
    BeforeValidator(_is_written_as_a_clock),
    AfterValidator(lambda clock: time(clock.hour, clock.minute)),
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str),
]
Word = Annotated[str, Field(min_length=1, max_length=100)]
RegionName = Annotated[str, Field(min_length=1, max_length=20), AfterValidator(require_region)]
Yuan = Annotated[float, Field(ge=0, le=10_000, allow_inf_nan=False)]
Surcharges = dict[RegionName, Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)] | None]
Payer = Literal["shop", "buyer"]


@cache
def default_settings() -> Mapping[str, Any]:
    """Every setting with its default, as the documented file has it."""
    settings: dict[str, Any] = read_data("knowledge", "shop_policy.yaml")
    return settings


def _default(name: str) -> Any:
    return Field(default_factory=lambda: default_settings()[name], validate_default=True)


class ReturnFreight(BaseModel):
    """Who pays for sending goods back, by the reason of the return."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    quality: Payer = "shop"
    wrong: Payer = "shop"
    wish: Payer = "buyer"

    @field_validator("quality", "wrong")
    @classmethod
    def _fault_is_paid_by_the_shop(cls, payer: Payer) -> Payer:
        if payer != "shop":
            raise ValueError("质量问题和发错货的退货运费，按平台规则只能由店铺出，请写 shop")
        return payer


class ShopPolicy(BaseModel):
    """The settings of one shop; None means that the shop has not said, so it is never quoted."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    name: str | None = _default("name")
    timezone: str = _default("timezone")
    opens: Clock = _default("opens")
    closes: Clock = _default("closes")

    ship_from: str | None = _default("ship_from")
    ship_within_hours: Annotated[int, Field(ge=1, le=24 * 60)] = _default("ship_within_hours")
    cutoff: Clock = _default("cutoff")
    transit_days: Annotated[int, Field(ge=1, le=60)] = _default("transit_days")

    carrier: str | None = _default("carrier")
    optional_carriers: tuple[Word, ...] = _default("optional_carriers")
    region_carriers: dict[RegionName, Word] = _default("region_carriers")
    unserved_regions: tuple[RegionName, ...] = _default("unserved_regions")
    region_surcharges: Surcharges = _default("region_surcharges")
    free_shipping_from: Yuan | None = _default("free_shipping_from")
    freight: Yuan | None = _default("freight")

    return_days: Annotated[int, Field(ge=7, le=60)] = _default("return_days")
    no_reason_excluded: tuple[Word, ...] = _default("no_reason_excluded")
    quality_days: Annotated[int, Field(ge=7, le=365)] = _default("quality_days")
    return_freight: ReturnFreight = _default("return_freight")
    freight_insurance: bool = _default("freight_insurance")
    return_address: str | None = _default("return_address")
    warranty: str | None = _default("warranty")

    price_protection_days: Annotated[int, Field(ge=0, le=60)] = _default("price_protection_days")
    bargain_floor: Annotated[float, Field(ge=0.5, le=1)] | None = _default("bargain_floor")
    member_benefits: dict[Word, Word] = _default("member_benefits")

    invoices: tuple[Word, ...] = _default("invoices")
    compensation_options: tuple[Word, ...] = _default("compensation_options")
    compensation_limit: Yuan | None = _default("compensation_limit")

    @field_validator("timezone")
    @classmethod
    def _is_a_timezone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, OSError, ValueError) as error:
            raise ValueError(f"没有时区 {name!r}，请写成 Asia/Shanghai 这样") from error
        return name

    @field_validator("region_surcharges")
    @classmethod
    def _a_region_is_served_or_not(cls, surcharges: Surcharges, info: ValidationInfo) -> Surcharges:
        unserved = {place for region in info.data.get("unserved_regions", ()) for place in provinces_of(region)}
        both = [region for region in surcharges if unserved & set(provinces_of(region))]
        if both:
            raise ValueError(f"{'、'.join(both)} 也写在 unserved_regions（不发货的地区）里，请只留一处")
        return surcharges

    @property
    def remote_regions(self) -> tuple[str, ...]:
        """Regions that are surcharged or not served."""
        return (*self.region_surcharges, *self.unserved_regions)

    def facts(self) -> dict[str, object]:
        """The settings as condition fields and placeholders (`policy.*`), in the words a buyer reads."""
        return policy_facts(self)
