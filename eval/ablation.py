"""Ablation: the same run with one part switched off at a time, in a copy of the calibration.

A signal that is switched off stands still at its mean over the run: its weight is 0 and what it usually contributes
goes into the constant. (Without that, a cosine that is never below 0.8 would take its whole offset with it, and every
turn would end in silence.) The other weights stay as they were fitted together; what a refit without the part would
reach is not measured.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache

from assistant.evidence import NONE
from assistant.explanation import Explained
from assistant.suggester import Suggester
from eval.datasets import Case
from eval.metrics import measure
from eval.progress import Steps
from eval.result import Metrics, Row
from eval.runs import run, spread
from models.calibration import Calibration, Weights
from models.data_files import read_data

CONSTANTS = ("bias", "none")
SAMPLED = 200  # turns that the usual signals are the means of
REPORTED = (
    "success_at_1", "success_at_3", "intent_accuracy", "complaint_f1", "emotion_macro_f1", "calibration_error",
    "abstained", "outside_answered",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Usual:
    """Mean signals over a run, by the model that weighs them."""

    intent: Weights
    none: Weights
    reply: Weights
    complaint: Weights
    emotion: Weights


@dataclass(frozen=True, slots=True)
class Part:
    """Signals, or patterns of their names, that are switched off together."""

    name: str
    zh: str
    signals: frozenset[str]


def ablation_table(suggester: Suggester, cases: Sequence[Case], metrics: Metrics, steps: Steps) -> list[Row]:
    """The system as it is, then without each of its parts; `metrics` are those of the system as it is."""
    rows = [_row("system", "整套系统", metrics)]
    usual = usual_signals([suggester.explain(case.request) for case in spread(cases, SAMPLED)])
    for part in parts(suggester.calibration):
        with steps(part.zh) as heard:
            without = replace(suggester, calibration=without_signals(suggester.calibration, part.signals, usual))
            rows.append(_row(part.name, part.zh, measure(run(without, cases, heard))))
    return rows


def _row(name: str, note: str, metrics: Metrics) -> Row:
    return Row(name=name, note=note, metrics={each: metrics[each] for each in REPORTED})


def parts(calibration: Calibration) -> list[Part]:
    """Every part that has a signal with a weight other than 0 in this calibration, in the order of `signals.yaml`."""
    grouped: dict[str, set[str]] = {part.name: set() for part in _table()}
    for name, weights in sorted(signal_weights(calibration).items()):
        if any(weights):
            grouped.setdefault(_part_of(name), set()).add(name)
    titles = {part.name: part.zh for part in _table()}
    filled = {name: signals for name, signals in grouped.items() if signals}
    return [Part(name, titles.get(name, f"不看信号 {name}"), frozenset(signals)) for name, signals in filled.items()]


def _part_of(signal: str) -> str:
    return next(
        (part.name for part in _table() if any(fnmatchcase(signal, pattern) for pattern in part.signals)), signal
    )


def signal_weights(calibration: Calibration) -> dict[str, list[float]]:
    """Every signal's weights in all models of the calibration, without the constants."""
    found: dict[str, list[float]] = {}
    for weights in _models(calibration):
        for name, value in weights.items():
            if name not in CONSTANTS:
                found.setdefault(name, []).append(value)
    return found


def usual_signals(reasons: Sequence[Explained]) -> Usual:
    """The means over turns: of the likeliest intent, of `none`, of the first entry, of what feelings are read from."""
    told = [each for each in reasons if each.entries and each.complaint]
    return Usual(
        intent=_mean([next(one for one in each.intents if one.code != NONE).signals for each in told]),
        none=_mean([one.signals for each in told for one in each.intents if one.code == NONE]),
        reply=_mean([each.entries[0].signals for each in told]),
        complaint=_mean([each.complaint.signals for each in told if each.complaint]),
        emotion=_mean([each.emotions[0].signals for each in told]),
    )


def _mean(rows: Sequence[Weights]) -> Weights:
    names = {name for row in rows for name in row}
    return {name: sum(row.get(name, 0.0) for row in rows) / len(rows) for name in names}


def without_signals(calibration: Calibration, signals: Collection[str], usual: Usual) -> Calibration:
    """The calibration with these signals standing still at their usual values."""
    intent = calibration.intent
    nothing = _share(intent, signals, usual.none) - _share(intent, signals, usual.intent)
    return calibration.model_copy(
        update={
            # No constant can be added to all intents but one can be taken from the alternative to all of them.
            "intent": _with(_zeroed(intent, signals), "none", nothing),
            "reply": _still(calibration.reply, signals, usual.reply),
            "match": _zeroed(calibration.match, signals),
            "complaint": _still(calibration.complaint, signals, usual.complaint),
            "emotion": {label: _still(each, signals, usual.emotion) for label, each in calibration.emotion.items()},
        }
    )


def _still(weights: Weights, signals: Collection[str], usual: Weights) -> Weights:
    return _with(_zeroed(weights, signals), "bias", _share(weights, signals, usual))


def _share(weights: Weights, signals: Collection[str], usual: Weights) -> float:
    """What the signals usually contribute."""
    return sum(weights.get(name, 0.0) * usual.get(name, 0.0) for name in signals)


def _zeroed(weights: Weights, signals: Collection[str]) -> Weights:
    return {name: 0.0 if name in signals else value for name, value in weights.items()}


def _with(weights: Weights, constant: str, more: float) -> Weights:
    return weights | {constant: weights.get(constant, 0.0) + more}


def _models(calibration: Calibration) -> list[Mapping[str, float]]:
    one = [calibration.intent, calibration.reply, calibration.match, calibration.complaint]
    return [*one, *calibration.emotion.values()]


@cache
def _table() -> list[Part]:
    """The parts with patterns in place of signals."""
    rows = read_data("eval", "signals.yaml")
    return [Part(row["part"], row["zh"], frozenset(row["signals"])) for row in rows]
