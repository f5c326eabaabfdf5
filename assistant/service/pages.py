"""The pages: what is served under which path, who may use it, and what a browser lets it do.

Pages hold no data, so they are served without a key; what they show comes from the API.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

from assistant.service.access import Permission, Principal
from assistant.service.settings import Settings

WEB = Path(__file__).parent / "web"
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors "
)


@dataclass(frozen=True, slots=True)
class Page:
    """One page. `permission` is what its users need, None for a page that is in nobody's menu; `embeddable`: other
    sites may show it in a frame if `embed_origins` names them.
    """

    path: str
    file: str
    title: str
    permission: Permission | None
    embeddable: bool = False


PAGES = (
    Page("/", "index.html", "演示", "suggest"),
    Page("/sidebar", "sidebar/index.html", "侧边栏", "suggest", embeddable=True),
    Page("/console", "console/index.html", "知识库", "knowledge.write"),
    Page("/insight", "insight/index.html", "洞察", "insight"),
    Page("/evaluation", "evaluation/index.html", "测评", "evaluate"),
    Page("/admin", "admin/index.html", "管理", "admin"),
    Page("/sign-in", "sign-in/index.html", "登录", None, embeddable=True),  # the sidebar in a frame leads here
)


def pages_of(who: Principal) -> list[Page]:
    """The pages that somebody's role may use, in the order of the menu."""
    return [page for page in PAGES if page.permission and who.may(page.permission)]


def install_pages(app: FastAPI, settings: Settings) -> None:
    """Serve the pages and the files that they load."""
    by_path = {page.path: page for page in PAGES}

    def serve(request: Request) -> FileResponse:
        page = by_path[request.url.path]
        return FileResponse(WEB / page.file, headers={"Content-Security-Policy": policy(page, settings)})

    for path in by_path:
        app.add_api_route(path, serve, include_in_schema=False)
    app.mount("/static", StaticFiles(directory=WEB), name="static")


def policy(page: Page, settings: Settings) -> str:
    """The content security policy of a page."""
    return _POLICY + " ".join(("'self'", *(settings.embed_origins if page.embeddable else ())))
