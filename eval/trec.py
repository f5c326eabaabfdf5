"""Runs in the format of TREC: query, Q0, document, rank, score, name of the system."""

from __future__ import annotations

from eval.ranked import Run

SYSTEM = "xiaoer"


def trec_run(run: Run) -> str:
    """A line for every document found, best first; scores as exact as they are, so that a reader sorts alike."""
    lines = [
        f"{query} Q0 {document} {rank} {score!r} {SYSTEM}\n"
        for query, found in run.items()
        for rank, (document, score) in enumerate(found.items(), start=1)
    ]
    return "".join(lines)
