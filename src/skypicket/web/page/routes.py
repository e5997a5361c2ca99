"""The routes of the page's files: what was built, at `/`, and the basemap, in ranges.

The page itself holds nothing of the picture, so that it may be had without a sign-in; all that is
operational it asks from `/api/v1`. Where the page was not built, `/` leads to the plain page.
"""

from pathlib import Path
from typing import Any

from litestar import Request, Response, route
from litestar.enums import HttpMethod
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from skypicket.web.page.plain import plain_routes, unbuilt_page
from skypicket.web.page.serving import ASK_AGAIN, HASHED, ranged, whole
from skypicket.web.page.shelf import Shelf, read_shelf
from skypicket.web.parts import WebParts

BUILT = Path(__file__).parent / "built"
BASEMAP = Path(__file__).parent / "basemap"
INDEX = "index.html"
VIEWS = ("/", "/first")  # the page looks at the address itself
_READ = [HttpMethod.GET, HttpMethod.HEAD]


def page_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """The page at `/` and its files, the basemap, and the plain page."""
    built = read_shelf(BUILT)
    there = INDEX in built
    page = page_files(built) if there else [unbuilt_page(VIEWS)]
    return [*page, *basemap_files(read_shelf(BASEMAP)), *plain_routes(parts, built=there)]


def page_files(built: Shelf) -> list[ControllerRouterHandler]:
    """The built page.

    Names below `/assets/` change with their content; the others are asked for again each time.
    """
    beside = [f"/{name}" for name in built if name != INDEX and not name.startswith("assets/")]

    @route(list(VIEWS), http_method=_READ, permission="page.read", include_in_schema=False)
    async def index(request: Request[Any, Any, Any]) -> Response[bytes]:
        return whole(built[INDEX], request.headers, ASK_AGAIN)

    @route(
        "/assets/{name:path}", http_method=_READ, permission="page.read", include_in_schema=False
    )
    async def asset(name: FromPath[Path], request: Request[Any, Any, Any]) -> Response[bytes]:
        file = built.get("assets/" + name.as_posix().lstrip("/"))
        if file is None:
            raise NotFoundException(f"The page has no file /assets{name.as_posix()}.")
        return whole(file, request.headers, HASHED)

    @route(beside, http_method=_READ, permission="page.read", include_in_schema=False)
    async def other(request: Request[Any, Any, Any]) -> Response[bytes]:
        return whole(built[request.url.path.lstrip("/")], request.headers, ASK_AGAIN)

    return [index, asset, *([other] if beside else [])]


def basemap_files(basemap: Shelf) -> list[ControllerRouterHandler]:
    """The tiles of the basemap, with HTTP Range, and the notice that goes with them."""

    @route(
        "/basemap/{name:str}", http_method=_READ, permission="page.read", include_in_schema=False
    )
    async def tiles(name: FromPath[str], request: Request[Any, Any, Any]) -> Response[bytes]:
        file = basemap.get(name)
        if file is None:
            raise NotFoundException(f"There is no basemap {name!r}.")
        return ranged(file, request.headers, ASK_AGAIN)

    return [tiles]
