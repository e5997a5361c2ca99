"""The plain page: the picture and its tables made by the server, without any script.

It serves browsers without WebGL2 or without scripts, and everybody while the page is not built.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request, Response, get, route
from litestar.enums import HttpMethod
from litestar.exceptions import NotAuthorizedException
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_401_UNAUTHORIZED
from litestar.types import ControllerRouterHandler

from skypicket.domain.times import NS_PER_S, zulu
from skypicket.domain.tracks import track_ids
from skypicket.web.api.answers import Asker, asker_of
from skypicket.web.api.lost import lost_tracks
from skypicket.web.api.system import SystemView, system_view
from skypicket.web.api.tracks import declarations_for, declared
from skypicket.web.page.markup import element, page, table, text
from skypicket.web.page.plain_rows import (
    TRACK_ROWS,
    Listed,
    alarm_rows,
    track_rows,
    urgent_first,
    urgent_tracks,
)
from skypicket.web.page.plain_words import Words, language_of, words_of
from skypicket.web.page.serving import ASK_AGAIN, whole
from skypicket.web.page.shelf import PageFile
from skypicket.web.parts import WebParts

PLAIN = "/plain"
REFRESH_S = 5
PICTURE = "/api/v1/picture.svg?width=960&height=540&theme=night"
_HTML = "text/html"
_ALARM_HEADS = ("level", "since", "what", "state")
_TRACK_HEADS = (
    "track",
    "state",
    "certainty",
    "where",
    "height",
    "speed",
    "course",
    "age",
    "basis",
)


def unbuilt_page(paths: Sequence[str]) -> HTTPRouteHandler:
    """What stands in the page's place while it is not built: how to build it, how to sign in."""

    @route(
        list(paths),
        http_method=[HttpMethod.GET, HttpMethod.HEAD],
        permission="page.read",
        include_in_schema=False,
    )
    async def unbuilt(request: Request[Any, Any, Any]) -> Response[bytes] | Redirect:
        if request.user.may("picture.read"):
            return Redirect(PLAIN, status_code=HTTP_303_SEE_OTHER)
        language = _language(request)
        words = words_of(language)
        body = page(
            language,
            words["unbuilt_title"],
            element("h1", text(words["unbuilt_title"])),
            element("p", text(words["unbuilt"])),
            *_how_to_sign_in(words),
            *_how_to_build(words),
        )
        return _answer(body)

    return unbuilt


def plain_routes(parts: WebParts, *, built: bool) -> list[ControllerRouterHandler]:
    """The plain page at `/plain`, and its style sheet; it leads to the page if that is built."""
    sheet = _style_sheet()

    @get(
        PLAIN,
        permission="picture.read",
        include_in_schema=False,
        sync_to_thread=True,
        exception_handlers={NotAuthorizedException: _sign_in_first},
    )
    def plain(request: Request[Any, Any, Any]) -> Response[bytes]:
        asker = asker_of(parts, request)
        system = system_view(parts.runtime, asker.picture)
        listed = listed_for(asker)
        return _answer(plain_page(system, listed, _language(request), built=built))

    @get("/plain.css", permission="page.read", include_in_schema=False)
    async def style(request: Request[Any, Any, Any]) -> Response[bytes]:
        return whole(sheet, request.headers, ASK_AGAIN)

    return [plain, style]


def listed_for(asker: Asker) -> Listed:
    """What the asker may see of alarms and tracks, through the gate; few tracks are made nouns."""
    picture, fates = asker.picture, declarations_for(asker)
    alarms = asker.nouns(picture.alarms.values())
    batch = asker.tracks(picture.tracks)
    shown = set() if batch is None else set(track_ids(batch.columns["track_key"]))
    forgotten = asker.nouns(
        declared(track, fates) for track in lost_tracks(picture.losses.values(), shown)
    )
    urgent = [] if batch is None else urgent_tracks(batch, alarms)
    known = [declared(track, fates) for track in urgent]
    tracks = urgent_first([*known, *forgotten], alarms)[:TRACK_ROWS]
    return Listed(alarms, tracks, len(shown) + len(forgotten) - len(tracks))


