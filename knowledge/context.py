"""What is known beside the messages: buyer, agent, item and order of one conversation. Every part is optional."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict

from knowledge.catalogue import ItemFacts

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


def _empty_as_absent(value: object) -> object:
    """A plug-in that has no value often sends an empty string; that is not a value."""
    return None if isinstance(value, str) and not value.strip() else value


Text = Annotated[str | None, BeforeValidator(_empty_as_absent)]
Time = Annotated[AwareDatetime | None, BeforeValidator(_empty_as_absent)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


class Agent(_Part):
    """The agent (客服) who will send the reply."""

    id: Text = None
    name: Text = None


class Buyer(_Part):
    """The buyer as the platform names them."""

    nick: Text = None
    member_tier: Text = None
    is_returning: bool | None = None


class Receiver(_Part):
    """Where the parcel goes, as far as the platform shows it (usually masked)."""

    name: Text = None
    phone: Text = None
    address: Text = None


class Order(_Part):
    """The order the conversation is about; times are RFC 3339, the amount is in yuan."""

    order_id: Text = None
    state: OrderState | None = None
    amount: float | None = None
    payment: Text = None
    paid_at: Time = None
    promised_ship_at: Time = None
    shipped_at: Time = None
    collected_at: Time = None
    delivered_at: Time = None
    carrier: Text = None
    tracking_no: Text = None
    receiver: Receiver | None = None


class Context(_Part):
    """All of it; `now` defaults to the server's clock when a suggestion is made."""

    now: AwareDatetime | None = None
    channel: Text = None
    agent: Agent | None = None
    buyer: Buyer | None = None
    item: ItemFacts | None = None
    order: Order | None = None
