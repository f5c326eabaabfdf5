"""Wire documents of labelled tests."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, Field, model_validator

from assistant.labelled_dialogs import Dialog, LabelledMessage, cases
from assistant.request import MAX_MESSAGES, without_surrogates
from knowledge.labelled_tests import LabelledTest


class TestBody(Dialog):
    """A labelled dialog in the contract's form, and the shop whose test it is (default: one's own)."""

    __test__ = False

    shop_id: str | None = None
    dialog_id: str = Field(default_factory=lambda: f"t-{uuid.uuid4().hex[:8]}", min_length=1, max_length=100)
    messages: tuple[LabelledMessage, ...] = Field(default=(), max_length=MAX_MESSAGES)

    @model_validator(mode="before")
    @classmethod
    def _no_half_characters(cls, value: Any) -> object:
        return without_surrogates(value)

    @model_validator(mode="after")
    def _says_what_it_expects(self) -> Self:
        found = list(cases([self]))
        if not found:
            raise ValueError('没有标注：请至少给一条买家消息写上 labels，例如 {"intents": ["order.urge_ship"]}')
        empty = [case for case in found if case.labels and not case.labels.says_something]
        if empty:
            raise ValueError("labels 里什么也没写，请写上 intents、complaint、abstained 或 entry_ids")
        return self

    def dialog(self) -> dict[str, Any]:
        """The dialog alone, as it is kept."""
        kept = self.model_dump(mode="json", exclude_defaults=True, exclude={"shop_id"})
        return {"dialog_id": self.dialog_id, **kept}


class TestDocument(BaseModel):
    """A test as it is kept: the dialog in the contract's form, with who wrote it and when."""

    __test__ = False

    id: int
    shop_id: str
    dialog_id: str
    context: dict[str, Any] = {}
    messages: list[dict[str, Any]] = []
    intent: str | None = None
    tags: list[str] = []
    author: str
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, test: LabelledTest) -> Self:
        """The stored test as a document."""
        return cls.model_validate(
            {
                **test.dialog,
                "id": test.id,
                "shop_id": test.shop_id,
                "author": test.author,
                "created_at": test.created_at,
                "updated_at": test.updated_at,
            }
        )


class TestList(BaseModel):
    """The tests of a shop, oldest first, and how many there are in all."""

    __test__ = False

    tests: list[TestDocument]
    total: int
