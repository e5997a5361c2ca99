"""The stream over real sockets: who comes in, what is said first, who has to go."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from skypicket.engine.picture import Picture
from skypicket.engine.runtime import Runtime
from skypicket.engine.settings import WebSettings, parse_settings
from skypicket.geo.frame import TheatreFrame
from skypicket.testing.access import demo_session, session_of
from skypicket.testing.builders import NIGHT_NS
from skypicket.testing.pictures import Shown, picture
from skypicket.testing.scenes import CONFIG, StillClock, an_alarm
from skypicket.web.access.desk import COOKIE, AccessDesk
from skypicket.web.app import build_app
from skypicket.web.live import routes
from skypicket.web.live.layout import decode_frame, published_layout
from skypicket.web.parts import WebParts
from skypicket.web.server import answering, bind, server_of

FRAME = TheatreFrame(54.7, 25.3)
PATIENCE_S = 30
WEB = "[web]\nport = 0\nlive_clients = 3\nlive_clients_each = 2\n"


class Place:
    """A server that answers, and its system."""

    def __init__(self, runtime: Runtime, desk: AccessDesk, port: int) -> None:
        self.runtime, self.desk = runtime, desk
        self.address = f"127.0.0.1:{port}"

    def listen(self, secret: str, query: str = "") -> connect:
        return connect(
            f"ws://{self.address}/api/v1/live{query}",
            additional_headers={"Cookie": f"{COOKIE}={secret}"},
            max_size=None,
        )


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runtime]:
    settings = parse_settings(CONFIG + WEB, "site.toml")
    running = Runtime(settings, tmp_path_factory.mktemp("live"), StillClock(NIGHT_NS))
    running.start()
    yield running
    running.stop()


@asynccontextmanager
async def server(runtime: Runtime) -> AsyncIterator[Place]:
    vars(runtime.picture).update(vars(Picture()))
    web: WebSettings = runtime.settings.web
    desk = AccessDesk(demo=True)
    app = build_app(WebParts(runtime=runtime, access=desk, partner_pictures={"LVA": Picture()}))
    serving = server_of(app, web, Path())
    socket = bind(web)
    running = asyncio.create_task(serving.serve(sockets=[socket]))
    try:
        await asyncio.wait_for(answering(serving), PATIENCE_S)
        yield Place(runtime, desk, socket.getsockname()[1])
    finally:
        serving.should_exit = True
        await asyncio.wait_for(running, PATIENCE_S)


def paint(runtime: Runtime, *tracks: Shown, seconds: int = 0) -> None:
    runtime.picture.recall(picture(FRAME, NIGHT_NS + seconds * 10**9, tracks))


async def hear(socket: ClientConnection) -> Any:
    said = await asyncio.wait_for(socket.recv(), PATIENCE_S)
    return decode_frame(said) if isinstance(said, bytes) else json.loads(said)


async def hear_of(socket: ClientConnection, kind: str) -> dict[str, Any]:
    while True:
        said = await hear(socket)
        if isinstance(said, dict) and said["type"] == kind:
            return said


async def closing(socket: ClientConnection) -> int:
    """The code with which the server closes."""
    with contextlib.suppress(ConnectionClosed):
        while True:
            await hear(socket)
    return socket.close_code or 0


def test_hello_comes_first_then_each_topic_as_a_whole_then_tracks(runtime: Runtime) -> None:
    async def listen() -> None:
        async with server(runtime) as place, place.listen(demo_session(place.desk)) as socket:
            hello = await hear(socket)
            assert hello["type"] == "hello"
            assert hello["layout"] == published_layout()
            assert (hello["protocol"], hello["clearance"], hello["role"]) == (1, "", "demo")
            paint(runtime, Shown(key=3))
            alarms = await hear_of(socket, "alarms")
            assert alarms == {"type": "alarms", "items": [], "reset": True}
            frame = await hear(socket)
            while isinstance(frame, dict):
                frame = await hear(socket)
            assert frame.columns["track_key"].tolist() == [3]
            assert frame.simulated

    asyncio.run(listen())


def test_an_alarm_that_changes_is_said_alone_and_marks_its_track(runtime: Runtime) -> None:
    async def listen() -> None:
        async with server(runtime) as place:
            track = "0000000000000003"
            runtime.picture.recall(an_alarm("b1"))
            secret = demo_session(place.desk)
            async with place.listen(secret, "?topics=alarms,tracks") as socket:
                assert len((await hear_of(socket, "alarms"))["items"]) == 1
                runtime.picture.recall(an_alarm("a1", track_ids=(track,)))
                said = await hear_of(socket, "alarms")
                assert [item["alarm_id"] for item in said["items"]] == ["a1"]
                assert said["reset"] is False
                paint(runtime, Shown(key=3), Shown(key=5), seconds=1)
                frame = await hear(socket)
                assert frame.columns["level"].tolist() == [3, 0]
                assert frame.columns["flags"].tolist() == [1, 0]

    asyncio.run(listen())


def test_frames_are_encoded_once_for_all(runtime: Runtime) -> None:
    async def listen() -> None:
        async with server(runtime) as place:
            secret = demo_session(place.desk)
            one, two = (
                place.listen(secret, "?topics=tracks"),
                place.listen(secret, "?topics=tracks"),
            )
            async with one as first, two as second:
                assert (await hear(first))["type"] == "hello"
                assert (await hear(second))["type"] == "hello"
                paint(runtime, Shown(key=3), seconds=2)
                frames = [await hear(first), await hear(second)]
                assert frames[0].frame == frames[1].frame == 1

    asyncio.run(listen())


def test_nobody_comes_in_without_a_session(runtime: Runtime) -> None:
    async def listen() -> int:
        async with server(runtime) as place, httpx.AsyncClient() as client:
            answer = await client.get(f"http://{place.address}/api/v1/live/events")
            return answer.status_code

    assert asyncio.run(listen()) == 401


def test_a_stream_ends_with_its_session(runtime: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "ASK_S", 0.05)

    async def listen() -> int:
        async with server(runtime) as place:
            secret = session_of(place.desk, "viewer")
            async with place.listen(secret) as socket:
                assert (await hear(socket))["type"] == "hello"
                place.desk.leave(place.desk.principal_of_secret(secret))
                return await closing(socket)

    assert asyncio.run(listen()) == 4401


def test_a_partner_without_a_picture_is_shown_none(runtime: Runtime) -> None:
    async def listen() -> tuple[int, list[str]]:
        async with server(runtime) as place:
            stranger = session_of(place.desk, "partner", clearance="EST")
            known = session_of(place.desk, "partner", clearance="LVA")
            async with place.listen(stranger) as socket:
                code = await closing(socket)
            heard = []
            async with place.listen(known) as socket:
                while "system" not in heard:
                    heard.append((await hear(socket))["type"])
            return code, heard

    code, heard = asyncio.run(listen())
    assert code == 4403
    assert heard == ["hello", "alarms", "system"]


def test_an_unknown_topic_is_refused_by_name(runtime: Runtime) -> None:
    async def listen() -> tuple[int, str]:
        async with server(runtime) as place:
            secret = demo_session(place.desk)
            async with place.listen(secret, "?topics=weapons") as socket:
                code = await closing(socket)
            cookies = {COOKIE: secret}
            async with httpx.AsyncClient(cookies=cookies) as client:
                url = f"http://{place.address}/api/v1/live/events?topics=weapons"
                return code, (await client.get(url)).json()["detail"]

    code, detail = asyncio.run(listen())
    assert code == 4400
    assert "'weapons'" in detail


def test_more_clients_than_there_are_seats_are_told_to_come_later(runtime: Runtime) -> None:
    async def listen() -> tuple[int, int]:
        async with server(runtime) as place:
            ann, ben = session_of(place.desk, "viewer"), session_of(place.desk, "operator")
            async with place.listen(ann) as one, place.listen(ann) as two:
                await hear(one)
                await hear(two)
                async with place.listen(ann) as third:
                    of_one_account = await closing(third)
                async with place.listen(ben) as third:
                    await hear(third)
                    async with place.listen(ben) as fourth:
                        return of_one_account, await closing(fourth)

    assert asyncio.run(listen()) == (1013, 1013)


def test_a_seat_is_free_again_when_its_client_has_gone(runtime: Runtime) -> None:
    async def listen() -> list[str]:
        heard = []
        async with server(runtime) as place:
            secret = session_of(place.desk, "viewer")
            for _ in range(4):
                async with place.listen(secret) as socket:
                    heard.append((await hear(socket))["type"])
        return heard

    assert asyncio.run(listen()) == ["hello"] * 4


def test_events_say_the_same_as_json(runtime: Runtime) -> None:
    async def listen() -> dict[str, Any]:
        heard: dict[str, Any] = {}
        async with server(runtime) as place:
            paint(runtime, Shown(key=3), seconds=3)
            runtime.picture.recall(an_alarm("a1"))
            cookies = {COOKIE: demo_session(place.desk)}
            url = f"http://{place.address}/api/v1/live/events"
            async with (
                httpx.AsyncClient(cookies=cookies, timeout=PATIENCE_S) as client,
                client.stream("GET", url) as answer,
            ):
                assert answer.headers["content-type"].startswith("text/event-stream")
                async for line in answer.aiter_lines():
                    if line:
                        said = msgspec.json.decode(line.removeprefix("data: "))
                        heard.setdefault(said["type"], said)
                    if {"tracks", "system"} <= heard.keys():
                        break
        return heard

    heard = asyncio.run(listen())
    assert [track["track_id"] for track in heard["tracks"]["items"]] == ["0000000000000003"]
    assert heard["alarms"]["items"][0]["alarm_id"] == "a1"
    assert heard["system"]["mode"] == "simulation"
