"""The settings of a shop over the API: replaced whole, refused with the settings' own names."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

pytest_plugins = ["tests.service_fixtures"]
POLICY = "/v1/shops/demo/policy"


@pytest.mark.parametrize(
    ("wrong", "field", "remedy"),
    [
        ({"retrun_days": 7}, "retrun_days", "是不是想写 return_days？"),
        ({"free_shipping": True}, "free_shipping", "是不是想写 free_shipping_from？"),
        ({"title": "小店"}, "title", "ship_within_hours"),
        ({"return_days": 1}, "return_days", "不能小于 7"),
        ({"return_freight": {"wihs": "shop"}}, "return_freight.wihs", "是不是想写 wish？"),
        ({"region_surcharges": {"新疆": "十五"}}, "region_surcharges.新疆", "例如"),
        ({"cutoff": 960}, "cutoff", "改正"),
    ],
)
def test_a_wrong_setting_is_a_problem_in_the_settings_own_names(
    client: TestClient, wrong: dict[str, Any], field: str, remedy: str
) -> None:
    answer = client.put(POLICY, json=wrong)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    (problem,) = answer.json()["errors"]
    assert problem["field"] == field
    assert remedy in problem["remedy"]
    assert "questions" not in problem["remedy"]


def test_the_whole_document_is_read_back_and_the_rest_takes_its_default(client: TestClient) -> None:
    given = {"region_surcharges": {"新疆": 15.0}, "unserved_regions": ["港澳台"], "return_freight": {"wish": "shop"}}
    stored = client.put(POLICY, json=given).json()
    assert client.get(POLICY).json() == stored
    assert stored["region_surcharges"] == {"新疆": 15.0}
    assert stored["return_freight"] == {"quality": "shop", "wrong": "shop", "wish": "shop"}
    assert (stored["return_days"], stored["cutoff"]) == (7, "16:00")
    assert client.put(POLICY, json=stored).json() == stored


def test_a_typo_in_an_item_is_answered_with_the_items_fields(client: TestClient) -> None:
    body = {"item_id": "cup-9", "shop_id": "demo", "title": "水杯", "atributes": {}, "skus": [{"sku_id": "a"}]}
    (problem,) = client.put("/v1/items/cup-9", json=body).json()["errors"]
    assert problem["remedy"] == "是不是想写 attributes？"
