"""Settings of a running Xiaoer, from `XIAOER_*` environment variables."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from limits import parse
from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from assistant.service.origins import origin, origins

MOST_DAYS = 36_500  # that a record is kept: a hundred years


def _rate(text: str | None) -> str | None:
    try:
        good = text in (None, "off") or parse(text or "").amount > 0
    except ValueError:
        good = False
    if not good:
        raise ValueError("不是限额，请写成 600/minute 这样（每分钟 600 次），或写 off 不限制")
    return text


Origin = Annotated[str, AfterValidator(origin)]


class Settings(BaseSettings):
    """Every setting has a default that suits one shop on one small server."""

    model_config = SettingsConfigDict(env_prefix="XIAOER_", frozen=True, extra="ignore")

    data_dir: Path = Field(default=Path("var"), description="Where database and index live")
    database_url: str | None = Field(default=None, description="SQLAlchemy URL; default SQLite in the data folder")
    encoder: str = Field(default="shipped", description="'shipped', or a sentence-transformers model by name or folder")
    default_shop: str = Field(default="demo", min_length=1, description="The shop of a request that names none")
    max_body_bytes: int = Field(default=512 * 1024, ge=1024, description="Largest request body, in bytes")
    max_upload_bytes: int = Field(default=20 * 1024 * 1024, ge=1024, description="Largest file to import, in bytes")
    embed_origins: Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(origins)] = Field(
        default=(), description="Sites whose pages may show the sidebar in a frame, separated by commas"
    )
    rate_limit: Annotated[str | None, AfterValidator(_rate)] = Field(
        default=None, description="Requests of one key, e.g. 600/minute, or off; default 1200/minute"
    )
    reply_target_s: int = Field(default=180, ge=1, le=86_400, description="Seconds in which a buyer is to be answered")
    record: Literal["on", "off"] = Field(
        default="on", description="Whether what was suggested, and in feedback what was sent, is written down, masked"
    )
    conversation_days: int = Field(
        default=30, ge=1, le=MOST_DAYS, description="Days that a conversation is kept after its last news"
    )
    record_days: int = Field(
        default=400, ge=1, le=MOST_DAYS, description="Days that suggestions and feedback are kept, masked"
    )
    feedback_ranking: Literal["off", "on"] = Field(
        default="off", description="'on': of answers that match alike, the one that agents like goes first"
    )
    feedback_minimum: int = Field(default=20, ge=1, description="Likes and dislikes of an entry before they count")
    review: Literal["off", "on"] = Field(
        default="off", description="'on': what editors write is published by another person"
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="How much is logged")

    @property
    def store_url(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{self.data_dir.absolute() / 'xiaoer.db'}"

    @property
    def index_dir(self) -> Path:
        """Where the index is kept."""
        return self.data_dir / "index"

    @property
    def calibration_file(self) -> Path:
        """A calibration fitted here (`xiaoer models fit`); it goes before the shipped one."""
        return self.data_dir / "calibration.json"
