"""The sentences of `compliance_cases.yaml`, and a text with its findings mended as a click in the sidebar mends it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from knowledge.compliance import Finding


@cache
def _cases() -> dict[str, Any]:
    cases: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("compliance_cases.yaml").read_text("utf-8"))
    return cases


def trips() -> list[tuple[str, str, str]]:
    """(category, action, sentence) of every sentence that must be found."""
    return [
        (group["category"], action, sentence)
        for group in _cases()["trips"]
        for action in ("block", "warn")
        for sentence in group.get(action, ())
    ]


def passes() -> list[str]:
    """Sentences in which nothing may be found."""
    return list(_cases()["passes"])


def mended(text: str, findings: Iterable[Finding]) -> str:
    """The text with every finding that has a replacement replaced."""
    for one in sorted(findings, key=lambda finding: finding.span, reverse=True):
        if one.replacement is not None:
            text = text[: one.span[0]] + one.replacement + text[one.span[1] :]
    return text
