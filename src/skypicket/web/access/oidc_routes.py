"""The routes of signing in through an identity provider, and of proving oneself afresh there."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from litestar import get
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException, NotFoundException, PermissionDeniedException
from litestar.response import Redirect
from litestar.status_codes import HTTP_303_SEE_OTHER
from litestar.types import ControllerRouterHandler

from skypicket.domain.errors import InputError
from skypicket.engine.web_settings import OidcSettings
from skypicket.store.access import Account
from skypicket.web.access.challenges import Challenges
from skypicket.web.access.desk import AccessDesk
from skypicket.web.access.guard import address_of
from skypicket.web.access.refusal_pages import provider_refused
from skypicket.web.access.views import ForPrincipal, session_cookie

if TYPE_CHECKING:
    from skypicket.web.access.oidc import Identity, Provider

STATE_COOKIE = "skypicket_oidc"
PLACE = "/api/v1/session/oidc"
STATE_S = 180
NONE = "No identity provider is set up here; [web.oidc] names one."
DISABLED = "This account is disabled."
ANOTHER = "The identity provider says that this is another person."


def oidc_routes(desk: AccessDesk, folder: Path) -> list[ControllerRouterHandler]:
    """`/api/v1/session/oidc/{start,callback}`.

    Raises:
        InputError: the file of the client's secret cannot be read.
    """
    provider = provider_of(desk, folder)
    return [*_start(desk, provider), *_callback(desk, provider)]


def _start(desk: AccessDesk, provider: "Provider | None") -> list[ControllerRouterHandler]:
    @get(
        f"{PLACE}/start",
        permission="login.use",
        summary="Sign in through the identity provider",
        status_code=HTTP_303_SEE_OTHER,
        exception_handlers={HTTPException: provider_refused},
        sync_to_thread=True,
    )
    def start(request: ForPrincipal) -> Redirect:
        asked = _counted(desk, provider, request)
        session = request.user.session if request.user.kind == "person" else ""
        url, state = asked.start(_callback_url(desk, request), session, desk.clock())
        return Redirect(
            url,
            status_code=HTTP_303_SEE_OTHER,
            cookies=[_state_cookie(desk, f"{state}.{session}", STATE_S)],
        )

    @get(
        "/api/v1/session/ways",
        permission="login.use",
        summary="Which ways to sign in there are besides password and passkey",
        sync_to_thread=False,
    )
    def ways() -> dict[str, bool]:
        return {"oidc": provider is not None}

    return [start, ways]


def _callback(desk: AccessDesk, provider: "Provider | None") -> list[ControllerRouterHandler]:
    @get(
        f"{PLACE}/callback",
        permission="login.use",
        summary="Back from the identity provider",
        status_code=HTTP_303_SEE_OTHER,
        exception_handlers={HTTPException: provider_refused},
        sync_to_thread=True,
    )
    def callback(request: ForPrincipal) -> Redirect:
        asked = _counted(desk, provider, request)
        state, _, session = request.cookies.get(STATE_COOKIE, "").partition(".")
        answer = dict(request.query_params.items())
        identity = asked.finish(
            answer, (state, session), _callback_url(desk, request), desk.clock()
        )
        cookies = [_state_cookie(desk, "", 0)]
        if session:
            prove_afresh(desk, session, identity)
        else:
            opened = desk.open(account_of(desk, identity), "oidc")
            cookies.append(session_cookie(desk, opened))
        return Redirect("/", status_code=HTTP_303_SEE_OTHER, cookies=cookies)

    return [callback]


def _counted(desk: AccessDesk, provider: "Provider | None", request: ForPrincipal) -> "Provider":
    """The provider, for a request that counts as an attempt to sign in.

    Raises:
        NotFoundException: there is none.
        TooManyRequestsException: there were too many attempts.
    """
    if provider is None:
        raise NotFoundException(NONE)
    desk.limits.count_login(address_of(request))
    return provider


def provider_of(desk: AccessDesk, folder: Path) -> "Provider | None":
    """The identity provider of the configuration, if it names one.

    Raises:
        InputError: the file of the client's secret cannot be read.
    """
    settings = desk.web.oidc
    if settings is None:
        return None
    from skypicket.web.access.oidc import Provider  # noqa: PLC0415 -- slow to import, used by few

    return Provider(settings, secret_of(settings, folder), Challenges(desk.clock))


def secret_of(settings: OidcSettings, folder: Path) -> str:
    """The client's secret, from its file.

    Raises:
        InputError: it cannot be read.
    """
    if not settings.client_secret_file:
        return ""
    path = folder / settings.client_secret_file
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"[web.oidc] client_secret_file {path} cannot be read: {error}. "
            "It is a text file that holds the secret alone."
        ) from error


def account_of(desk: AccessDesk, identity: "Identity") -> Account:
    """The account of an identity, with the roles that it has today; made at the first sign-in.

    Its name ends in `@oidc`, which no account of ours does, so that it can be taken for none.

    Raises:
        PermissionDeniedException: it is disabled.
    """
    accounts = desk.store.accounts
    with desk.store.together():
        account = accounts.of_subject(identity.subject)
        if account is None:
            name = f"{identity.name}@oidc"
            if accounts.named(name) is not None:
                mark = hashlib.sha256(identity.subject.encode()).hexdigest()[:8]
                name = f"{identity.name}-{mark}@oidc"
            account = Account(
                name=name,
                roles=identity.roles,
                created_ns=desk.clock(),
                subject=identity.subject,
            )
            accounts.add(account)
            desk.say(name, f"account made: {' '.join(identity.roles)}", name)
        if account.disabled:
            raise PermissionDeniedException(DISABLED)
        if account.roles != identity.roles:
            accounts.set_roles(account.name, identity.roles)
            desk.say(account.name, f"roles are now: {' '.join(identity.roles)}", account.name)
    return account


def prove_afresh(desk: AccessDesk, session: str, identity: "Identity") -> None:
    """Take it as proven who holds a session, if the provider says that it is the same person.

    Raises:
        PermissionDeniedException: it is another person, or the session has ended.
    """
    principal = desk.principal_of_session(session)
    account = desk.store.accounts.named(principal.name)
    if principal.kind != "person" or account is None or account.subject != identity.subject:
        raise PermissionDeniedException(ANOTHER)
    desk.step_up(principal)


def _callback_url(desk: AccessDesk, request: ForPrincipal) -> str:
    host = request.headers.get("host", "").lower()
    return f"{'https' if desk.web.tls else 'http'}://{host}{PLACE}/callback"


def _state_cookie(desk: AccessDesk, value: str, max_age_s: int) -> Cookie:
    """Lax, because the browser comes back from another site; it opens nothing by itself."""
    return Cookie(
        key=STATE_COOKIE,
        value=value,
        path=PLACE,
        max_age=max_age_s,
        httponly=True,
        samesite="lax",
        secure=desk.secure_cookies,
    )
