"""Progress of long steps: bars at a terminal that vanish, a line now and then in a file or a pipe."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from eval import progress
from eval.progress import shown_steps


@pytest.mark.parametrize(("every", "told"), [(0.0, ["按本店[调整] 1/2", "按本店[调整] 2/2"]), (3600.0, [])])
def test_where_no_terminal_is_a_step_says_that_it_begins_and_now_and_then_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, every: float, told: list[str]
) -> None:
    monkeypatch.setattr(progress, "EVERY_S", every)
    written = StringIO()
    with shown_steps(Console(file=written)) as steps, steps("按本店[调整]") as heard:
        heard(1, 2)
        heard(2, 2)
    assert written.getvalue().splitlines() == ["按本店[调整]……", *told]


def test_at_a_terminal_a_step_has_a_bar_and_leaves_no_line() -> None:
    written = StringIO()
    console = Console(file=written, force_terminal=True, width=80, _environ={"TERM": "xterm"})
    with shown_steps(console) as steps, steps("按本店调整") as heard:
        heard(1, 2)
    assert "━" in written.getvalue()
    assert "……" not in written.getvalue()
    assert "1/2" not in written.getvalue()
