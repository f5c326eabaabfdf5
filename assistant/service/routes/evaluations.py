"""Evaluation: run labelled dialogs, read the reports, compare two runs."""

from __future__ import annotations

import json
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from assistant.service.access import Principal, allow
from assistant.service.comparison_export import as_csv, as_markdown
from assistant.service.deps import PartsDep, known_shop
from assistant.service.errors import EvaluationUnavailable
from assistant.service.evaluation_documents import EvaluationDocument, EvaluationDraft, EvaluationList, with_changes
from assistant.service.evaluation_jobs import EvaluationJobs
from assistant.service.evaluator import ComparisonDocument, Evaluator
from assistant.service.files import as_file
from assistant.service.wiring import Parts
from knowledge.errors import EntryInvalid, Problem, RecordNotFound
from knowledge.evaluations import Documents, Evaluation

router = APIRouter(prefix="/v1/evaluations", tags=["evaluation"])
Evaluators = Annotated[Principal, allow("evaluate")]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]
_NO_EVALUATOR = "这个服务没有带测评功能，请用 xiaoer serve 启动。"
_SANDBOX = "sandbox allow-scripts; {policy}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"


def _jobs(request: Request) -> EvaluationJobs:
    jobs: EvaluationJobs = request.app.state.evaluations
    return jobs


JobsDep = Annotated[EvaluationJobs, Depends(_jobs)]


@router.get("")
def list_evaluations(who: Evaluators, parts: PartsDep, shop_id: str | None = None) -> EvaluationList:
    """The last runs of a shop, newest first, each with what changed."""
    shop = known_shop(who, shop_id, parts)
    return EvaluationList(
        shop_id=shop,
        missing=_missing(parts),
        tests=parts.store.labelled_tests.count(shop),
        metrics=list(parts.evaluator.metrics()) if parts.evaluator else [],
        evaluations=with_changes(parts.store.evaluations.list(shop)),
    )


@router.post("", status_code=202)
def start_evaluation(draft: EvaluationDraft, who: Evaluators, parts: PartsDep, jobs: JobsDep) -> EvaluationDocument:
    """Begin a run in the background; 409 while another one of the shop goes on."""
    shop, evaluator = known_shop(who, draft.shop_id, parts), _evaluator(parts)
    dialogs = _dialogs(draft, shop, parts, evaluator)
    cases = evaluator.cases(dialogs, draft.file or draft.name)
    file = draft.file or draft.name if draft.source == "upload" else None
    begun = parts.store.evaluations.begin(shop, draft.name, draft.source, file, cases, who.author)
    jobs.start(begun, evaluator, dialogs)
    return EvaluationDocument.model_validate(begun)


First = Annotated[int, Query(ge=1, le=2**31 - 1, description="The earlier run")]
Second = Annotated[int, Query(ge=1, le=2**31 - 1, description="The later run")]


@router.get("/compare")
def compare_evaluations(who: Evaluators, parts: PartsDep, a: First, b: Second) -> ComparisonDocument:
    """What differs between two runs on the messages that both have, how surely, and which messages it is."""
    first, second = (_named(who, parts, number) for number in (a, b))
    return _evaluator(parts).compare(first, second)


@router.get(
    "/compare/export", responses={200: {"content": {"text/csv": {}, "text/markdown": {}}}}, response_class=Response
)
def export_comparison(
    who: Evaluators,
    parts: PartsDep,
    a: First,
    b: Second,
    format: Literal["csv", "md"] = "csv",  # noqa: A002 - the name in the address
) -> Response:
    """The comparison as a file."""
    found = compare_evaluations(who, parts, a, b)
    content = as_csv(found) if format == "csv" else as_markdown(found).encode()
    media_type = "text/csv; charset=utf-8" if format == "csv" else "text/markdown; charset=utf-8"
    return as_file(content, media_type, f"测评比较-{a}-{b}.{format}")


@router.get("/{evaluation_id}")
def read_evaluation(evaluation_id: Number, who: Evaluators, parts: PartsDep) -> EvaluationDocument:
    """One run, with its progress while it goes on."""
    found = _seen(who, parts, evaluation_id)
    return next(each for each in with_changes([found, *_older(parts, found)]) if each.id == evaluation_id)


@router.get("/{evaluation_id}/report", responses={200: {"content": {"text/html": {}}}}, response_class=Response)
def read_report(evaluation_id: Number, who: Evaluators, parts: PartsDep, download: bool = False) -> Response:
    """The report as one page, shown without any rights of its own."""
    found = _seen(who, parts, evaluation_id)
    documents = _documents(parts, found)
    if download:
        return as_file(documents.report.encode(), "text/html; charset=utf-8", f"测评报告-{found.name}.html")
    policy = _SANDBOX.format(policy=documents.policy)
    return Response(
        documents.report, media_type="text/html; charset=utf-8", headers={"Content-Security-Policy": policy}
    )


@router.get("/{evaluation_id}/result", responses={200: {"content": {"application/json": {}}}}, response_class=Response)
def read_result(evaluation_id: Number, who: Evaluators, parts: PartsDep) -> Response:
    """The result as `xiaoer eval compare` and `gate` read it."""
    found = _seen(who, parts, evaluation_id)
    return as_file(_documents(parts, found).result.encode(), "application/json", f"测评结果-{found.name}.json")


@router.delete("/{evaluation_id}", status_code=204)
def remove_evaluation(evaluation_id: Number, who: Evaluators, parts: PartsDep) -> None:
    """Throw a run away; one that goes on is stopped."""
    found = _seen(who, parts, evaluation_id)
    parts.store.evaluations.remove(found.id, who.author)


def _missing(parts: Parts) -> str | None:
    return parts.evaluator.missing() if parts.evaluator else _NO_EVALUATOR


def _evaluator(parts: Parts) -> Evaluator:
    missing = _missing(parts)
    if missing or parts.evaluator is None:
        raise EvaluationUnavailable(missing or _NO_EVALUATOR)
    return parts.evaluator


def _dialogs(draft: EvaluationDraft, shop: str, parts: Parts, evaluator: Evaluator) -> bytes:
    """The dialogs as JSON lines."""
    if draft.source == "own":
        return evaluator.own()
    if draft.source == "upload":
        if draft.content is None:
            raise EntryInvalid([Problem("content", "没有文件内容", "请选择一个标注对话文件（.jsonl）")])
        return draft.content.encode("utf-8", "replace")
    tests = parts.store.labelled_tests.list(shop)
    if not tests:
        remedy = "请先在知识库的“试答”里存几条标注测试，或改用上传文件、自带对话"
        raise EntryInvalid([Problem("source", "这个店铺还没有标注测试", remedy)])
    return "\n".join(json.dumps({**test.dialog, "dialog_id": f"t{test.id}"}) for test in tests).encode()


def _seen(who: Principal, parts: Parts, evaluation_id: int) -> Evaluation:
    found = parts.store.evaluations.get(evaluation_id)
    if not who.sees(found.shop_id):
        raise RecordNotFound("测评", evaluation_id)
    return found


def _older(parts: Parts, found: Evaluation) -> list[Evaluation]:
    return [each for each in parts.store.evaluations.list(found.shop_id) if each.id < found.id]


def _documents(parts: Parts, found: Evaluation) -> Documents:
    return parts.store.evaluations.documents(found.id)


def _named(who: Principal, parts: Parts, evaluation_id: int) -> tuple[str, str]:
    """What a run is called, and its result."""
    found = _seen(who, parts, evaluation_id)
    return f"#{found.id} {found.name}", _documents(parts, found).result
