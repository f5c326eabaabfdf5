"""One thing has one name wherever the shop's people read it: on pages, in messages, in tables."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from assistant.service.pages import WEB
from tests.service_processes import ROOT

OTHERS = {
    "店铺规则": "店铺规定", "短代码": "短码", "相似问法": "相似问(?!法|题)", "各店共用": "各店通用|所有店铺共用",
}  # fmt: skip
ELSEWHERE = "左[边侧]|右[边侧]|右上角|左上角"  # where something stands depends on the width
PAGES = [path for path in sorted(WEB.rglob("*")) if path.suffix in (".js", ".html", ".json")]
MESSAGES = [path for part in ("assistant", "knowledge") for path in sorted((ROOT / part).rglob("*.py"))]


def users(pattern: str, files: list[Path]) -> list[str]:
    """The files in which it is found."""
    return [str(file.relative_to(ROOT)) for file in files if re.search(pattern, file.read_text("utf-8"))]


@pytest.mark.parametrize(("name", "other"), OTHERS.items())
def test_a_thing_has_no_second_name(name: str, other: str) -> None:
    assert users(other, [*PAGES, *MESSAGES]) == [], f"it is called {name}"
    assert users(name, PAGES)


def test_pages_do_not_say_where_something_stands() -> None:
    assert users(ELSEWHERE, PAGES) == []
