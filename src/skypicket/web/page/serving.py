"""A file of the page as an HTTP answer: whole, gzipped, in part, or "you have it already"."""

from collections.abc import Mapping

from litestar import Response
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_206_PARTIAL_CONTENT,
    HTTP_304_NOT_MODIFIED,
    HTTP_416_REQUESTED_RANGE_NOT_SATISFIABLE,
)

from skypicket.web.page.ranges import Unsatisfiable, span_of
from skypicket.web.page.shelf import PageFile

HASHED = "public, max-age=31536000, immutable"  # the name changes with the content
ASK_AGAIN = "no-cache"  # keep it, but ask each time whether it is still the same

Headers = Mapping[str, str]


def whole(file: PageFile, headers: Headers, cache: str) -> Response[bytes]:
    """The file, gzipped where that was made and is taken; 304 where the asker has it."""
    packed = file.packed if _takes_gzip(headers.get("accept-encoding", "")) else None
    said = {
        "Cache-Control": cache,
        "ETag": file.etag if packed is None else file.packed_etag,
        "Vary": "Accept-Encoding",
    }
    if _has_it(headers, said["ETag"]):
        return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=said)
    if packed is not None:
        said["Content-Encoding"] = "gzip"
    return _answer(file, file.body if packed is None else packed, HTTP_200_OK, said)


def ranged(file: PageFile, headers: Headers, cache: str) -> Response[bytes]:
    """The file or the one range that was asked for; never gzipped."""
    said = {"Cache-Control": cache, "ETag": file.etag, "Accept-Ranges": "bytes"}
    if _has_it(headers, file.etag):
        return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=said)
    # If-Range: a part of another version would not fit what the asker has of this one.
    same = headers.get("if-range", file.etag) == file.etag
    span = span_of(headers.get("range"), len(file.body)) if same else None
    if span is None:
        return _answer(file, file.body, HTTP_200_OK, said)
    if isinstance(span, Unsatisfiable):
        said["Content-Range"] = f"bytes */{len(file.body)}"
        return _answer(file, b"", HTTP_416_REQUESTED_RANGE_NOT_SATISFIABLE, said)
    said["Content-Range"] = span.content_range(len(file.body))
    return _answer(file, file.body[span.start : span.stop], HTTP_206_PARTIAL_CONTENT, said)


def _answer(
    file: PageFile, body: bytes, status_code: int, headers: dict[str, str]
) -> Response[bytes]:
    return Response(body, status_code=status_code, media_type=file.media_type, headers=headers)


def _has_it(headers: Headers, etag: str) -> bool:
    known = [tag.strip().removeprefix("W/") for tag in headers.get("if-none-match", "").split(",")]
    return etag in known or "*" in known


def _takes_gzip(accepted: str) -> bool:
    """Whether `Accept-Encoding` names gzip, and not with a weight of nothing.

    >>> [_takes_gzip(text) for text in ("gzip, br", "br;q=1.0, gzip;q=0", "")]
    [True, False, False]
    """
    for part in accepted.split(","):
        name, _, weight = part.replace(" ", "").partition(";q=")
        if name.lower() == "gzip":
            return weight.rstrip("0").rstrip(".") not in {"0", ""} or not weight
    return False
