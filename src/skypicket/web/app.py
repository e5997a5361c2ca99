"""The application put together: all routes behind one guard, one fence, one set of headers.

It does not start while a route declares no permission, or one that the matrix does not name.
"""

from typing import Any

from litestar import Litestar, MediaType, Request, Response, Router, get
from litestar.datastructures import State
from litestar.middleware import DefineMiddleware
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.status_codes import HTTP_503_SERVICE_UNAVAILABLE
from litestar.types import ControllerRouterHandler
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from skypicket.web.access.fence import Fence
from skypicket.web.access.guard import Doorway, check_declared, guard
from skypicket.web.access.headers import AnswerHeaders
from skypicket.web.access.principal import Principal
from skypicket.web.access.routes import access_routes
from skypicket.web.answers import EXCEPTION_ANSWERS
from skypicket.web.api.routes import api_routes
from skypicket.web.health import Health, briefly, health_of
from skypicket.web.intake import intake_routes
from skypicket.web.live.routes import live_routes
from skypicket.web.live.topics import TOPICS
from skypicket.web.metrics import registry_of
from skypicket.web.operate.routes import operate_routes
from skypicket.web.page.routes import page_routes
from skypicket.web.parts import WebParts

ROUTES = (access_routes, intake_routes, api_routes, operate_routes, live_routes, page_routes)


def build_app(parts: WebParts, *more: ControllerRouterHandler) -> Litestar:
    """The HTTP application over its parts; `more` adds handlers, which the guard holds to the same.

    Raises:
        ConfigurationError: a route or a topic declares no permission, or one that the matrix lacks.
    """
    handlers = [*_own_routes(parts), *(handler for routes in ROUTES for handler in routes(parts))]
    web = parts.runtime.settings.web
    fence = Fence(web.host_names, tls=web.tls)
    app = Litestar(
        route_handlers=[*handlers, *more],
        middleware=[DefineMiddleware(Doorway, desk=parts.access, fence=fence)],
        guards=[guard],
        before_send=[AnswerHeaders(fence, tls=web.tls)],
        lifespan=list(parts.lifespans),
        openapi_config=_openapi(),
        request_max_body_size=web.max_body_bytes,
        exception_handlers=EXCEPTION_ANSWERS,
        state=State({"desk": parts.access}),
        logging_config=None,
    )
    check_declared(app, parts.access.matrix, TOPICS)
    return app


def _own_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    registry = registry_of(parts.runtime)

    @get(
        "/healthz",
        permission="health.read",
        summary="Is the system well?",
        sync_to_thread=False,
    )
    def healthz(request: Request[Principal, Any, Any]) -> Response[Health]:
        partner = "partner" in request.user.roles
        open_to_all = not partner and (parts.access.loopback or request.user.may("system.read"))
        health = health_of(parts.runtime)
        health = health if open_to_all else briefly(health)
        return Response(health, status_code=200 if health.ok else HTTP_503_SERVICE_UNAVAILABLE)

    @get(
        "/metrics",
        permission="metrics.read",
        media_type=MediaType.TEXT,
        summary="Figures for Prometheus",
        sync_to_thread=False,
    )
    def metrics() -> Response[bytes]:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return [healthz, metrics]


def _openapi() -> OpenAPIConfig:
    """The description of the API, as JSON only: pages that show one load scripts from elsewhere."""
    return OpenAPIConfig(
        title="Skypicket",
        version="1",
        openapi_router=Router("/schema", route_handlers=[], opt={"permission": "schema.read"}),
        render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
    )
