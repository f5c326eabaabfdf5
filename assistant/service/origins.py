"""Origins of other pages: what may be named in an allow list."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?|\[[0-9a-f:]+\]")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


def origins(value: object) -> object:
    """The parts of a list as an environment variable has it, separated by commas or spaces."""
    return tuple(part for part in re.split(r"[,，\s]+", value) if part) if isinstance(value, str) else value


def origin(text: str) -> str:
    """The origin in its one spelling; raises ValueError for what a browser would not take as one.

    Plain http is for this machine only: on the way from elsewhere anybody could change the page.
    """
    try:
        parts = urlsplit(text.lower())
        port = parts.port
    except ValueError:
        raise _refused(text) from None
    host = parts.netloc.removesuffix(f":{port}")
    safe = parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK)
    if not safe or not _HOST.fullmatch(host) or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise _refused(text)
    default = {"https": 443, "http": 80}[parts.scheme]
    return f"{parts.scheme}://{host}" if port in (None, default) else f"{parts.scheme}://{host}:{port}"


def _refused(text: str) -> ValueError:
    return ValueError(
        f"{text!r} 不是可以嵌入的网站，请写成 https://chat.example.com 这样；本机测试可用 http://127.0.0.1:端口"
    )
