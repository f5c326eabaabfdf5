"""`xiaoer kb`: a report row by row, all or nothing, and nothing lost on the way out and in again."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from knowledge.store import Store
from tests.entry_examples import draft
from tests.service_processes import xiaoer
from tests.small_knowledge import settings_over
from tests.table_examples import HEADINGS, SHIP, csv_bytes

pytest_plugins = ["tests.service_fixtures"]


def lines(*rows: Any) -> bytes:
    """A `.jsonl` file; a row that is not a dict is written as it is."""
    return b"".join(
        (row if isinstance(row, bytes) else json.dumps(row, ensure_ascii=False).encode()) + b"\n" for row in rows
    )


def row(entry_id: str, **fields: Any) -> dict[str, Any]:
    return draft(entry_id, **fields).model_dump(mode="json")


def exported(data: Path) -> dict[str, dict[str, Any]]:
    """What the knowledge holds, by id."""
    with closing(Store(settings_over(data).store_url)) as store:
        return {each.id: each.model_dump(mode="json") for each in store.every_entry()}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "新品.jsonl"


def test_the_report_tells_what_became_of_every_row(data: Path, file: Path) -> None:
    file.write_bytes(lines(row("new-1"), row("policy-ship"), row("policy-address", title="改地址"), b"", row("new-2")))
    done = xiaoer(data, "kb", "import", str(file))
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "第 1 行 新增 new-1",
        "第 2 行 未变 policy-ship",
        "第 3 行 更新 policy-address",
        "第 5 行 新增 new-2",
        "共读 4 行：新增 2，未变 1，更新 1",
    ]
    assert exported(data).keys() == {"new-1", "new-2", "policy-ship", "policy-address"}


def test_what_was_imported_is_suggested_and_the_index_agrees(data: Path, file: Path) -> None:
    file.write_bytes(lines(row("policy-engrave", title="可以刻字吗", questions=["杯子能刻名字吗"])))
    assert xiaoer(data, "kb", "import", str(file)).returncode == 0
    answer = json.loads(xiaoer(data, "suggest", "杯子能刻名字吗", "--json").stdout)
    assert answer["suggestions"][0]["source"]["entry_id"] == "policy-engrave"
    assert xiaoer(data, "kb", "check").returncode == 0


BAD = {
    "第 2 行": b"{not json",
    "意图": row("bad-intent", intent="no.such"),
    "titel": {**row("bad-field"), "titel": "错字"},
    "占位符": row("bad-words", answers=["亲，{查无此项}"]),
    "第 1 行的编号": row("good"),
}


@pytest.mark.parametrize("word", BAD)
def test_one_bad_row_and_nothing_is_stored(data: Path, file: Path, word: str) -> None:
    file.write_bytes(lines(row("good"), BAD[word], row("also-good")))
    done = xiaoer(data, "kb", "import", str(file))
    assert done.returncode == 1
    failed = next(line for line in done.stdout.splitlines() if line.startswith("第 2 行 失败"))
    assert word in failed
    (unwritten,) = [line for line in done.stdout.splitlines() if "没有问题" in line]
    assert unwritten.startswith("另外 2 行没有问题，但文件里有错误的行，所以没有写入；请改正出错的行后重新导入整个文件")
    assert len(done.stdout.splitlines()) == 3, "the bad row, the good ones in one line, the counts"
    assert exported(data).keys() == {"policy-ship", "policy-address"}


def test_keep_going_stores_the_good_rows_and_still_fails(data: Path, file: Path) -> None:
    file.write_bytes(lines(row("good"), *[BAD[word] for word in list(BAD)[:-1]], row("also-good")))
    done = xiaoer(data, "kb", "import", str(file), "--keep-going")
    assert done.returncode == 1, "what was left out needs somebody's attention"
    assert done.stdout.splitlines()[-1] == "共读 6 行：新增 2，失败 4"
    assert exported(data).keys() == {"policy-ship", "policy-address", "good", "also-good"}
    assert xiaoer(data, "kb", "check").returncode == 0


def test_a_file_that_is_not_utf8_is_told_how_to_save_it(data: Path, file: Path) -> None:
    file.write_bytes(json.dumps(row("gbk"), ensure_ascii=False).encode("gbk"))
    gbk = xiaoer(data, "kb", "import", str(file))
    assert gbk.returncode == 1
    assert "UTF-8" in gbk.stdout
    file.write_bytes(json.dumps(row("utf16"), ensure_ascii=False).encode("utf-16"))
    utf16 = xiaoer(data, "kb", "import", str(file))
    assert utf16.returncode == 2
    assert "UTF-8" in utf16.stderr
    assert exported(data).keys() == {"policy-ship", "policy-address"}


@pytest.mark.parametrize("name", ["没有.jsonl", "没有.csv", "表.doc", "夹.jsonl"])
def test_a_file_that_cannot_be_read_at_all_is_misuse_in_one_sentence(data: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / "表.doc").write_text("编号,标题\n", "utf-8")
    (tmp_path / "夹.jsonl").mkdir()
    done = xiaoer(data, "kb", "import", str(tmp_path / name))
    assert done.returncode == 2
    assert name in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.parametrize("content", [b"", b"\n\n  \n"])
def test_a_file_of_nothing_changes_nothing(data: Path, file: Path, content: bytes) -> None:
    file.write_bytes(content)
    done = xiaoer(data, "kb", "import", str(file))
    assert (done.returncode, done.stdout) == (0, "共读 0 行：没有内容\n")


def test_standard_input_is_a_file_too(data: Path) -> None:
    done = xiaoer(data, "kb", "import", "-", stdin=lines(row("from-stdin")))
    assert done.returncode == 0
    assert "from-stdin" in exported(data)


def test_export_then_import_changes_nothing_and_gives_the_same_bytes(starter_data: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "一.jsonl", tmp_path / "二.jsonl"
    assert xiaoer(starter_data, "kb", "export", str(first)).returncode == 0
    done = xiaoer(starter_data, "kb", "import", str(first))
    count = len(first.read_bytes().splitlines())
    assert count >= 120
    assert (done.returncode, done.stdout) == (0, f"共读 {count} 行：未变 {count}\n")
    second.write_text(xiaoer(starter_data, "kb", "export", "-").stdout, "utf-8")
    assert first.read_bytes() == second.read_bytes()
    assert "一致：知识第 1 版" in xiaoer(starter_data, "kb", "check").stdout


def test_an_export_moves_the_knowledge_to_another_installation(data: Path, tmp_path: Path) -> None:
    file, moved = tmp_path / "全部.jsonl", tmp_path / "moved"
    marked = row(
        "marked", note="内部备注", items=["cup-9"], effective_until="2030-01-01T00:00:00+08:00", status="draft"
    )
    assert xiaoer(data, "kb", "import", "-", stdin=lines(marked)).returncode == 0
    assert xiaoer(data, "kb", "export", str(file)).returncode == 0
    assert xiaoer(moved, "kb", "import", str(file)).returncode == 0
    assert exported(moved).items() >= exported(data).items()


@pytest.mark.parametrize("target", ["没有/a.jsonl", "夹.csv"])
def test_an_export_that_cannot_be_written_is_misuse(data: Path, tmp_path: Path, target: str) -> None:
    (tmp_path / "夹.csv").mkdir()
    done = xiaoer(data, "kb", "export", str(tmp_path / target))
    assert done.returncode == 2
    assert "请检查路径和权限" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == [], "nothing half-written is left"


def test_check_tells_the_revision_and_rebuild_makes_the_same_index_anew(data: Path) -> None:
    assert xiaoer(data, "kb", "check").stdout == "一致：知识第 1 版，2 条可检索。\n"
    before = json.loads((data / "index" / "manifest.json").read_bytes())
    done = xiaoer(data, "kb", "rebuild")
    assert (done.returncode, done.stdout) == (0, "索引已重建：2 条知识（含不参与检索的话术）。\n")
    after = json.loads((data / "index" / "manifest.json").read_bytes())
    assert (after["counts"], after["revision"]) == (before["counts"], before["revision"])
    assert xiaoer(data, "kb", "check").returncode == 0


def test_an_entry_with_square_brackets_is_reported_as_it_is_written(data: Path, file: Path) -> None:
    file.write_bytes(lines(row("[red]id"), row("bad", intent="[bold]x[/bold]")))
    done = xiaoer(data, "kb", "import", str(file), "--keep-going")
    assert "新增 [red]id\n" in done.stdout
    assert "[bold]x[/bold]" in done.stdout


# ---- tables


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_exported_table_imports_back_to_the_same(data: Path, tmp_path: Path, ending: str) -> None:
    before, file = exported(data), tmp_path / f"全部.{ending}"
    assert xiaoer(data, "kb", "export", str(file)).returncode == 0
    done = xiaoer(data, "kb", "import", str(file))
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "共读 2 行：未变 2")
    assert exported(data) == before


def test_a_table_is_tried_before_it_is_imported(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "新品.csv"
    headings = ["问题", "类型", "意图", "回复", "负责人"]
    file.write_bytes(csv_bytes(headings, ["送礼吗", "规则", "pre.gift", "可以的", "小王"], encoding="gbk"))
    tried = xiaoer(data, "kb", "import", str(file), "--dry-run")
    assert tried.returncode == 1
    assert "第 2 行 失败 ：相似问法（表里没有这一列）：买家提问类的条目没有相似问法" in tried.stdout
    assert "注意：负责人（E 列）没有对应的字段，没有导入" in tried.stdout
    options = ["--map", "负责人=相似问法", "--shop", "demo", "--policy", "skip"]
    tried = xiaoer(data, "kb", "import", str(file), *options, "--dry-run")
    assert tried.stdout.splitlines()[-2:] == ["共读 1 行：新增 1", "以上是试导入的结果，没有写入。"]
    assert len(exported(data)) == 2
    assert xiaoer(data, "kb", "import", str(file), *options).returncode == 0
    (added,) = [one for one in exported(data).values() if one["title"] == "送礼吗"]
    assert (added["shop_id"], added["questions"]) == ("demo", ["小王"])
    assert "已经有了" in xiaoer(data, "kb", "import", str(file), *options).stdout


def test_a_mapping_that_says_nothing_is_misuse(data: Path, file: Path) -> None:
    file.write_bytes(lines(row("new")))
    assert ".jsonl 没有列" in xiaoer(data, "kb", "import", str(file), "--map", "a=标准问").stderr


def test_the_template_is_written_and_imports_as_it_is(data: Path, tmp_path: Path) -> None:
    file = tmp_path / "模板.xlsx"
    assert xiaoer(data, "kb", "template", str(file)).returncode == 0
    done = xiaoer(data, "kb", "import", str(file))
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "共读 3 行：新增 3")


def test_a_template_of_another_format_is_misuse(data: Path, tmp_path: Path) -> None:
    assert "模板只有" in xiaoer(data, "kb", "template", str(tmp_path / "模板.jsonl")).stderr


def test_standard_input_may_be_a_table_too(data: Path) -> None:
    done = xiaoer(data, "kb", "import", "-", stdin=csv_bytes(HEADINGS, ["from-stdin", *SHIP[1:]]))
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "第 2 行 新增 from-stdin")
