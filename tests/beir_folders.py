"""Small collections in the format of BEIR, for tests that read one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

DOCUMENTS = {
    "d1": "付款后四十八小时内发货，节假日顺延。",
    "d2": "签收后七天内可以无理由退货，请保持吊牌完好。",
    "d3": "身高一米六、体重一百斤，建议穿中码。",
    "d4": "可以开电子发票，下单后联系客服。",
}
QUERIES = {"q1": "什么时候能发出来", "q2": "不喜欢可以退吗", "q3": "给开票不"}
JUDGED = [("q1", "d1", 1), ("q2", "d2", 2), ("q3", "d4", 1), ("q3", "d1", 0)]


def write_folder(
    folder: Path,
    documents: Mapping[str, str] = DOCUMENTS,
    queries: Mapping[str, str] = QUERIES,
    judged: Sequence[tuple[str, str, object]] = JUDGED,
    header: str = "query-id\tcorpus-id\tscore\n",
) -> Path:
    """A folder with the three files."""
    (folder / "qrels").mkdir(parents=True)
    rows = [{"_id": key, "title": "", "text": text} for key, text in documents.items()]
    (folder / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    rows = [{"_id": key, "text": text} for key, text in queries.items()]
    (folder / "queries.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    lines = "".join(f"{query}\t{document}\t{grade}\n" for query, document, grade in judged)
    (folder / "qrels" / "test.tsv").write_text(header + lines, "utf-8")
    return folder
