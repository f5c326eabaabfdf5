"""The fitted numbers: what each signal is worth, for one encoder, on our own utterances. Small enough to read."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from models.errors import CalibrationUnusable
from models.heads import Heads, load_heads, save_heads

Weights: TypeAlias = dict[str, float]
"""Signal → weight; `bias` is added whatever the signals."""


class Calibration(BaseModel):
    """Weights of the linear models behind every probability in a response.

    `intent` is a conditional logit over intents (McFadden 1974), `match` one over entries of one intent; `reply` and
    `complaint` are logistic, `emotion` is one multinomial logit a label. `complaint_rate` says how
    often messages of an intent complain, `state_odds` how much likelier a state of the order makes each intent (log of
    the ratio). `complaint_from` is the probability from which a turn is taken for a complaint,
    `abstain_below` the probability of an answer under which nothing is suggested; `fitted_on` says what was seen.
    `heads` are too large to read and stand in a `.npz` beside the file.
    """

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    encoder_id: str
    intent: Weights
    reply: Weights
    match: Weights
    complaint: Weights
    emotion: dict[str, Weights]
    complaint_rate: dict[str, float]
    state_odds: dict[str, Weights] = Field(default_factory=dict)
    complaint_from: float
    abstain_below: float
    fitted_on: dict[str, int | float | str]
    heads: Heads = Field(default_factory=Heads, exclude=True)


def load_calibration(encoder_id: str, path: Path | None = None) -> Calibration:
    """The calibration in a file (default: the shipped one); CalibrationUnusable when it is another encoder's."""
    source = path or Path(str(files("models").joinpath("weights/calibration.json")))
    try:
        calibration = Calibration.model_validate_json(source.read_bytes())
    except (OSError, ValidationError) as error:
        raise CalibrationUnusable(
            f"校准文件 {source} 读不出来：{error}；请运行 xiaoer models fit 重新生成。"
        ) from error
    if calibration.encoder_id != encoder_id:
        raise CalibrationUnusable(
            f"校准文件 {source} 属于编码器 {calibration.encoder_id}，现在用的是 {encoder_id}；"
            "请运行 xiaoer models fit 为它重新校准。"
        )
    return calibration.model_copy(update={"heads": load_heads(heads_beside(source))})


def save_calibration(calibration: Calibration, path: Path) -> None:
    """Write a calibration for `load_calibration`; weights are rounded to six significant digits, heads to three."""
    save_heads(calibration.heads, heads_beside(path))
    rounded = json.loads(calibration.model_dump_json(), parse_float=lambda digits: float(f"{float(digits):.6g}"))
    path.write_text(json.dumps(rounded, indent=1, ensure_ascii=False) + "\n", "utf-8")


def heads_beside(path: Path) -> Path:
    """Where the heads of a calibration file are."""
    return path.with_suffix(".npz")


def linear(weights: Weights, signals: dict[str, float]) -> float:
    """The weighted sum of the signals and the bias; a signal without a weight counts nothing."""
    return weights.get("bias", 0.0) + sum(weights.get(name, 0.0) * value for name, value in signals.items())
