"""Insight over HTTP: who may see it, for which days and items, and as which files."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from assistant.service.wiring import Parts
from knowledge.api_keys import Role
from knowledge.catalogue import Item
from knowledge.changes import Changes
from knowledge.context import Context
from knowledge.records.past import PastConversation
from knowledge.shop_policy import ShopPolicy
from tests.traffic import NOON, Said, past

pytest_plugins = ["tests.service_fixtures"]
DAYS = {"since": "2026-05-18", "until": "2026-05-24"}


def fill(parts: Parts, *said: Said) -> None:
    parts.store.past.put(past(said))


def key_of(parts: Parts, role: Role, shop: str | None = None) -> dict[str, str]:
    return {"Authorization": f"Bearer {parts.store.api_keys.create(role, role, shop)}"}


def test_the_last_seven_days_of_the_shops_zone_are_the_default(client: TestClient) -> None:
    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    found = client.get("/v1/insight").json()
    assert (found["since"], found["until"]) == (str(today - timedelta(days=6)), str(today))
    assert (found["timezone"], found["turns"], len(found["buckets"])) == ("Asia/Shanghai", 0, 7)
    assert "没有记录到买家消息" in found["explanation"]


def test_a_day_is_the_shops_and_both_ends_count(parts: Parts, client: TestClient) -> None:
    midnight = datetime(2026, 5, 19, 16, tzinfo=UTC)  # when the twentieth begins in Shanghai
    fill(
        parts, Said(at=midnight - timedelta(milliseconds=1)), Said(at=midnight), Said(at=midnight + timedelta(hours=23))
    )
    found = client.get("/v1/insight", params={"since": "2026-05-20", "until": "2026-05-20"}).json()
    assert (found["turns"], found["turns_before"]) == (2, 1)
    parts.base.write(Changes(policies={"demo": ShopPolicy(timezone="UTC")}))
    found = client.get("/v1/insight", params={"since": "2026-05-19", "until": "2026-05-19"}).json()
    assert (found["turns"], found["timezone"]) == (2, "UTC")


def test_an_item_is_told_by_its_title_and_can_be_looked_at_alone(parts: Parts, client: TestClient) -> None:
    fill(parts, Said(item="cup-9"), Said(item="other"))
    titles = [item["title"] for item in client.get("/v1/insight", params=DAYS).json()["topics"]["by_item"]]
    assert titles == ["随手杯", "other"]
    found = client.get("/v1/insight", params={**DAYS, "item_id": "cup-9"}).json()
    assert (found["turns"], found["item_id"]) == (1, "cup-9")


def test_trends_are_cut_as_asked(parts: Parts, client: TestClient) -> None:
    fill(parts, Said())
    weeks = client.get("/v1/insight", params={"since": "2026-05-15", "until": "2026-05-27", "by": "week"}).json()
    assert [(part["first"], part["last"], part["turns"]) for part in weeks["buckets"]] == [
        ("2026-05-15", "2026-05-17", 0),
        ("2026-05-18", "2026-05-24", 1),
        ("2026-05-25", "2026-05-27", 0),
    ]


def test_an_order_reported_with_the_conversation_is_no_lost_sale(parts: Parts, client: TestClient) -> None:
    now = datetime.now(UTC) - timedelta(hours=3)
    talks = [PastConversation("demo", "c2", Context.model_validate({"order": {"state": "paid"}}), now)]
    parts.store.past.put(past([Said(at=now, conversation="c1"), Said(at=now, conversation="c2")]), talks)
    found = client.get("/v1/insight").json()["not_buying"]
    assert (found["rate"]["n"], found["rate"]["of"]) == (1, 2)


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"since": "2026-05-20", "until": "2026-05-19"}, "since"),
        ({"since": "2020-01-01", "until": "2026-05-19"}, "since"),
        ({"since": "gestern"}, "since"),
        ({"by": "year"}, "by"),
    ],
)
def test_days_that_make_no_sense_are_refused_by_field(client: TestClient, query: dict[str, str], field: str) -> None:
    refused = client.get("/v1/insight", params=query)
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == field


@pytest.mark.parametrize("path", ["/v1/insight", "/v1/insight/agents", "/v1/insight/export"])
@pytest.mark.parametrize(("role", "status"), [("agent", 403), ("editor", 403), ("evaluator", 200), ("admin", 200)])
def test_only_evaluators_and_admins_see_it(
    parts: Parts, client: TestClient, path: str, role: Role, status: int
) -> None:
    assert client.get(path, headers=key_of(parts, role)).status_code == status


def test_no_shop_sees_anothers_figures(parts: Parts, client: TestClient) -> None:
    parts.base.write(Changes(items=[Item(item_id="a", shop_id="other", title="甲")]))
    fill(parts, Said(shop="other"), Said())
    mine = key_of(parts, "evaluator", "other")
    assert client.get("/v1/insight", params=DAYS, headers=mine).json()["shop_id"] == "other"
    for path in ("/v1/insight", "/v1/insight/agents", "/v1/insight/export"):
        assert client.get(path, params={"shop_id": "demo"}, headers=mine).status_code == 403
    general = key_of(parts, "evaluator")
    assert client.get("/v1/insight", params={**DAYS, "shop_id": "other"}, headers=general).json()["turns"] == 1
    assert client.get("/v1/insight", params={"shop_id": "nowhere"}, headers=general).status_code == 404


def test_each_agent_has_figures_and_findings(parts: Parts, client: TestClient) -> None:
    bad = Said(at=NOON + timedelta(minutes=1), agent="大勇", actions=("shown", "edited"), sent_text="加我微信聊")
    fill(parts, Said(agent="小林", actions=("shown", "inserted"), waited_s=30.0), bad)
    found = client.get("/v1/insight/agents", params=DAYS).json()
    rows = {row["agent"]: row for row in found["rows"]}
    assert rows["小林"]["adopted"]["share"] == 1
    assert rows["小林"]["waiting"]["within"]["n"] == 1
    assert rows["大勇"]["findings"][0]["category"] == "站外联系"


def test_the_table_file_opens_in_a_spreadsheet_program(parts: Parts, client: TestClient) -> None:
    parts.base.write(Changes(items=[Item(item_id="evil", shop_id="demo", title="=1+1")]))
    fill(parts, Said(item="evil", actions=("shown", "inserted")))
    answer = client.get("/v1/insight/export", params={**DAYS, "format": "csv"})
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert ["采用建议", "1", "1", "100.0%", ""] in rows
    assert any("'=1+1" in row for row in rows)
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


def test_the_document_has_every_part(parts: Parts, client: TestClient) -> None:
    fill(parts, Said())
    text = client.get("/v1/insight/export", params={**DAYS, "format": "md"}).text
    for title in ("# 小二洞察", "## 买家在问什么", "## 投诉出在哪里", "## 没买的原因", "## 每天"):
        assert title in text
