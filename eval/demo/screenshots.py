"""`python -m eval.demo.screenshots docs`: every page, narrow and wide, light and dark, over made traffic."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import islice
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Literal

import typer
import uvicorn
from PIL import Image
from playwright.sync_api import APIRequestContext, Browser, Page, ViewportSize, expect, sync_playwright
from rich.console import Console

from assistant.service.api import create_app
from assistant.service.settings import Settings
from assistant.service.wiring import Parts, open_parts
from eval.demo.__main__ import fill
from eval.serving import HELD_OUT, DialogsEvaluator

DIALOGS = Path(__file__).parents[1] / "dialogs"
DAYS, A_DAY = 60, 45
COMPARED = 60  # dialogs; enough for a comparison that says something
WITHOUT = ("after.how_to", "after.warranty", "pre.payment")  # whose entries the second run lacks
WIDTHS = {360: 780, 1440: 900}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
COLOURS = 160
ZONE = "Asia/Shanghai"
PATIENCE_MS = 300_000
TALKING = "demo-now"
ORDER = {"order_id": "2026111900735", "state": "delivered"}
DELIVERED = {"item": {"item_id": "dress-001"}, "buyer": {"nick": "小鱼儿"}, "order": ORDER}
TALK = [
    ("buyer", "裙子收到了", 190),
    ("agent", "在的亲，收到就好，有什么都可以跟我说～", 170),
    ("buyer", "腋下破了个洞！太失望了", 35),
]


@dataclass(frozen=True, slots=True)
class Place:
    """A page as it is photographed: where it is, what is done there first, and how tall the picture is when wide."""

    name: str
    path: str
    stage: Callable[[Page], None]
    tall: int = 900


def _workbench(page: Page) -> None:
    page.get_by_label("商品", exact=True).select_option("dress-001")
    page.get_by_label("订单", exact=True).select_option("delivered")
    page.get_by_label("以买家身份输入").fill("裙子腋下破了个洞！太失望了")
    page.get_by_label("以买家身份输入").press("Enter")
    expect(page.locator("#suggestions")).to_have_attribute("aria-busy", "false")
    if (narrow := page.get_by_role("button", name="查看 3 条建议")).is_visible():
        narrow.click()
    expect(page.locator(".card").first).to_be_visible()


def _sidebar(page: Page) -> None:
    expect(page.locator(".card").first).to_be_visible()


def _console(page: Page) -> None:
    expect(page.get_by_label("标准问", exact=True)).not_to_be_empty()
    page.wait_for_load_state("networkidle")


def _insight(page: Page) -> None:
    expect(page.locator("#report")).to_have_attribute("aria-busy", "false")


def _evaluation(page: Page) -> None:
    expect(page.locator(".changes li").first).to_be_visible()
    expect(page.locator("#comparison")).to_be_in_viewport()


PLACES = (
    Place("workbench", "/", _workbench),
    Place("sidebar", f"/sidebar?conversation={TALKING}", _sidebar),
    Place("console", "/console#entry/policy-return-no-reason", _console),
    Place("insight", "/insight", _insight, 1500),
    Place("evaluation", "/evaluation?a=1&b=2", _evaluation, 1100),
)


def screenshots(folder: Annotated[Path, typer.Argument(help="Where the pictures go")]) -> None:
    """Serve a demo shop from a temporary folder and take the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    with TemporaryDirectory() as data, open_parts(Settings(data_dir=Path(data))) as parts:
        fill(parts, DAYS, A_DAY, datetime.now(UTC))
        with _serving(parts) as address, sync_playwright() as playwright:
            _prepare(playwright.request.new_context(base_url=address, timeout=PATIENCE_MS))
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("XIAOER_CHROMIUM") or which("chromium"), args=["--lang=zh-CN"]
            )
            for taken in _take_all(browser, address, folder):
                Console().print(f"{taken} {taken.stat().st_size // 1024} KB")


@contextmanager
def _serving(parts: Parts) -> Iterator[str]:
    config = uvicorn.Config(create_app(replace(parts, evaluator=DialogsEvaluator())), port=0, log_level="warning")
    listener = config.bind_socket()
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = server.force_exit = True  # pages that listen would keep it
        thread.join()


def _prepare(api: APIRequestContext) -> None:
    """Two runs, with knowledge taken away between them; then a conversation that waits."""
    _evaluate(api, "改知识之前")
    lists = [api.get("/v1/entries", params={"intent": code, "limit": 100}).json() for code in WITHOUT]
    ids = [entry["id"] for each in lists for entry in each["entries"]]
    api.post("/v1/entries/bulk", data={"ids": ids, "action": "archive"})
    _evaluate(api, "归档三类之后")
    api.post("/v1/entries/bulk", data={"ids": ids, "action": "restore"})
    _talk(api)


def _talk(api: APIRequestContext) -> None:
    """A buyer who waits."""
    now = datetime.now(UTC)
    messages = [
        {"id": f"m{number}", "role": role, "text": text, "sent_at": (now - timedelta(seconds=ago)).isoformat()}
        for number, (role, text, ago) in enumerate(TALK)
    ]
    api.post(f"/v1/conversations/{TALKING}/messages", data={"messages": messages, "context": DELIVERED})


def _evaluate(api: APIRequestContext, name: str) -> None:
    with (DIALOGS / HELD_OUT[0]).open(encoding="utf-8") as file:
        content = "".join(islice(file, COMPARED))
    run: dict[str, Any] = api.post(
        "/v1/evaluations", data={"name": name, "source": "upload", "content": content}
    ).json()
    while run["state"] == "running":
        threading.Event().wait(1)
        run = api.get(f"/v1/evaluations/{run['id']}").json()


def _take_all(browser: Browser, address: str, folder: Path) -> Iterator[Path]:
    for place in PLACES:
        for width, height in WIDTHS.items():
            for scheme in SCHEMES:
                size: ViewportSize = {"width": width, "height": place.tall if width > height else height}
                page = browser.new_page(viewport=size, color_scheme=scheme, locale="zh-CN", timezone_id=ZONE)
                page.goto(f"{address}{place.path}")
                place.stage(page)
                yield _save(page.screenshot(), folder / f"{place.name}-{width}-{scheme}.png")
                page.close()


def _save(picture: bytes, path: Path) -> Path:
    """Few colours are enough for a page, and a repository is not for large pictures."""
    with Image.open(BytesIO(picture)) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    return path


if __name__ == "__main__":
    typer.run(screenshots)
