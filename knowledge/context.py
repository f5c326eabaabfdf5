"""What is known beside the messages: buyer, agent, item and order of one conversation. Every part is optional."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, model_validator

from knowledge.catalogue import ItemFacts, without_blanks

OrderState = Literal["unpaid", "paid", "shipped", "collected", "delivered", "after_sale", "closed"]

ORDER_STATE_ZH: dict[OrderState, str] = {
    "unpaid": "待付款",
    "paid": "已付款未发货",
    "shipped": "已发货未揽收",
    "collected": "运输中",
    "delivered": "已签收",
    "after_sale": "售后中",
    "closed": "已关闭",
}


def _is_of_our_time(moment: datetime) -> datetime:
    if not 1990 <= moment.year <= 2100:
        raise ValueError(f"{moment.isoformat()} 不像是真的时间，应在 1990 年到 2100 年之间")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_is_of_our_time)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    @model_validator(mode="before")
    @classmethod
    def _blank_is_absent(cls, value: Any) -> Any:
        return without_blanks(value)


class Agent(_Part):
    """The agent (客服) who will send the reply."""

    id: str | None = None
    name: str | None = None


class Buyer(_Part):
    """The buyer as the platform names them."""

    nick: str | None = None
    member_tier: str | None = None
    is_returning: bool | None = None


class Receiver(_Part):
    """Where the parcel goes, as far as the platform shows it (usually masked)."""

    name: str | None = None
    phone: str | None = None
    address: str | None = None


class Order(_Part):
    """The order the conversation is about; times are RFC 3339, the amount is in yuan."""

    order_id: str | None = None
    state: OrderState | None = None
    amount: float | None = None
    payment: str | None = None
    paid_at: Moment | None = None
    promised_ship_at: Moment | None = None
    shipped_at: Moment | None = None
    collected_at: Moment | None = None
    delivered_at: Moment | None = None
    carrier: str | None = None
    tracking_no: str | None = None
    receiver: Receiver | None = None


class Context(_Part):
    """All of it; `now` defaults to the server's clock when a suggestion is made."""

    now: Moment | None = None
    channel: str | None = None
    agent: Agent | None = None
    buyer: Buyer | None = None
    item: ItemFacts | None = None
    order: Order | None = None
