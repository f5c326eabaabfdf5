"""The command `xiaoer` as it is installed: everything that the service can do, `xiaoer models`, `xiaoer eval`."""

from __future__ import annotations

import typer

from assistant.service.cli import build_app, run
from eval.commands import fit
from eval.commands.compare import compare
from eval.commands.dialogs import dialogs
from eval.commands.gate import gate
from eval.commands.retrieval import retrieval
from eval.errors import EvaluationError, InputUnreadable, OutputUnwritable
from eval.serving import DialogsEvaluator
from knowledge.errors import ImportFailed, KnowledgeError
from models.errors import ModelError

evaluations = typer.Typer(help="测评：标注对话过整套系统，或问答集合过检索，并与简单办法比较。", no_args_is_help=True)
evaluations.command("dialogs")(dialogs)
evaluations.command("retrieval")(retrieval)
evaluations.command("compare")(compare)
evaluations.command("gate")(gate)
app = build_app(("models", fit.app), ("eval", evaluations), evaluator=DialogsEvaluator())


def main() -> None:
    """Run the command: exit 0 on success, 2 on bad usage or unreadable input, 1 on failure, never a traceback."""
    run(app, (ImportFailed, InputUnreadable, OutputUnwritable), (KnowledgeError, ModelError, EvaluationError))


if __name__ == "__main__":
    main()
