"""The command `xiaoer`: serve, suggest, and the care of knowledge and keys."""

from __future__ import annotations

import sys
from typing import Annotated

import structlog
import typer
from pydantic import ValidationError
from rich.console import Console

from assistant.service.commands import kb, keys, serve, suggest
from assistant.service.evaluator import EVALUATOR, Evaluator
from assistant.service.logs import configure_logs
from assistant.service.settings import Settings
from knowledge.errors import ImportFailed, KnowledgeError
from knowledge.exchange.field_problems import field_problems
from models.errors import ModelError

log = structlog.get_logger()


def build_app(*more: tuple[str, typer.Typer], evaluator: Evaluator | None = None) -> typer.Typer:
    """The command with all its groups, and `more` of them by name from packages that stand above this one.

    `evaluator` is what the service evaluates with; it comes from above, too.
    """

    def begin(
        context: typer.Context, verbose: Annotated[bool, typer.Option("--verbose", help="多记日志")] = False
    ) -> None:
        context.meta[EVALUATOR] = evaluator
        _settings(context, verbose)

    command = typer.Typer(
        name="xiaoer",
        help="小二：淘宝客服的回复助手。读懂买家的话，从店铺自己审核过的知识里给出可直接发送的回复。",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        callback=begin,
    )
    command.command("serve")(serve.serve)
    command.command("suggest")(suggest.suggest)
    for name, group in (("kb", kb.app), ("keys", keys.app), *more):
        command.add_typer(group, name=name)
    return command


def _settings(context: typer.Context, verbose: bool) -> None:
    try:
        settings = Settings()
    except ValidationError as error:
        wrong = "；".join(f"环境变量 XIAOER_{p.field.upper()} {p.reason}（{p.remedy}）" for p in field_problems(error))
        raise typer.BadParameter(wrong) from error
    configure_logs("debug" if verbose else settings.log_level)
    context.obj = settings


def run(
    command: typer.Typer,
    unreadable: tuple[type[Exception], ...] = (ImportFailed,),
    failed: tuple[type[Exception], ...] = (KnowledgeError, ModelError),
) -> None:
    """Run a command: exit 0 on success, 2 on bad usage or what is `unreadable`, 1 on failure, never a traceback."""
    try:
        command()
    except unreadable as error:
        _fail(str(error), 2)
    except failed as error:
        _fail(str(error), 1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        log.error("unexpected_error", exc_info=error)
        _fail("程序内部出错，详情见上面的日志；请带上它联系维护者。", 1)


def _fail(message: str, code: int) -> None:
    Console(stderr=True, soft_wrap=True).print(message, style="red", markup=False, highlight=False)
    sys.exit(code)


app = build_app()


def main() -> None:
    """The command without what stands above this package."""
    run(app)


if __name__ == "__main__":
    main()
