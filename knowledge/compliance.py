"""What must not be said to a buyer: an editable table of patterns, each with its reason and a replacement."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

Action = Literal["block", "warn"]
PERSONAL_DATA = "个人信息"  # the category of telephone and identity numbers


class Finding(BaseModel):
    """One wording that breaks a rule; `span` counts characters of the text, end excluded."""

    model_config = ConfigDict(frozen=True)

    category: str
    action: Action
    span: tuple[int, int]
    text: str
    reason: str
    replacement: str | None = None


@dataclass(frozen=True, slots=True)
class _Rule:
    category: str
    action: Action
    pattern: re.Pattern[str]
    reason: str
    replacement: str | None


def check_text(text: str) -> tuple[Finding, ...]:
    """Every finding on a text that is about to be sent, in the order of the text."""
    allowed = [match.span() for match in _allowed().finditer(text)]
    findings = [
        Finding(category=rule.category, action=rule.action, span=match.span(), text=match.group(),
                reason=rule.reason, replacement=rule.replacement)
        for rule in _rules()
        for match in rule.pattern.finditer(text)
        if not any(start <= match.start() and match.end() <= end for start, end in allowed)
    ]  # fmt: skip
    return tuple(sorted(findings, key=lambda finding: finding.span))


def blocks(findings: tuple[Finding, ...]) -> bool:
    """Whether any finding forbids sending."""
    return any(finding.action == "block" for finding in findings)


@cache
def _table() -> dict[str, list[dict[str, str]]]:
    table: dict[str, list[dict[str, str]]] = yaml.safe_load(
        files("knowledge").joinpath("data/compliance.yaml").read_text("utf-8")
    )
    return table


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(row["category"], "block" if row["action"] == "block" else "warn", re.compile(row["pattern"]),
              row["reason"], row.get("replacement"))
        for row in _table()["rules"]
    )  # fmt: skip


@cache
def _allowed() -> re.Pattern[str]:
    return re.compile("|".join(re.escape(str(words)) for words in _table()["allow"]))
