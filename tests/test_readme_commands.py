"""Whoever follows a README from top to bottom, word for word, gets what it says."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.service_processes import ROOT, Server, environment, serving, xiaoer

pytest_plugins = ["tests.service_fixtures"]

SECTIONS = {
    "README.md": ("Knowledge", "The API", "Keys and roles"),
    "README.zh-CN.md": ("知识", "接口", "密钥和角色"),
}


def section(readme: str, name: str) -> str:
    """The text under a heading."""
    found = re.search(rf"^## {name}\n(.*?)(?=^## )", (ROOT / readme).read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert found, name
    return found[1]


def blocks(text: str, language: str) -> list[str]:
    """What stands in the blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder in which `.venv/bin/xiaoer` is there, as after `make install`."""
    command = tmp_path / "clone" / ".venv" / "bin" / "xiaoer"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m eval.cli "$@"\n')
    command.chmod(0o755)
    return tmp_path / "clone"


def follow(clone: Path, data: Path, script: str) -> str:
    """What a shell prints that runs a block, each of whose commands must succeed."""
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=clone, env=environment(data, {}), capture_output=True, timeout=240, check=False, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


@pytest.mark.parametrize("readme", SECTIONS)
def test_the_commands_for_knowledge_work_on_what_stands_beside_them(readme: str, clone: Path, data: Path) -> None:
    knowledge = section(readme, SECTIONS[readme][0])
    (entry,) = blocks(knowledge, "json")
    (clone / "new.jsonl").write_text(entry, "utf-8")
    own, foreign = (follow(clone, data, block) for block in blocks(knowledge, "sh"))
    assert "新增 policy-gift-wrap" in own
    assert "共读 1 行：新增 1" in foreign
    assert "--map" in knowledge
    without = re.sub(r" --map \S+", "", blocks(knowledge, "sh")[1])
    with pytest.raises(AssertionError, match="没有找到“标准问”这一列"):
        follow(clone, data, without)  # so the example shows what the option is for


@pytest.mark.skipif(not shutil.which("curl"), reason="the examples ask by curl")
@pytest.mark.parametrize("readme", SECTIONS)
def test_the_examples_work_before_the_first_key_and_with_it(readme: str, clone: Path, data: Path) -> None:
    _, api, keys = (section(readme, name) for name in SECTIONS[readme])
    with serving(data) as server:
        (asked,) = blocks(api, "sh")
        assert answered(follow(clone, data, at(server, asked))) == "policy-address"
        made, other_machines = blocks(keys, "sh")
        owner, plug_in, answer = follow(clone, data, at(server, made)).split("\n", 2)
        assert answered(answer) == "policy-address"
        assert role(server, owner) == ("admin", None)
        assert role(server, plug_in) == ("agent", "demo")
        assert counted(server, owner), "what was asked with a conversation_id is in the reports"
    assert other_machines.strip().endswith("serve --host 0.0.0.0")
    assert xiaoer(data, "keys", "list").stdout.count("demo") == 1


def answered(response: str) -> str:
    """The entry that the first suggestion is from."""
    entry: str = json.loads(response)["suggestions"][0]["source"]["entry_id"]
    return entry


def counted(server: Server, secret: str) -> bool:
    """Whether the report knows of a message, as it does soon after the answer."""
    with server.client(Authorization=f"Bearer {secret}") as client:
        for _ in range(100):
            if client.get("/v1/insight").json()["explanation"] is None:
                return True
            time.sleep(0.1)
    return False


def at(server: Server, script: str) -> str:
    """The block for a server on another port."""
    assert "http://127.0.0.1:8000" in script
    return script.replace("http://127.0.0.1:8000", server.url)


def role(server: Server, secret: str) -> tuple[str, str | None]:
    """Whose key it is."""
    with server.client(Authorization=f"Bearer {secret}") as client:
        session = client.get("/v1/session").json()
    return session["role"], session["shop_id"]


@pytest.mark.parametrize("readme", SECTIONS)
def test_keys_come_after_the_examples_that_need_none(readme: str) -> None:
    text = (ROOT / readme).read_text("utf-8")
    assert text.index("curl -s") < text.index("keys create")
    assert text.index("--role admin") < text.index("--role agent")