def plain_page(system: SystemView, listed: Listed, language: str, *, built: bool) -> bytes:
    """The plain page as HTML: how the system is, the drawn picture, alarms and tracks."""
    words = words_of(language)
    return page(
        language,
        words["title"],
        *_top(system, words, built=built),
        *_pictures(words),
        *_tables(listed, system.time_ns, words),
        element("footer", element("p", text(system.attribution), class_="quiet")),
        refresh_s=REFRESH_S,
    )


def _style_sheet() -> PageFile:
    body = Path(__file__).with_name("plain.css").read_bytes()
    return PageFile(name="plain.css", media_type="text/css", body=body)


def _language(request: Request[Any, Any, Any]) -> str:
    wanted = request.query_params.get("lang")
    return language_of(wanted, request.headers.get("accept-language", ""))


def _sign_in_first(request: Request[Any, Any, Any], _: Exception) -> Response[bytes]:
    """What a browser is told that came without a session."""
    language = _language(request)
    words = words_of(language)
    body = page(
        language,
        words["sign_in"],
        *_how_to_sign_in(words),
        element("p", element("a", text(words["full_page"]), href="/")),
    )
    return _answer(body, HTTP_401_UNAUTHORIZED)


def _how_to_sign_in(words: Words) -> list[str]:
    return [
        element("h2", text(words["sign_in"])),
        element("p", text(words["sign_in_first"])),
        element(
            "p",
            text(words["sign_in_by_link"]),
            " ",
            text(words["another_link"]),
            " ",
            element("code", "skypicket access link NAME --state DIR"),
        ),
    ]


def _how_to_build(words: Words) -> list[str]:
    return [
        element("h2", text(words["full_page"])),
        element("p", text(words["how_to_build"]), " ", element("code", "make demo")),
        element("p", text(words["without"])),
    ]


def _top(system: SystemView, words: Words, *, built: bool) -> list[str]:
    """The clock, whether this is real, and whether the system is well."""
    moment = datetime.fromtimestamp(system.time_ns // NS_PER_S, UTC)
    local = moment.astimezone(ZoneInfo(system.profile.time_zone)).strftime("%H:%M:%S")
    clock = f"{zulu(system.time_ns)} · {local} {words['local']}"
    parts = [
        element(
            "header",
            element("h1", text(system.name)),
            element("span", text(clock), class_="clock"),
            element("a", text(words["full_page"]), href="/") if built else "",
        )
    ]
    if system.mode == "simulation":
        pace = f" · {system.speed_factor:g} {words['pace']}" if system.speed_factor != 1 else ""
        parts.append(element("p", text(words["simulation"] + pace), class_="banner"))
    if system.well:
        parts.append(element("p", text(words["well"]), class_="quiet"))
    else:
        said = f"{words['unwell']} {system.text}"
        parts.append(element("p", text(said), class_="banner unwell", role="alert"))
    return [*parts, element("p", text(words["not_live"]), class_="quiet")]


def _pictures(words: Words) -> list[str]:
    drawn = (
        f'<img src="{text(PICTURE)}" width="960" height="540" alt="{text(words["picture_text"])}">'
    )
    return [element("h2", text(words["picture"])), drawn]


def _tables(listed: Listed, now_ns: int, words: Words) -> list[str]:
    left_out = element("p", text(f"{listed.hidden_count} {words['more']}"), class_="quiet")
    return [
        element("h2", text(words["alarms"])),
        table((words[head] for head in _ALARM_HEADS), alarm_rows(listed.alarms, words))
        if listed.alarms
        else element("p", text(words["no_alarm"])),
        element("h2", text(words["tracks"])),
        table((words[head] for head in _TRACK_HEADS), track_rows(listed.tracks, now_ns, words))
        if listed.tracks
        else element("p", text(words["no_track"])),
        left_out if listed.hidden_count else "",
    ]


def _answer(body: bytes, status_code: int = HTTP_200_OK) -> Response[bytes]:
    never_kept = {"Cache-Control": "no-store"}
    return Response(body, status_code=status_code, media_type=_HTML, headers=never_kept)
