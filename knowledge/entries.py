"""A knowledge entry: the questions buyers ask, and the reviewed answers with the conditions they hold under."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, field_validator, model_validator

Kind = Literal["product_spec", "policy", "phrase"]
Status = Literal["draft", "published", "archived"]
Authority = Literal["platform", "shop", "phrase"]
ConditionValue = str | int | float | bool | None

EMERGENCY_TAG = "emergency"  # marks an answer that, while it is in effect, stands in for the everyday ones
EMPATHY_TAG = "empathy"  # marks a phrase that opens a reply to a complaint instead of being one
GUIDE_TAG = "guide"  # marks a phrase that may follow a reply: the next step of the sale
MAX_QUESTIONS, MAX_TEXT, MAX_SHORT_CODE = 500, 2000, 20
_SHORT_CODE = re.compile(r"[0-9A-Za-z\u3400-\u9fff]+")


Question = Annotated[str, Field(max_length=500)]


class Answer(BaseModel):
    """One wording. `when` maps a context field to the values it may have ("*": any value, null: absent)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(min_length=1, max_length=MAX_TEXT)
    when: dict[str, tuple[ConditionValue, ...]] = Field(default_factory=dict)
    tone: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _text_alone(cls, value: Any) -> Any:
        return {"text": value} if isinstance(value, str) else value

    @field_validator("when", mode="before")
    @classmethod
    def _one_value_is_a_list(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value or {}
        return {field: values if isinstance(values, list | tuple) else [values] for field, values in value.items()}


class EntryDraft(BaseModel):
    """What an editor writes: the fields of the contract, no more. Unknown fields are refused, so none is lost."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    id: str | None = Field(default=None, min_length=1, max_length=100, pattern=r"^[^\s/\x00]+$")
    shop_id: str | None = Field(default=None, min_length=1, max_length=100)
    kind: Kind
    intent: str
    title: str = Field(min_length=1, max_length=200)
    questions: tuple[Question, ...] = Field(default=(), max_length=MAX_QUESTIONS)
    answers: tuple[Answer, ...] = Field(min_length=1, max_length=50)
    items: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    effective_from: AwareDatetime | None = None
    effective_until: AwareDatetime | None = None
    status: Status = "published"
    authority: Authority = "shop"
    note: str | None = Field(default=None, max_length=MAX_TEXT)
    short_code: str | None = Field(default=None, max_length=MAX_SHORT_CODE)

    @field_validator("short_code")
    @classmethod
    def _typed_in_one_go(cls, code: str | None) -> str | None:
        if code and not _SHORT_CODE.fullmatch(code):
            raise ValueError(f"短代码 {code} 里有空格或符号，只能用字母、数字和汉字")
        return code or None

    @property
    def content(self) -> str:
        """All of it but the version, to be compared: JSON tells 1 from true and from 1.0, as Python's == does not."""
        return self.model_dump_json(exclude={"version"})

    @property
    def is_emergency(self) -> bool:
        """Whether it overrides the everyday entries of its intent while it is in effect."""
        return EMERGENCY_TAG in self.tags

    @property
    def answers_messages(self) -> bool:
        """Whether it can be a reply by itself; empathy and guides stand beside one."""
        return not {EMPATHY_TAG, GUIDE_TAG} & set(self.tags)


class Entry(EntryDraft):
    """A stored entry: a draft with an id and the number of its version, counted from 1."""

    id: str = Field(min_length=1, max_length=100)
    version: int = Field(ge=1)

    @property
    def phrasings(self) -> tuple[str, ...]:
        """标准问 and every 相似问法 once, in order: what the index holds a vector for."""
        return tuple(dict.fromkeys((self.title, *self.questions)))

    def draft(self) -> EntryDraft:
        """The entry without what the store added."""
        return EntryDraft.model_validate(self.model_dump(include=set(EntryDraft.model_fields)))


class Listed(Entry):
    """An entry as a list shows it: who saved it last and when (null: an older program did not say who).

    `similarity` is the cosine of its nearest phrasing to what was searched for by meaning.
    """

    updated_at: datetime
    updated_by: str | None
    similarity: float | None = None
