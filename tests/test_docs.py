"""The documents say what is true: every command, setting and route is in both READMEs, and their examples work."""

from __future__ import annotations

import io
import json
import re
import threading
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest
import typer
import uvicorn

from assistant.request import SuggestionRequest
from assistant.service.api import create_app
from assistant.service.settings import Settings
from assistant.service.wiring import Parts
from eval.cli import app as command
from knowledge.checks import check_entry
from knowledge.exchange.encoding import decoded
from knowledge.exchange.jsonl import read_rows
from models import errors
from models.errors import ModelError
from tests.starter_fixtures import starter_parts as starter_parts

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text(name), re.DOTALL)


@pytest.fixture(scope="module")
def port(starter_parts: Parts) -> Iterator[int]:
    """A running server over the starter knowledge."""
    config = uvicorn.Config(create_app(starter_parts), port=0, log_level="warning", lifespan="off")
    listener = config.bind_socket()
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield listener.getsockname()[1]
    server.should_exit = True
    thread.join()
    listener.close()


@pytest.mark.parametrize("readme", READMES)
def test_every_command_is_in_the_readme(readme: str) -> None:
    group = typer.main.get_command(command)
    names = set(getattr(group, "commands", {}))
    assert names == {"serve", "suggest", "kb", "keys", "models", "eval"}
    for name in names:
        assert f"xiaoer {name}" in text(readme), name
    for verb in ("import", "export", "check", "rebuild"):
        assert f"xiaoer kb {verb}" in text(readme)


@pytest.mark.parametrize("readme", READMES)
def test_every_setting_is_in_the_readme_with_its_default(readme: str) -> None:
    for name, field in Settings.model_fields.items():
        row = next(line for line in text(readme).splitlines() if line.startswith(f"| `XIAOER_{name.upper()}`"))
        if name not in ("database_url", "embed_origins", "rate_limit"):
            assert str(field.default) in row


@pytest.mark.parametrize("readme", READMES)
def test_every_route_is_in_the_readme(readme: str, starter_parts: Parts) -> None:
    for path in create_app(starter_parts).openapi()["paths"]:
        assert re.sub(r"\{\w+\}", "{id}", path) in text(readme), path


@pytest.mark.parametrize("readme", READMES)
def test_the_entry_of_the_readme_can_be_imported(readme: str) -> None:
    (example,) = blocks(readme, "json")
    (row,) = read_rows(io.StringIO(example))
    assert row.draft is not None
    assert not row.problems
    assert list(check_entry(row.draft)) == []


@pytest.mark.parametrize("readme", READMES)
def test_the_python_example_prints_the_material(readme: str, port: int) -> None:
    (example,) = blocks(readme, "python")
    printed = io.StringIO()
    with redirect_stdout(printed):
        exec(compile(example.replace(":8000/", f":{port}/"), readme, "exec"), {})  # noqa: S102
    assert "棉" in printed.getvalue().splitlines()[0]


@pytest.mark.parametrize("readme", READMES)
def test_the_curl_example_sends_a_valid_request(readme: str, starter_parts: Parts) -> None:
    body = next(re.search(r"-d '(.*?)'", block, re.DOTALL) for block in blocks(readme, "sh") if "curl" in block)
    assert body is not None
    request = SuggestionRequest.model_validate(json.loads(body.group(1)))
    assert request.conversation_id, "without one it is not in the reports"
    assert starter_parts.suggester.suggest(request).suggestions[0].intent == "order.change_address"


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_names_the_encodings_that_a_table_may_have(readme: str) -> None:
    row = "编号,标准问"
    for name, encoding in (("UTF-8", "utf-8-sig"), ("UTF-8", "utf-8"), ("UTF-16", "utf-16"), ("GBK", "gbk")):
        assert name in text(readme)
        assert decoded(row.encode(encoding)) == row
    assert "GB18030" in text(readme)
    assert decoded("编号,㐂".encode("gb18030")) == "编号,㐂"
    assert not re.search("any Chinese encoding|各种中文编码", text(readme))


def test_both_readmes_have_the_same_sections_and_examples() -> None:
    english, chinese = (re.findall(r"^#+ ", text(name), re.MULTILINE) for name in READMES)
    assert english == chinese
    assert blocks(READMES[0], "json") == blocks(READMES[1], "json")
    assert blocks(READMES[0], "python") == blocks(READMES[1], "python")


def test_every_file_that_the_documents_name_exists() -> None:
    for name in (*READMES, "ARCHITECTURE.md"):
        for target in re.findall(r'(?:\]\((?!http)|src(?:set)?=")([^)#"]+)', text(name)):
            assert (ROOT / target).exists(), f"{name}: {target}"
    for name in ("ARCHITECTURE.md", "docs/where-things-are.md"):
        for path in re.findall(r"`((?:assistant|knowledge|models|eval)/[\w./-]*\.(?:py|yaml|npz))`", text(name)):
            assert (ROOT / path).exists(), f"{name}: {path}"


def test_the_error_tree_in_the_docstring_names_every_error() -> None:
    for kind in ModelError.__subclasses__():
        assert kind.__name__ in str(errors.__doc__)
