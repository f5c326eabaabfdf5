"""A limit on request bodies, kept while they arrive, so that a huge one never fills the memory."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.service.errors import problem, respond


class BodyLimit:
    """ASGI middleware: answers 413 to a body of more than `max_bytes`."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes
        self.detail = f"请求内容超过 {max_bytes // 1024} KB，请只带上最近的消息再试。"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse by the declared length at once, and an undeclared one as soon as it has grown too large."""
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > self.max_bytes:
            return await respond(problem(413, self.detail))(scope, receive, send)
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.max_bytes:
                # An HTTPException, because FastAPI turns any other error while it reads a body into a 400.
                raise HTTPException(413, self.detail)
            return message

        return await self.app(scope, counted, send)
