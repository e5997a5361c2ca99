"""The hubs, one for each clearance that somebody listens with, and who may still come in."""

from collections import Counter
from importlib.metadata import version
from typing import Any

from skypicket.domain.errors import NotReleasedError, OverloadError
from skypicket.sharing import Clearance
from skypicket.web.access.principal import Principal
from skypicket.web.live.hub import Hub
from skypicket.web.live.layout import PROTOCOL, published_layout
from skypicket.web.live.seats import Seat
from skypicket.web.parts import WebParts, picture_for


class Hubs:
    """Gives each client its seat in the hub of its clearance."""

    def __init__(self, parts: WebParts) -> None:
        self._parts = parts
        self._hubs: dict[str, Hub] = {}
        self._seated: Counter[str] = Counter()  # clients by the name of their principal

    def hub_of(self, principal: Principal) -> Hub:
        """The hub of the principal's clearance.

        Raises:
            NotReleasedError: no picture is made for it.
        """
        try:
            picture = picture_for(self._parts, principal)
        except KeyError as error:
            raise NotReleasedError("No picture is made for this partner.") from error
        hub = self._hubs.get(principal.clearance)
        if hub is None:
            hub = Hub(self._parts.runtime, picture, Clearance(principal.clearance))
            self._hubs[principal.clearance] = hub
        return hub

    def room(self, principal: Principal) -> Hub:
        """The hub in which there is room for one more client.

        Raises:
            NotReleasedError: no picture is made for its clearance.
            OverloadError: there is no seat left, for this principal or at all.
        """
        hub = self.hub_of(principal)
        web = self._parts.runtime.settings.web
        if self._seated[principal.name] >= web.live_clients_each:
            raise OverloadError(
                f"{principal.name} has {web.live_clients_each} live streams already; close one."
            )
        if len(hub.seats) >= web.live_clients:
            raise OverloadError("All live streams are taken. Try again later.")
        return hub

    def enter(self, principal: Principal, seat: Seat) -> Hub:
        """Seat a client; whoever enters must `leave`.

        Raises: as `room`.
        """
        hub = self.room(principal)
        self._seated[principal.name] += 1
        hub.join(seat, self._hello(principal))
        return hub

    def leave(self, principal: Principal, seat: Seat, hub: Hub) -> None:
        """The client has gone."""
        hub.leave(seat)
        self._seated[principal.name] -= 1
        if not self._seated[principal.name]:
            del self._seated[principal.name]

    def stop(self) -> None:
        """Let every hub rest: the server stops."""
        for hub in self._hubs.values():
            hub.stop()

    def _hello(self, principal: Principal) -> dict[str, Any]:
        runtime = self._parts.runtime
        system = runtime.settings.system
        return {
            "protocol": PROTOCOL,
            "name": system.name,
            "mode": system.mode,
            "time_ns": runtime.clock(),
            "speed_factor": runtime.clock.speed_factor,
            "clearance": principal.clearance,
            "role": "demo" if principal.kind == "demo" else next(iter(principal.roles), ""),
            "home": system.home,
            "theatre": {"lat_deg": system.theatre.lat_deg, "lon_deg": system.theatre.lon_deg},
            "build": version("skypicket"),
            "layout": published_layout(),
        }
