"""Signing in by link or password, signing out, one's own session, and proving oneself afresh."""

from typing import Any

from litestar import Response, get
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException, NotAuthorizedException, PermissionDeniedException
from litestar.params import FromPath, JSONBody
from litestar.response import Redirect
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER
from litestar.types import ControllerRouterHandler

from skypicket.store.access import Account
from skypicket.web.access.desk import COOKIE, AccessDesk
from skypicket.web.access.guard import address_of
from skypicket.web.access.passkeys import Passkeys
from skypicket.web.access.proofs import check_may_set, check_proof
from skypicket.web.access.refusal_pages import link_refused
from skypicket.web.access.views import (
    ForPrincipal,
    LoginForm,
    PasswordForm,
    ProofForm,
    SessionView,
    session_cookie,
    session_view,
    small_post,
    with_session,
)

WRONG = "Name or password is wrong."
LINK_GONE = "This link has been used, or it has ended. `skypicket access link NAME` makes another."
LINK_ELSEWHERE = "A page of another site opened this link. Paste it into the address bar instead."


def login_routes(desk: AccessDesk, passkeys: Passkeys) -> list[ControllerRouterHandler]:
    """`/login/{secret}` and `/api/v1/session`, without passkeys and providers."""
    return [*_ways_in(desk), *_session_routes(desk), *_proof_routes(desk, passkeys)]


def _ways_in(desk: AccessDesk) -> list[ControllerRouterHandler]:
    @get(
        "/login/{secret:str}",
        permission="login.use",
        summary="A one-time link: opens a session and goes to the page",
        status_code=HTTP_303_SEE_OTHER,
        exception_handlers={HTTPException: link_refused},
        sync_to_thread=True,
    )
    def link(secret: FromPath[str], request: ForPrincipal) -> Redirect:
        desk.limits.count_login(address_of(request))
        check_opened_by_hand(request)
        opened = desk.enter(secret)
        if opened is None:
            raise PermissionDeniedException(LINK_GONE)
        if request.user.kind in {"person", "demo"}:
            desk.leave(request.user)
        return Redirect("/", status_code=HTTP_303_SEE_OTHER, cookies=[session_cookie(desk, opened)])

    @small_post("/api/v1/session/login", "login.use", "Sign in with name and password")
    def login(data: JSONBody[LoginForm], request: ForPrincipal) -> Response[SessionView]:
        desk.limits.count_login(address_of(request), data.name)
        account = desk.store.accounts.named(data.name) or Account(name="", roles=())
        right = desk.passwords.check(account.password, data.password)
        if not right or account.disabled:
            raise NotAuthorizedException(WRONG)
        return with_session(desk, request, desk.open(account, "password"))

    return [link, login]


def _session_routes(desk: AccessDesk) -> list[ControllerRouterHandler]:
    @get(
        "/api/v1/session",
        permission="session.read",
        summary="Who am I, and what may I do?",
        sync_to_thread=False,
    )
    def session(request: ForPrincipal) -> SessionView:
        return session_view(desk, request.user)

    @small_post("/api/v1/session/logout", "session.read", "Sign out")
    def logout(request: ForPrincipal) -> Response[dict[str, Any]]:
        desk.leave(request.user)
        gone = Cookie(key=COOKIE, value="", path="/", max_age=0, httponly=True, samesite="strict")
        return Response({"signed_out": True}, status_code=HTTP_200_OK, cookies=[gone])

    return [session, logout]


def _proof_routes(desk: AccessDesk, passkeys: Passkeys) -> list[ControllerRouterHandler]:
    @small_post("/api/v1/session/password", "session.credential", "Set a password, or another one")
    def password(data: JSONBody[PasswordForm], request: ForPrincipal) -> Response[SessionView]:
        account = check_may_set(desk, request.user)
        desk.store.accounts.set_password(account.name, desk.passwords.hash(data.new))
        desk.say(account.name, "password set", account.name)
        desk.store.sessions.end_others(account.name, request.user.session)
        return with_session(desk, request, desk.open(account, "password"))

    @small_post(
        "/api/v1/session/step-up",
        "session.step_up",
        "Prove afresh who you are: good for five minutes",
    )
    def step_up(data: JSONBody[ProofForm], request: ForPrincipal) -> SessionView:
        desk.limits.count_login(address_of(request), request.user.name)
        if request.user.kind == "person":
            check_proof(desk, passkeys, request, data)
            desk.step_up(request.user)
        return session_view(desk, desk.principal_of(request))

    return [password, step_up]


def check_opened_by_hand(request: ForPrincipal) -> None:
    """A link is opened by a person, not by a page's prefetch, and not by another site's page.

    Browsers say so in headers that no page can set; other programs do not send them.

    Raises:
        PermissionDeniedException: it was not; the link stays good.
    """
    headers = request.headers
    purposes = (headers.get(name, "") for name in ("sec-purpose", "purpose", "x-moz"))
    fetched = headers.get("sec-fetch-dest", "document") != "document"
    if fetched or any("prefetch" in purpose or "preview" in purpose for purpose in purposes):
        raise PermissionDeniedException("A link is not to be fetched ahead; open it.")
    if headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        raise PermissionDeniedException(LINK_ELSEWHERE)
