"""What the server answers when something is wrong: plain JSON, and nothing of its inside."""

from typing import Any

import structlog
from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.status_codes import (
    HTTP_400_BAD_REQUEST,
    HTTP_500_INTERNAL_SERVER_ERROR,
    HTTP_503_SERVICE_UNAVAILABLE,
)
from litestar.types import ExceptionHandlersMap

from skypicket.domain.errors import InputError, OverloadError, StorageFullError, UnavailableError

RETRY_AFTER_S = 2
AnyRequest = Request[Any, Any, Any]
_log = structlog.get_logger("skypicket.web")


def _answer(
    status_code: int, detail: str, headers: dict[str, str] | None = None, **more: Any
) -> Response[dict[str, Any]]:
    content = {"status_code": status_code, "detail": detail, **more}
    return Response(
        content, status_code=status_code, headers=headers or {}, media_type=MediaType.JSON
    )


def _wrong_values(_: AnyRequest, error: ValidationException) -> Response[dict[str, Any]]:
    extra: Any = error.extra if isinstance(error.extra, list) else []
    said = [
        f"{item.get('key', 'the body')}: {item.get('message', 'is wrong')}"
        for item in extra
        if isinstance(item, dict)
    ]
    return _answer(HTTP_400_BAD_REQUEST, "; ".join(said) or error.detail)


def refused(_: AnyRequest, error: HTTPException) -> Response[dict[str, Any]]:
    """What the server answers to what it does not take."""
    if error.status_code >= HTTP_500_INTERNAL_SERVER_ERROR and not error.extra:
        detail = "The server has a fault." if error.status_code == 500 else error.detail
        return _answer(error.status_code, detail, error.headers)
    more = error.extra if isinstance(error.extra, dict) else {}
    return _answer(error.status_code, error.detail, error.headers, **more)


def _bad_input(_: AnyRequest, error: InputError) -> Response[dict[str, Any]]:
    return _answer(HTTP_400_BAD_REQUEST, str(error))


def _unavailable(_: AnyRequest, error: UnavailableError) -> Response[dict[str, Any]]:
    kind = {OverloadError: "overload", StorageFullError: "storage_full"}.get(
        type(error), "unavailable"
    )
    retry = {"Retry-After": str(RETRY_AFTER_S)}
    return _answer(HTTP_503_SERVICE_UNAVAILABLE, str(error), retry, reason=kind)


def _fault(request: AnyRequest, error: Exception) -> Response[dict[str, Any]]:
    """A fault of ours: the log says what, the answer says only that.

    Neither says the path's last part or the query: they may name a person or a secret.
    """
    place = getattr(request.scope.get("route_handler"), "handler_name", "")
    _log.error("request_failed", handler=place, kind=type(error).__name__, exc_info=error)
    return _answer(HTTP_500_INTERNAL_SERVER_ERROR, "The server has a fault; its log says which.")


EXCEPTION_ANSWERS: ExceptionHandlersMap = {
    ValidationException: _wrong_values,
    HTTPException: refused,
    InputError: _bad_input,
    UnavailableError: _unavailable,
    Exception: _fault,
}
