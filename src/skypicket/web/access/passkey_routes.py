"""The routes of passkeys: options to ask a browser with, and its answer."""

from typing import Any

from litestar import MediaType, Response
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK
from litestar.types import ControllerRouterHandler

from skypicket.web.access.desk import AccessDesk
from skypicket.web.access.guard import address_of
from skypicket.web.access.party import RelyingParty, relying_party
from skypicket.web.access.passkeys import Passkeys
from skypicket.web.access.proofs import check_may_set
from skypicket.web.access.views import (
    ForPrincipal,
    SessionView,
    small_post,
    with_session,
)

PLACE = "/api/v1/session/passkey"


def passkey_routes(desk: AccessDesk, passkeys: Passkeys) -> list[ControllerRouterHandler]:
    """`/api/v1/session/passkey/{register,login}/{options,verify}`."""
    return [*_register_routes(desk, passkeys), *_login_routes(desk, passkeys)]


def _register_routes(desk: AccessDesk, passkeys: Passkeys) -> list[ControllerRouterHandler]:
    @small_post(
        f"{PLACE}/register/options", "session.credential", "What a browser needs to make a passkey"
    )
    def options(request: ForPrincipal) -> Response[bytes]:
        account = check_may_set(desk, request.user)
        party = _party(desk, request)
        return _json(passkeys.registration_options(account, party, request.user.session))

    @small_post(
        f"{PLACE}/register/verify", "session.credential", "Keep the passkey that the browser made"
    )
    def verify(data: JSONBody[dict[str, Any]], request: ForPrincipal) -> Response[SessionView]:
        account = check_may_set(desk, request.user)
        passkeys.register(account, data, _party(desk, request), request.user.session)
        desk.say(account.name, "passkey added", account.name)
        return with_session(desk, request, desk.open(account, "passkey"))

    return [options, verify]


def _login_routes(desk: AccessDesk, passkeys: Passkeys) -> list[ControllerRouterHandler]:
    @small_post(f"{PLACE}/login/options", "login.use", "What a browser needs to ask for a passkey")
    def options(request: ForPrincipal) -> Response[bytes]:
        return _json(passkeys.login_options(_party(desk, request)))

    @small_post(f"{PLACE}/login/verify", "login.use", "Sign in with a passkey")
    def verify(data: JSONBody[dict[str, Any]], request: ForPrincipal) -> Response[SessionView]:
        desk.limits.count_login(address_of(request))
        account = passkeys.check(data, _party(desk, request))
        return with_session(desk, request, desk.open(account, "passkey"))

    return [options, verify]


def _party(desk: AccessDesk, request: ForPrincipal) -> RelyingParty:
    return relying_party(request.headers.get("host", ""), tls=desk.web.tls)


def _json(text: str) -> Response[bytes]:
    return Response(text.encode(), media_type=MediaType.JSON, status_code=HTTP_200_OK)
