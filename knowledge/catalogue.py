"""Items of a shop: attributes, size chart, SKUs and stock, from the catalogue or inline in a request."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from knowledge.size_chart import SizeChart

Id = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\s/\x00]+$")]


def yuan(amount: float) -> str:
    """An amount as buyers read it: 159, 39.9, 12999.99."""
    return f"{amount:.2f}".rstrip("0").rstrip(".")


def without_blanks(value: Any) -> Any:
    """A plug-in that has no value often sends null or an empty string; that is not a value."""
    if not isinstance(value, dict):
        return value
    return {name: given for name, given in value.items() if given is not None and str(given).strip()}


class Sku(BaseModel):
    """One buyable variant; `options` maps an option to its value (颜色: 黑色, 尺码: L); `stock` None is unknown."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    sku_id: str
    options: dict[str, str] = Field(default_factory=dict)
    price: float | None = None
    stock: int | None = Field(default=None, ge=0)

    @property
    def name(self) -> str:
        """The variant as a buyer reads it: 黑色 L."""
        return " ".join(self.options.values())


class ItemFacts(BaseModel):
    """Facts of one item, all optional: what a request may carry inline, over what the catalogue holds.

    `goes_with` holds the ids of items of the same shop that are worn or used with this one (搭配).
    """

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    item_id: str | None = None
    sku_id: str | None = None
    title: str | None = None
    category: str | None = None
    price: float | None = None
    attributes: dict[str, str] = Field(default_factory=dict)
    size_chart: SizeChart | None = None
    skus: tuple[Sku, ...] = ()
    stock: int | None = Field(default=None, ge=0)
    goes_with: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _blank_is_absent(cls, value: Any) -> Any:
        return without_blanks(value)

    @field_validator("attributes", mode="before")
    @classmethod
    def _blank_attribute_is_absent(cls, value: Any) -> Any:
        return without_blanks(value)

    @field_validator("size_chart", mode="before")
    @classmethod
    def _rows_are_a_chart(cls, value: Any) -> Any:
        return ({"rows": value} if value else None) if isinstance(value, list) else value

    def over(self, stored: ItemFacts | None) -> ItemFacts:
        """These facts laid over the stored ones; attributes are joined, inline values win."""
        if stored is None:
            return self
        given = {name: value for name, value in self if value not in (None, (), {})}
        attributes = {**stored.attributes, **self.attributes}
        return stored.model_copy(update={**given, "attributes": attributes})

    def sku(self) -> Sku | None:
        """The SKU that `sku_id` names, if it is known."""
        return next((sku for sku in self.skus if sku.sku_id == self.sku_id), None)


class Item(ItemFacts):
    """An item of a shop's catalogue."""

    model_config = ConfigDict(frozen=True, extra="forbid", coerce_numbers_to_str=True)

    item_id: Id
    shop_id: Id
    title: str = Field(min_length=1, max_length=200)
