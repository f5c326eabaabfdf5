"""A limit on request bodies, kept while they arrive, so that a huge one never fills the memory."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.service.errors import problem, respond


class BodyLimit:
    """ASGI middleware: answers 413 to a body of more than `max_bytes`; files for a path in `larger` may have more."""

    def __init__(self, app: ASGIApp, max_bytes: int, larger: Mapping[str, int] | None = None) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse by the declared length at once, and an undeclared one as soon as it has grown too large."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        limit, detail = self._limit(scope.get("path", ""))
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > limit:
            return await respond(problem(413, detail))(scope, receive, send)
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                # An HTTPException, because FastAPI turns any other error while it reads a body into a 400.
                raise HTTPException(413, detail)
            return message

        return await self.app(scope, counted, send)

    def _limit(self, path: str) -> tuple[int, str]:
        """The most bytes for a path, and what to say of more."""
        if path in self.larger:
            limit = self.larger[path]
            return limit, f"文件超过 {limit / 1024 / 1024:.3g} MB，请分成几个文件再导入。"
        return self.max_bytes, f"请求内容超过 {self.max_bytes // 1024} KB，请只带上最近的消息再试。"
