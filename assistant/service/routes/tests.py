"""Labelled tests of a shop: what Xiaoer should make of a message, run before knowledge is published and at any time."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query

from assistant.regression import TestReport, run_tests
from assistant.service.access import Principal, allow
from assistant.service.deps import PartsDep, known_shop
from assistant.service.labelled_test_schemas import TestBody, TestDocument, TestList
from assistant.service.wiring import Parts
from knowledge.errors import RecordNotFound
from knowledge.labelled_tests import LabelledTest

router = APIRouter(prefix="/v1/tests", tags=["review"])
Reader = Annotated[Principal, allow("knowledge.read")]
Writer = Annotated[Principal, allow("knowledge.write")]
Id = Annotated[int, Path(ge=1, le=2_147_483_647)]


@router.get("")
def list_tests(
    who: Reader,
    parts: PartsDep,
    shop_id: str | None = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> TestList:
    """The tests of a shop, oldest first."""
    shop, tests = known_shop(who, shop_id, parts), parts.store.labelled_tests
    found = [TestDocument.of(each) for each in tests.list(shop, limit, offset)]
    return TestList(tests=found, total=tests.count(shop))


@router.post("", status_code=201)
def add_test(body: TestBody, who: Writer, parts: PartsDep) -> TestDocument:
    """Keep a labelled dialog as a test of the shop."""
    shop = known_shop(who, body.shop_id, parts)
    return TestDocument.of(parts.store.labelled_tests.add(shop, body.dialog(), who.author))


@router.put("/{test_id}")
def replace_test(test_id: Id, body: TestBody, who: Writer, parts: PartsDep) -> TestDocument:
    """Put another dialog in a test's place; it stays the test of its shop."""
    stored = _own(test_id, who, parts)
    who.shop(body.shop_id, stored.shop_id)
    return TestDocument.of(parts.store.labelled_tests.replace(stored.id, body.dialog(), who.author))


@router.delete("/{test_id}", status_code=204)
def remove_test(test_id: Id, who: Writer, parts: PartsDep) -> None:
    """Throw a test away."""
    parts.store.labelled_tests.remove(_own(test_id, who, parts).id, who.author)


@router.post("/run")
def run(who: Writer, parts: PartsDep, shop_id: str | None = None) -> TestReport:
    """What the knowledge as it is makes of the shop's tests; those that fail come first."""
    return run_tests(parts.suggester, parts.store.labelled_tests.list(known_shop(who, shop_id, parts)))


def _own(test_id: int, who: Principal, parts: Parts) -> LabelledTest:
    test = parts.store.labelled_tests.get(test_id)
    if not who.sees(test.shop_id):
        raise RecordNotFound("标注测试", test_id)
    return test
