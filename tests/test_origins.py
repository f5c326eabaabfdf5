"""Which sites may show the sidebar: https anywhere, http on this machine only, each in one spelling."""

from __future__ import annotations

import pytest

from assistant.service.origins import origin, origins


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://chat.example.com", "https://chat.example.com"),
        ("HTTPS://Chat.Example.com/", "https://chat.example.com"),
        ("https://chat.example.com:443", "https://chat.example.com"),
        ("https://chat.example.com:8443", "https://chat.example.com:8443"),
        ("https://chat", "https://chat"),
        ("http://127.0.0.1:3000", "http://127.0.0.1:3000"),
        ("http://localhost", "http://localhost"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_an_origin_has_one_spelling(written: str, meant: str) -> None:
    assert origin(written) == meant
    assert origin(meant) == meant


@pytest.mark.parametrize(
    "written",
    [
        "http://chat.example.com", "chat.example.com", "https://", "https://*", "https://*.example.com", "*", "null",
        "https://a.example;", "https://a.example; script-src *", "https://a.example/page", "https://a.example?x", "https://a@b",
        "'self'", "https://a.example:99999", "https://a.example:x", "https://[", "ftp://a.example", "https://a b", "https://-a",
        "", "http://127.0.0.1.example", "https://密.example",
    ],
)  # fmt: skip
def test_what_is_no_origin_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match=r"https://chat\.example\.com"):
        origin(written)


@pytest.mark.parametrize(
    ("text", "parts"),
    [("", ()), ("  ", ()), ("https://a", ("https://a",)), ("https://a,https://b", ("https://a", "https://b")),
     (" https://a ，https://b, ", ("https://a", "https://b"))],
)  # fmt: skip
def test_a_list_is_written_with_commas(text: str, parts: tuple[str, ...]) -> None:
    assert origins(text) == parts
