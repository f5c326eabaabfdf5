"""Small files of labelled dialogs, for tests that run them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

NOW = "2026-11-21T10:01:00+08:00"


def told(text: str, *intents: str, **labels: Any) -> dict[str, Any]:
    """A labelled message of the buyer's."""
    usual = {"intents": list(intents), "complaint": 0, "emotion": "neutral"}
    return {"role": "buyer", "text": text, "labels": {**usual, **labels}}


def dialog(key: str, *messages: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"dialog_id": key, "context": {"now": NOW}, "messages": list(messages), **fields}


DIALOGS = [
    dialog("ship", told("什么时候发货呀", "order.urge_ship", "pre.arrival"), tags=["state:none"]),
    dialog(
        "talk",
        told("在吗", "flow.greeting"),
        {"role": "agent", "text": "在的亲"},
        told("收到就是破的，太失望了！", "after.damaged", complaint=1, emotion="upset"),
    ),
    dialog("miss", told("能改地址吗", "pre.size")),
    dialog("outside", told("今天天气怎么样", "other.chitchat"), tags=["outside"]),
    dialog("unsure", told("能改地址吗", intents=None, complaint=None, emotion=None)),
    dialog("opening", intent="care.thanks"),
]


def write_dialogs(path: Path, *dialogs: dict[str, Any]) -> Path:
    """The dialogs, a line each; all of `DIALOGS` without any."""
    lines = (json.dumps(each, ensure_ascii=False) for each in dialogs or DIALOGS)
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path
