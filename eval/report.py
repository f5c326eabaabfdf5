"""The report of a run over labelled dialogs: one page of HTML that needs nothing else, neither files nor network."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from eval.errors import OutputUnwritable
from eval.metric_names import NOTHING, metric_names
from eval.report_misses import emotion, misses
from eval.report_plots import plots
from eval.report_tables import (
    complaint_table,
    emotion_table,
    intent_bars,
    metric_rows,
    operating_points,
    rows_table,
    tiles,
)
from eval.report_words import words
from eval.result import DialogsResult
from eval.tables import zh

_ABLATION = "每行只关一处：这一处的信号固定在平均值，其余权重不变。括号里是与整套系统的差。"


def write_report(result: Mapping[str, Any] | DialogsResult, path: Path) -> None:
    """Write the page; OutputUnwritable when that fails."""
    page = report_html(result)
    try:
        path.write_text(page, "utf-8")
    except OSError as error:
        raise OutputUnwritable(f"写不了 {path}（{error.strerror}），请检查路径和权限。") from error


def report_html(result: Mapping[str, Any] | DialogsResult) -> str:
    """The page for a result or its JSON; the same for the same result.

    Everything that comes from the result is escaped by the template's engine. The page forbids itself every other
    script and every load by its Content-Security-Policy.
    """
    dialogs = DialogsResult.model_validate(result)
    return _environment().get_template("report.html").render(
        result=dialogs,
        words=words(),
        names=metric_names(),
        style=Markup(_data("report.css")),  # noqa: S704 - our own file
        script=Markup(_data("report.js")),  # noqa: S704 - our own file
        policy=report_policy(),
        **_parts(dialogs),
    )  # fmt: skip


def report_policy() -> str:
    """The Content-Security-Policy of the page: its own script by hash, its own style, nothing from anywhere."""
    digest = b64encode(hashlib.sha256(_data("report.js").encode()).digest()).decode()
    return f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"


def _parts(result: DialogsResult) -> dict[str, Any]:
    """What the template lays out, by the name that it has there."""
    return {
        "tiles": tiles(result),
        "metrics": metric_rows(result),
        "tables": [
            rows_table(title, note, rows)
            for title, note, rows in (
                ("与简单办法相比", "同样的消息、同样的知识，只换办法。", result.baselines),
                (
                    "关掉一部分之后",
                    _ABLATION,
                    result.ablation,
                ),
            )
            if rows
        ],
        "plots": plots(result),
        "points": operating_points(result),
        "intents": intent_bars(result),
        "complaints": complaint_table(result.cases),
        "emotions": emotion_table(result.cases),
        "misses": misses(result.cases),
    }


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("eval", "data"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(zh=zh, emotion=emotion, percent=percent)
    return environment


def percent(value: float | None) -> str:
    """A share for people; a dash for none."""
    return NOTHING if value is None else f"{value:.1%}"


def _data(name: str) -> str:
    return files("eval").joinpath(f"data/{name}").read_text("utf-8")
