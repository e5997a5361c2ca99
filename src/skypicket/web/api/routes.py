"""The handlers of this package, for the application to put together."""

from litestar import Router
from litestar.exceptions import ValidationException
from litestar.types import ControllerRouterHandler

from skypicket.web.api.alarms import alarm_routes
from skypicket.web.api.alerts import alert_routes
from skypicket.web.api.coverage import coverage_routes
from skypicket.web.api.export import export_routes
from skypicket.web.api.health_routes import health_routes
from skypicket.web.api.incidents import incident_routes
from skypicket.web.api.parameters import refuse_unknown, wrong_parameter
from skypicket.web.api.places import place_routes
from skypicket.web.api.reports import report_routes
from skypicket.web.api.tracks import track_routes
from skypicket.web.api.zones import zone_routes
from skypicket.web.parts import WebParts
from skypicket.web.svg.routes import svg_routes

RESOURCES = (
    track_routes,
    alarm_routes,
    incident_routes,
    health_routes,
    zone_routes,
    coverage_routes,
    alert_routes,
    place_routes,
    export_routes,
    svg_routes,
)


def api_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """Every resource under `/api/v1` that only reads."""
    return [
        *report_routes(parts),
        Router(
            "/api/v1",
            route_handlers=[handler for routes in RESOURCES for handler in routes(parts)],
            before_request=refuse_unknown,
            exception_handlers={ValidationException: wrong_parameter},
        ),
    ]
