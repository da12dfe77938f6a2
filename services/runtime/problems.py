"""How the HTTP APIs refuse: `application/problem+json` (RFC 9457)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel

PROBLEM_TYPE: Final = "application/problem+json"
RETRY_AFTER_SECONDS: Final = 5
HEADERS: Final[dict[int, dict[str, str]]] = {
    401: {"WWW-Authenticate": "Bearer"},
    413: {"Connection": "close"},
    503: {"Retry-After": str(RETRY_AFTER_SECONDS)},
}


class Problem(BaseModel):
    """What went wrong."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class ProblemError(Exception):
    """A request that is refused."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(detail)
        self.problem = Problem(title=title, status=status, detail=detail)


def unauthorized() -> ProblemError:
    """Return the refusal of a request without the right token."""
    return ProblemError(401, "Not authorized", "send Authorization: Bearer with the token")


def answer_with_problems(app: FastAPI, seen: Callable[[Problem], None] = lambda _: None) -> None:
    """Have an app answer `ProblemError` and invalid requests so; `seen` is called with each problem."""

    async def refused(_: Request, error: Exception) -> JSONResponse:
        if isinstance(error, ProblemError):
            problem = error.problem
        elif isinstance(error, RequestValidationError):
            problem = Problem(title="Not a valid request", status=422, detail=first_error(error.errors()))
        else:
            raise error
        seen(problem)
        headers = HEADERS.get(problem.status)
        return JSONResponse(problem.model_dump(), problem.status, headers=headers, media_type=PROBLEM_TYPE)

    app.exception_handler(ProblemError)(refused)
    app.exception_handler(RequestValidationError)(refused)


def problem_answers(texts: Mapping[int, str]) -> dict[int | str, dict[str, Any]]:
    """Return the `responses` of a route for the OpenAPI document, from {status: what it means}."""
    content = {PROBLEM_TYPE: {"schema": Problem.model_json_schema()}}
    return {status: {"description": text, "content": content} for status, text in texts.items()}


def first_error(errors: Any) -> str:
    """Return the first of pydantic's errors in a line: where, and what."""
    first = errors[0]
    where = ".".join(str(part) for part in first["loc"])
    return f"{where}: {first['msg']}" if where else str(first["msg"])
