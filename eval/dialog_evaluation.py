"""Labelled dialogs through the whole suggester: every number, every case, and why a missed one was missed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.suggester import Suggester
from eval.ablation import ablation_table
from eval.baselines import baseline_table
from eval.case_results import by_intent, case_result, confusions, reasons
from eval.datasets import Case, cases, parse_dialogs, read_content
from eval.errors import DialogsUnreadable
from eval.latency import time_requests
from eval.leaks import leaks
from eval.metrics import measure
from eval.progress import Steps
from eval.result import DialogsResult, Input, Leak, Metrics, System
from eval.runs import CLOCK, Outcome, at_fixed_time, run, with_limit
from eval.sureness import out_of_scope, reliability, risk_coverage
from knowledge.snapshot import Snapshot

SHOWN, FURTHER = 3, 10  # what the sidebar asks for, and the depth of the reciprocal rank


@dataclass(frozen=True, slots=True)
class Dialogs:
    """Files of labelled dialogs, read: the cases of all of them in order, each with its file."""

    inputs: tuple[Input, ...]
    cases: tuple[Case, ...]

    @classmethod
    def read(cls, paths: Sequence[Path]) -> Dialogs:
        """All files; DialogsUnreadable names file, line and field."""
        return cls.of([(path, name, read_content(path)) for path, name in zip(paths, _names(paths), strict=True)])

    @classmethod
    def of(cls, files: Sequence[tuple[Path, str, bytes]]) -> Dialogs:
        """The same for files by path, name and content."""
        inputs, found = [], []
        for path, name, content in files:
            own = at_fixed_time(list(cases(parse_dialogs(path, content), SHOWN, name)))
            if not own:
                raise DialogsUnreadable(f"{path}：没有带标注（labels）的买家消息，也没有客服发起的对话，测不出什么。")
            inputs.append(Input(file=name, sha256=hashlib.sha256(content).hexdigest(), cases=len(own)))
            found += own
        return cls(tuple(inputs), tuple(_told_apart(found)))


def evaluate_dialogs(
    suggester: Suggester, dialogs: Dialogs, steps: Steps, *, baselines: bool = False, ablation: bool = False
) -> DialogsResult:
    """Everything that a run over the dialogs comes to."""
    everything = list(dialogs.cases)
    snapshot = suggester.base.snapshot()
    with steps("整套系统") as heard:
        outcomes = run(suggester, everything, heard)
    with steps("十条建议") as heard:
        further = run(suggester, with_limit(everything, FURTHER), heard)
    with steps("找错因") as heard:
        why = reasons(suggester, outcomes, heard)
    with steps("逐条计时") as heard:
        latency = time_requests(suggester, everything, heard)
    intents = by_intent(outcomes)
    found = leaks(outcomes, snapshot, suggester.default_shop)
    metrics = {**measure(outcomes, further), **_leak_counts(found)}
    return DialogsResult(
        inputs=list(dialogs.inputs),
        system=_system(suggester, snapshot),
        metrics=metrics,
        by_file=_by_file(dialogs, outcomes, further, found),
        by_intent=intents,
        reliability=reliability(outcomes),
        risk_coverage=risk_coverage(outcomes),
        out_of_scope=out_of_scope(outcomes),
        confusions=confusions(intents),
        cases=[case_result(each, reason) for each, reason in zip(outcomes, why, strict=True)],
        leaks=found,
        baselines=baseline_table(suggester, outcomes, metrics, steps) if baselines else None,
        ablation=ablation_table(suggester, everything, metrics, steps) if ablation else None,
        latency=latency,
    )


def _by_file(
    dialogs: Dialogs, outcomes: Sequence[Outcome], further: Sequence[Outcome], found: Sequence[Leak]
) -> dict[str, Metrics]:
    results = {}
    for each in dialogs.inputs:
        own, more = ([one for one in run if one.case.file == each.file] for run in (outcomes, further))
        ids = {one.case.id for one in own}
        results[each.file] = {**measure(own, more), **_leak_counts([leak for leak in found if leak.case in ids])}
    return results


def _leak_counts(found: Sequence[Leak]) -> Metrics:
    return {
        "leaks": float(len(found)),
        **{f"leaks_{kind}": float(sum(leak.kind == kind for leak in found))
           for kind in ("placeholder", "blocked", "unsourced")},
    }  # fmt: skip


def _system(suggester: Suggester, snapshot: Snapshot) -> System:
    return System(
        encoder=suggester.encoder.id,
        fitted_on=suggester.calibration.fitted_on,
        knowledge_revision=snapshot.revision,
        entries=len(snapshot.entries),
        clock=CLOCK.isoformat(),
    )


def _names(paths: Sequence[Path]) -> list[str]:
    """The files' names; with as many of their folders as tell two of one name apart, or a number as the last resort."""
    names = [path.name for path in paths]
    if len(set(names)) < len(names):
        names = [str(path) for path in paths]
    return [name if names.count(name) == 1 else f"{name} {names[:place].count(name) + 1}"
            for place, name in enumerate(names)]  # fmt: skip


def _told_apart(found: Sequence[Case]) -> list[Case]:
    """The cases with ids that occur once: a dialog's name that was taken before gets a number."""
    seen: dict[str, int] = {}
    apart = []
    for case in found:
        seen[case.id] = seen.get(case.id, 0) + 1
        apart.append(case if seen[case.id] == 1 else replace(case, dialog_id=f"{case.dialog_id}~{seen[case.id]}"))
    return apart
