"""Settings of a running Xiaoer, from `XIAOER_*` environment variables."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting has a default that suits one shop on one small server."""

    model_config = SettingsConfigDict(env_prefix="XIAOER_", frozen=True, extra="ignore")

    data_dir: Path = Field(default=Path("var"), description="Where database and index live")
    database_url: str | None = Field(default=None, description="SQLAlchemy URL; default SQLite in the data folder")
    encoder: str = Field(default="shipped", description="'shipped', or a sentence-transformers model by name or folder")
    default_shop: str = Field(default="demo", min_length=1, description="The shop of a request that names none")
    max_body_bytes: int = Field(default=512 * 1024, ge=1024, description="Largest request body, in bytes")
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
