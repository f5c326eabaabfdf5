"""Results of evaluations, written by hand, small enough to know every number of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.explanation import Explained
from eval.result import (
    Bin,
    CaseResult,
    Confusion,
    CoveragePoint,
    DialogsResult,
    Input,
    IntentResult,
    Judged,
    Latency,
    Leak,
    OutOfScope,
    Percentiles,
    RetrievalResult,
    Row,
    Suggested,
    System,
)

_TIMES = Percentiles(p50=10.0, p95=20.0, p99=30.0)
WHY: dict[str, Any] = {
    "query": "能不能便宜点",
    "intents": [
        {"code": "pre.size", "probability": 0.7, "signals": {}, "contributions": {"dense": 2.0, "lexical": 0.5}},
        {"code": "pre.bargain", "probability": 0.2, "signals": {}, "contributions": {"dense": 1.0, "lexical": 0.75}},
    ],
    "entries": [],
}  # fmt: skip


def case(key: str, *, right: bool = True, **fields: Any) -> CaseResult:
    """A case about bargaining that was answered so, or taken for a question of size."""
    got = "pre.bargain" if right else "pre.size"
    given = {
        "id": key,
        "file": "a.jsonl",
        "text": f"能不能便宜点 {key}",
        "context": [],
        "wanted": ["pre.bargain"],
        "understood": [got],
        "labelled": Judged(complaint=False, emotion="neutral"),
        "said": Judged(complaint=False, emotion="neutral"),
        "suggestions": [suggested(got)],
        "right_first": right,
        "right_three": right,
        "abstained": False,
        "score": 0.8,
        "tags": ["price"],
        "why": None if right else Explained.model_validate(WHY),
    }
    return CaseResult.model_validate(given | fields)


def suggested(intent: str, text: str = "亲，这款已经是活动价了。", sure: float = 0.8) -> Suggested:
    """A suggestion of an intent."""
    return Suggested(intent=intent, confidence=sure, entry_id="policy-1", text=text, fallback=False)


def outside(key: str, *, abstained: bool) -> CaseResult:
    """A message outside the job, met with silence or answered."""
    got: list[Suggested] = [] if abstained else [suggested("pre.size")]
    return case(
        key,
        right=abstained,
        wanted=["other.chitchat"],
        suggestions=got,
        abstained=abstained,
        score=0.1 if abstained else 0.6,
        tags=["outside"],
    )


def _bin(place: int) -> Bin:
    """As many turns as its number, all of them right."""
    sure, right = (place / 10 + 0.05, 1.0) if place else (None, None)
    return Bin(low=place / 10, high=(place + 1) / 10, n=place, confidence=sure, accuracy=right)


def dialogs_result(cases: Sequence[CaseResult], **fields: Any) -> DialogsResult:
    """A whole result around the cases; its other numbers are plausible and fixed."""
    judged = [each for each in cases if each.right_first is not None]
    first = sum(bool(each.right_first) for each in judged) / max(1, len(judged))
    given = {
        "inputs": [Input(file="a.jsonl", sha256="0" * 64, cases=len(cases))],
        "system": System(encoder="e5@1", fitted_on={}, knowledge_revision=1, entries=500),
        "metrics": {"turns": float(len(judged)), "success_at_1": first, "leaks": 0.0, "calibration_error": 0.05,
                    "entry_success_at_1": None},
        "by_file": {"a.jsonl": {"turns": float(len(judged)), "success_at_1": first}},
        "by_intent": {"pre.bargain": IntentResult(n=9, first=first, within_three=1.0, confused_with={"pre.size": 2})},
        "reliability": [_bin(place) for place in range(10)],
        "risk_coverage": [CoveragePoint(coverage=0.5, risk=0.0, threshold=0.9),
                          CoveragePoint(coverage=0.9, risk=0.1, threshold=0.5),
                          CoveragePoint(coverage=0.97, risk=0.12, threshold=0.2)],
        "out_of_scope": OutOfScope(inside=10, outside=2, auroc=0.9, answered=0.5, threshold_at_95=0.5,
                                   answered_at_95=0.25),
        "confusions": [Confusion(wanted="pre.bargain", got="pre.size", n=2),
                       Confusion(wanted="other.chitchat", got="silence", n=1)],
        "cases": list(cases),
        "leaks": [],
        "latency": Latency(requests=20, total=_TIMES, stages={"encode": _TIMES, "retrieve": _TIMES}),
    }  # fmt: skip
    return DialogsResult.model_validate(given | fields)


def with_tables(result: DialogsResult) -> DialogsResult:
    """The result with a baseline, an ablation and a leak."""
    rows = [
        Row(name="bm25", note="BM25：只用字面索引", metrics={"success_at_1": 0.25}),
        Row(name="system", note="整套系统", metrics={"success_at_1": 0.75}),
    ]
    leak = Leak(case="c-1#0", kind="unsourced", rank=1, text="满 300 减 50", found=["300", "50"])
    return result.model_copy(update={"baselines": rows, "ablation": rows[::-1], "leaks": [leak]})


def retrieval_result(queries: dict[str, float]) -> RetrievalResult:
    """A result of retrieval with these measures."""
    return RetrievalResult(
        inputs=[],
        system=System(encoder="e5@1", fitted_on={}, knowledge_revision=None, entries=9),
        metrics={"ndcg_at_10": sum(queries.values()) / len(queries)},
        queries=queries,
        latency=Latency(requests=1, total=_TIMES, stages={}),
    )


def saved(path: Path, result: DialogsResult | RetrievalResult) -> Path:
    """The result as a file, as `--json` writes it."""
    path.write_text(result.model_dump_json(indent=2), "utf-8")
    return path
