"""Errors on the wire: every one is `application/problem+json` (RFC 9457), mapped to its HTTP status here only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException

from assistant.regression import Regressed
from knowledge import errors as knowledge
from knowledge.entries import EntryDraft
from knowledge.errors import Problem
from knowledge.exchange.field_problems import problems_of
from models.errors import ModelError

log = structlog.get_logger()


class Unauthorised(Exception):
    """No key, or one that is not valid."""


class Forbidden(Exception):
    """The key's role or shop does not allow this."""


class ForeignOrigin(Exception):
    """A page from elsewhere tries to reach the service through the agent's browser."""


class EvaluationUnavailable(Exception):
    """Nothing can be evaluated here; the message says what to install or how to start."""


class TooManyRequests(Exception):
    """More requests than the limit allows; `wait_s` says when the next one will be answered."""

    def __init__(self, what: str, wait_s: int) -> None:
        super().__init__(f"{what}，请 {wait_s} 秒后再试。")
        self.wait_s = wait_s


STATUS: dict[type[Exception], int] = {
    Unauthorised: 401,
    Forbidden: 403,
    ForeignOrigin: 403,
    knowledge.SecondReaderNeeded: 403,
    knowledge.EntryNotFound: 404,
    knowledge.RecordNotFound: 404,
    knowledge.ShopUnknown: 404,
    knowledge.KeyNotFound: 404,
    knowledge.EntryExists: 409,
    knowledge.WrongState: 409,
    Regressed: 409,
    knowledge.VersionConflict: 412,
    knowledge.EntryInvalid: 422,
    knowledge.ImportFailed: 422,
    knowledge.StoreUnavailable: 503,
    EvaluationUnavailable: 503,
    TooManyRequests: 429,
    ModelError: 503,
}
TITLES = {
    400: "请求有误", 401: "需要 API 密钥", 403: "不允许", 404: "没有找到", 405: "不支持的方法", 409: "与现有内容冲突",
    412: "版本冲突", 413: "请求太大", 415: "不支持的格式", 422: "内容不符合要求", 429: "请求太频繁",
    500: "服务内部出错", 503: "服务暂不可用",
}  # fmt: skip
_UNEXPECTED = "服务内部出错，已记入日志；请稍后重试。"


def problem(status: int, detail: str, errors: Sequence[Problem] = ()) -> dict[str, Any]:
    """A problem document; `errors` names each field, the reason and the remedy."""
    document: dict[str, Any] = {
        "type": "about:blank",
        "title": TITLES.get(status, HTTPStatus(status).phrase),
        "status": status,
        "detail": detail.encode("utf-8", "replace").decode(),
    }
    if errors:
        document["errors"] = [{"field": p.field, "reason": p.reason, "remedy": p.remedy} for p in errors]
    return document


def problem_of(error: Exception, expected: type[BaseModel] = EntryDraft) -> dict[str, Any]:
    """The problem document of any error; what nobody expected says nothing of its inside.

    `expected` is what a request's body should have been: an unknown field's remedy names its fields.
    """
    if isinstance(error, ValidationError | RequestValidationError):
        if isinstance(error, RequestValidationError) and isinstance(error.body, bytes):
            return problem(415, "请求正文没有标明是 JSON；请加上请求头 Content-Type: application/json。")
        problems = problems_of([{**one, "loc": _place(one)} for one in error.errors()], expected)
        return problem(422, "；".join(map(str, problems)), problems)
    status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)
    if status == 500:
        return problem(500, _UNEXPECTED)
    document = problem(status, str(error), error.problems if isinstance(error, knowledge.EntryInvalid) else ())
    return {**document, **getattr(error, "extension", {})}


def _place(details: Mapping[str, Any]) -> tuple[int | str, ...]:
    """A field's place without the part of the request that FastAPI puts before it; `body` for the body as a whole."""
    loc: tuple[int | str, ...] = details["loc"]
    if details["type"] == "json_invalid" or not loc:
        return ("body",)
    return loc[1:] if len(loc) > 1 and loc[0] in ("body", "query", "path", "header") else loc


def install_error_handlers(app: FastAPI) -> None:
    """Answer every error of the app with its problem document."""
    for kind in (*STATUS, RequestValidationError):
        app.add_exception_handler(kind, _answer)
    app.add_exception_handler(HTTPException, _answer_http)
    app.add_exception_handler(Exception, _answer_unexpected)


def respond(document: dict[str, Any], headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The document as a response."""
    if document["status"] == 401:
        headers = {"WWW-Authenticate": "Bearer"}
    return JSONResponse(document, document["status"], headers, media_type="application/problem+json")


def refuse(error: Exception, expected: type[BaseModel] = EntryDraft) -> JSONResponse:
    """The error as a response, with the headers that go with it."""
    headers = {"Retry-After": str(error.wait_s)} if isinstance(error, TooManyRequests) else None
    return respond(problem_of(error, expected), headers)


async def _answer(request: Request, error: Exception) -> JSONResponse:
    return refuse(error, _expected_body(request))


def _expected_body(request: Request) -> type[BaseModel]:
    """The model of the body that the request's route reads."""
    field = getattr(request.scope.get("route"), "body_field", None)
    kind = field.field_info.annotation if field else None
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else EntryDraft


async def _answer_http(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    details = {
        400: "请求正文读不出来：它应是 UTF-8 编码的 JSON，请对照接口文档 /openapi.json。",
        404: "没有这个地址，请对照接口文档 /openapi.json。",
        405: "这个地址不支持该方法，请对照接口文档 /openapi.json。",
    }
    return respond(problem(error.status_code, details.get(error.status_code, str(error.detail))), error.headers)


async def _answer_unexpected(request: Request, error: Exception) -> JSONResponse:
    log.error("unexpected_error", path=request.url.path, exc_info=error)
    return respond(problem(500, _UNEXPECTED))
