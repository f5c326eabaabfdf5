"""Labelled utterances of our own (`utterances.jsonl`): what buyers write, with intent, complaint and emotion."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files

KEPT_BACK = 7


@dataclass(frozen=True, slots=True)
class Utterance:
    """One buyer's turn; `context` holds the lines before it, each opened by 买家: or 客服:. Labels may be unknown.

    `order` is the state of the order that it is about, where there is one; `also` holds intents that are as acceptable
    or asked for beside the first.
    """

    intent: str
    context: tuple[str, ...]
    text: str
    complaint: int | None
    emotion: str | None
    order: str | None = None
    also: tuple[str, ...] = ()

    @property
    def kept_back(self) -> bool:
        """Whether the encoder is not tuned on it, so that confidences can be fitted on what the encoder has not seen.

        One in `KEPT_BACK`, by its words alone, so that it stays so when others are added.
        """
        words = "|".join((*self.context, self.text)).encode()
        return int.from_bytes(blake2b(words, digest_size=4).digest(), "big") % KEPT_BACK == 0


@cache
def utterances() -> tuple[Utterance, ...]:
    """All of them, in the order of the file."""
    lines = files("models").joinpath("training/utterances.jsonl").read_text("utf-8").splitlines()
    return tuple(_utterance(json.loads(line)) for line in lines if line.strip())


def _utterance(row: dict[str, object]) -> Utterance:
    complaint, emotion, order = row.get("complaint"), row.get("emotion"), row.get("order")
    also = row.get("also")
    context = row["context"] if isinstance(row["context"], list) else []
    return Utterance(
        intent=str(row["intent"]),
        context=tuple(map(str, context)),
        text=str(row["text"]),
        complaint=complaint if isinstance(complaint, int) else None,
        emotion=emotion if isinstance(emotion, str) else None,
        order=order if isinstance(order, str) else None,
        also=tuple(map(str, also)) if isinstance(also, list) else (),
    )
