"""Serves the built page with a made-up night: for looking at it, and for measuring it.

    python ui/dev/feeder.py --port 8470 --tracks 60 --built src/skypicket/web/page/built

Speaks the live stream and as much of the JSON as the page asks; nobody signs in, nothing is kept.
The night itself is in `night.py`.
"""

import argparse
import asyncio
import contextlib
import sys
from pathlib import Path
from typing import Any

import uvicorn
from litestar import Litestar, Request, Response, WebSocket, get, post, websocket
from litestar.exceptions import NotFoundException
from litestar.types import ControllerRouterHandler
from night import Night
from told import details, drawn, hello, listed, rare, session_of, system

from skypicket.web.access.headers import POLICY
from skypicket.web.live.layout import published_layout
from skypicket.web.page.routes import BASEMAP, BUILT, basemap_files, page_files
from skypicket.web.page.shelf import read_shelf


def routes_of(night: Night, frames_per_s: float) -> list[ControllerRouterHandler]:
    """The few routes that the page needs."""

    @get("/api/v1/session", sync_to_thread=False)
    def session() -> dict[str, Any]:
        return session_of()

    @get("/api/v1/session/ways", sync_to_thread=False)
    def ways() -> dict[str, Any]:
        return {"oidc": False}

    @get("/api/v1/{name:str}", sync_to_thread=False)
    def one_list(name: str) -> dict[str, Any]:
        return page_of(listed(night, name))

    @get("/api/v1/tracks/{track_id:str}", sync_to_thread=False)
    def track(track_id: str) -> dict[str, Any]:
        return details(night, track_id)

    @post("/api/v1/actions")
    async def act(request: Request[Any, Any, Any]) -> dict[str, int]:
        said = await request.json()
        return {"sequence": night.acted(said["action"], said["subject"])}

    @get("/api/v1/picture.svg", sync_to_thread=False)
    def picture() -> Response[str]:
        return Response(drawn(), media_type="image/svg+xml")

    return [session, ways, one_list, track, act, picture, live_route(night, frames_per_s)]


def page_of(items: list[dict[str, Any]] | None) -> dict[str, Any]:
    """A list as the API answers it, all on one page."""
    if items is None:
        raise NotFoundException("The made-up night has no such list.")
    count = len(items)
    return {
        "items": items,
        "total": count,
        "limit": 10_000,
        "offset": 0,
        "next": None,
        "time_ns": 0,
    }


def live_route(night: Night, frames_per_s: float) -> ControllerRouterHandler:
    """The live stream: what is rare once and when it changed, frames and heartbeats in time."""

    @websocket("/api/v1/live")
    async def live(socket: WebSocket[Any, Any, Any]) -> None:
        await socket.accept()
        await socket.send_json(hello(night, published_layout()))
        seen: dict[str, Any] = {}
        beats = 0
        with contextlib.suppress(Exception):  # whoever leaves ends only his own stream
            while True:
                for name, items in rare(night).items():
                    if seen.get(name) != items:
                        seen[name] = items
                        await socket.send_json({"type": name, "items": items, "reset": True})
                if beats % max(1, round(frames_per_s)) == 0:
                    await socket.send_json({"type": "system", **system(night)})
                await socket.send_bytes(night.frame())
                beats += 1
                await asyncio.sleep(1 / frames_per_s)

    return live


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--port", type=int, default=8470)
    parser.add_argument(
        "--tracks", type=int, default=60, help="ordinary tracks beside the told ones"
    )
    parser.add_argument("--frames-per-s", type=float, default=1.0)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--built", type=Path, default=BUILT, help="folder of the built page")
    parser.add_argument("--empty", action="store_true", help="no track and no alarm")
    options = parser.parse_args()
    night = Night(
        0 if options.empty else options.tracks, speed=options.speed, told=not options.empty
    )
    files = [*page_files(read_shelf(options.built)), *basemap_files(read_shelf(BASEMAP))]
    app = Litestar(
        [*files, *routes_of(night, options.frames_per_s)],
        openapi_config=None,
        after_request=fenced(options.port),
        logging_config=None,
    )
    print(f"http://127.0.0.1:{options.port}/", flush=True)
    uvicorn.run(app, host="127.0.0.1", port=options.port, log_level="warning")


def fenced(port: int) -> Any:
    """The policy that the real server sends, so that the page is tried under it."""
    policy = f"{POLICY}; connect-src 'self' ws://127.0.0.1:{port}"

    def answer(response: Response[Any]) -> Response[Any]:
        response.headers["Content-Security-Policy"] = policy
        return response

    return answer


if __name__ == "__main__":
    sys.exit(main())
