"""The command `xiaoer`: its help teaches, its exit codes tell success, failure and misuse apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.cells import cell_len
from typer import rich_utils
from typer.testing import CliRunner

from eval.cli import app
from tests.service_processes import ROOT, xiaoer

pytest_plugins = ["tests.service_fixtures"]


def commands(group: Any, *path: str) -> Iterator[tuple[str, ...]]:
    """The path of every command, groups too."""
    yield path
    for name, command in getattr(group, "commands", {}).items():
        yield from commands(command, *path, name)


def find(path: tuple[str, ...]) -> Any:
    """The command of a path."""
    command: Any = TREE
    for name in path:
        command = command.commands[name]
    return command


TREE: Any = typer.main.get_command(app)
ALL = list(commands(TREE))
LEAVES = [path for path in ALL if path and not any(other[: len(path)] == path for other in ALL if other != path)]


def test_the_commands_are_those_of_the_contract() -> None:
    contract = {("serve",), ("suggest",), *(("kb", verb) for verb in ("import", "export", "check", "rebuild"))}
    assert contract <= set(LEAVES)


@pytest.mark.parametrize("path", [path for path in ALL if path not in LEAVES], ids=" ".join)
def test_the_help_of_a_group_tells_in_chinese_what_each_command_does(empty_data: Path, path: tuple[str, ...]) -> None:
    done = xiaoer(empty_data, *path, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    for name in vars(find(path))["commands"]:
        assert re.search(rf"{name} +.*[一-鿿]{{4}}", done.stdout), name


@pytest.mark.parametrize("path", [("suggest",), ("kb", "import")], ids=" ".join)
def test_the_help_of_a_command_shows_all_that_it_knows(empty_data: Path, path: tuple[str, ...]) -> None:
    done = xiaoer(empty_data, *path, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"例：xiaoer {' '.join(path)} " in done.stdout
    assert "[dim]" not in done.stdout
    assert not empty_data.exists()


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_no_help_text_is_cut_on_a_terminal_of_80_columns(
    path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rich_utils, "MAX_WIDTH", 80)
    done = CliRunner().invoke(app, [*path, "--help"])
    assert done.exit_code == 0
    assert max(map(cell_len, done.stdout.splitlines())) <= 80
    assert "…" not in done.stdout


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_and_option_is_explained_in_chinese(path: tuple[str, ...]) -> None:
    command = find(path)
    assert len(re.findall("[一-鿿]", command.help or "")) >= 8
    for parameter in command.params:
        assert re.search("[一-鿿]", vars(parameter).get("help") or ""), parameter.name


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_that_wants_something_shows_an_example_that_parses(path: tuple[str, ...]) -> None:
    command = find(path)
    examples = re.findall(r"xiaoer ([^\[\n<|]+)", command.help or "")
    wanted = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    assert examples or not wanted, "show how the argument is written"
    for example in examples:
        words = example.split()
        assert tuple(words[: len(path)]) == path, example
        command.make_context("xiaoer", words[len(path) :])


def test_the_command_alone_shows_its_help_and_is_misuse(empty_data: Path) -> None:
    done = xiaoer(empty_data)
    assert done.returncode == 2
    assert "suggest" in done.stdout + done.stderr
    assert not empty_data.exists(), "asking for help touches nothing"


@pytest.mark.parametrize(
    "arguments",
    [["sugest", "在吗"], ["kb"], ["kb", "improt", "x"], ["suggest"], ["suggest", "在吗", "--jsn"], ["kb", "import"]],
)
def test_misuse_exits_with_2_and_touches_nothing(empty_data: Path, arguments: list[str]) -> None:
    done = xiaoer(empty_data, *arguments)
    assert done.returncode == 2
    assert done.stdout + done.stderr
    assert not empty_data.exists()


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [("log_level", "loud", "debug"), ("max_body_bytes", "many", "例如"), ("default_shop", "", "请填写")],
)
def test_a_setting_that_cannot_be_meant_is_named_as_the_variable_it_is(
    empty_data: Path, name: str, value: str, remedy: str
) -> None:
    done = xiaoer(empty_data, "kb", "check", settings={name: value})
    assert done.returncode == 2
    assert f"XIAOER_{name.upper()}" in done.stderr
    assert remedy in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("url", "word"),
    [("mysql://localhost/x", "mysql"), ("nonsense", "写法不对"), ("sqlite://", "文件路径")],
)
def test_a_database_that_cannot_be_used_is_said_in_one_sentence(empty_data: Path, url: str, word: str) -> None:
    done = xiaoer(empty_data, "kb", "check", settings={"database_url": url})
    assert done.returncode == 1
    assert word in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_logs_go_to_standard_error_and_only_from_the_level_asked_for(data: Path) -> None:
    (data / "index" / "manifest.json").unlink()
    quiet = xiaoer(data, "kb", "export", "-", settings={"log_level": "error"})
    assert (quiet.returncode, quiet.stderr) == (0, "")
    (data / "index" / "manifest.json").unlink()
    told = xiaoer(data, "kb", "export", "-")
    assert "index_absent_building_it" in told.stderr
    assert "index_absent" not in told.stdout


def test_the_command_is_installed_under_its_name() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    assert 'xiaoer = "eval.cli:main"' in text
