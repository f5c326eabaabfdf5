"""`python -m eval.demo`: fill a data folder with a month of made traffic, for the insight page and its screenshots."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from assistant.service.settings import Settings
from assistant.service.wiring import Parts, open_parts
from eval.demo.month import Month
from eval.demo.scripts import scripts
from eval.demo.talks import talks

SEED = 11
_AT_ONCE = 500  # conversations a transaction


def demo(
    data_dir: Annotated[Path, typer.Option(help="The data folder; traffic is added to what it holds")] = Path(
        "var/demo"
    ),
    days: Annotated[int, typer.Option(min=1, max=365, help="Days up to today")] = 60,
    a_day: Annotated[float, typer.Option(help="Conversations on an ordinary day")] = 45,
) -> None:
    """Fill a data folder with made conversations, the suggester's answers to them, and what agents made of them."""
    with open_parts(Settings(data_dir=data_dir)) as parts:
        turns = fill(parts, days, a_day, datetime.now(UTC))
    Console().print(f"{turns} 条买家消息已写入 {data_dir}；看效果：XIAOER_DATA_DIR={data_dir} xiaoer serve")


def fill(parts: Parts, days: int, a_day: float, until: datetime, seed: int = SEED) -> int:
    """Put the days before `until` into the default shop; gives how many turns."""
    shop, chance = parts.settings.default_shop, random.Random(seed)  # noqa: S311 - an order, no secret
    zone = ZoneInfo(parts.base.snapshot().policy(shop).timezone)
    variants = talks(parts.suggester, shop, scripts().scripts, chance)
    last = until.astimezone(zone).date()
    made = list(Month(shop, days, last, zone, a_day, variants, scripts().agents, chance).talks(until))
    for start in range(0, len(made), _AT_ONCE):
        chunk = made[start : start + _AT_ONCE]
        parts.store.past.put([turn for _, turns in chunk for turn in turns], [talk for talk, _ in chunk])
    return sum(len(turns) for _, turns in made)


if __name__ == "__main__":
    typer.run(demo)
