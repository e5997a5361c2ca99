"""What signing in takes and gives: the bodies of the session routes."""

from typing import Annotated, Any, Literal

import msgspec
from litestar import Request, Response, post
from litestar.datastructures import Cookie
from litestar.status_codes import HTTP_200_OK
from msgspec import Meta

from skypicket.web.access.desk import COOKIE, AccessDesk
from skypicket.web.access.principal import Principal, Role

SMALL_BODY_BYTES = 65_536
ShortText = Annotated[str, Meta(max_length=200)]
Secret = Annotated[str, Meta(max_length=2_048)]
ForPrincipal = Request[Principal, Any, Any]


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    """One's own session.

    Attributes:
        name: the account's name.
        role: the first of `roles`; "" for none.
        roles: all roles.
        clearance: "" for the own side, else the partner's code.
        permissions: what this session may do.
        kind: `demo`, `person` or `token`.
        step_up_until_ns: until when the last proof of who is asking is fresh, UTC; 0 is not at all.
        link_until_ns: until when a password may be set without the old one, because a one-time link
            opened this session, UTC; 0 is not at all.
        has_credential: whether a password, passkey or identity provider is set up.
        demo: whether this server shows a demo.
    """

    name: str
    role: Role | Literal[""]
    roles: tuple[Role, ...]
    clearance: str
    permissions: tuple[str, ...]
    kind: str
    step_up_until_ns: int
    link_until_ns: int
    has_credential: bool
    demo: bool


class LoginForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A name and a password."""

    name: ShortText
    password: Secret


class PasswordForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new password."""

    new: Secret


class ProofForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The password again, or the answer of a passkey to fresh options."""

    password: Secret = ""
    credential: dict[str, Any] | None = None


RANK: tuple[Role, ...] = (
    "supervisor",
    "operator",
    "search_leader",
    "planner",
    "admin",
    "viewer",
    "partner",
)


def small_post(path: str, permission: str, summary: str, status_code: int = HTTP_200_OK) -> post:
    """A route for a small body, answered in a thread: it writes to the access file, or hashes."""
    return post(
        path,
        permission=permission,
        summary=summary,
        status_code=status_code,
        request_max_body_size=SMALL_BODY_BYTES,
        sync_to_thread=True,
    )


def session_view(desk: AccessDesk, principal: Principal) -> SessionView:
    """A session as its owner sees it."""
    account = desk.store.accounts.named(principal.name) if principal.kind == "person" else None
    return SessionView(
        name=principal.name,
        role=next((role for role in RANK if role in principal.roles), ""),
        roles=principal.roles,
        clearance=principal.clearance,
        permissions=tuple(sorted(principal.permissions)),
        kind=principal.kind,
        step_up_until_ns=principal.step_up_until_ns,
        link_until_ns=desk.link_until_ns(principal),
        has_credential=account is not None and desk.store.accounts.has_credential(account),
        demo=desk.demo,
    )


def session_cookie(desk: AccessDesk, secret: str) -> Cookie:
    """The cookie of a session: for this host, for no script, for no other site's page."""
    return Cookie(
        key=COOKIE,
        value=secret,
        path="/",
        httponly=True,
        samesite="strict",
        secure=desk.secure_cookies,
    )


def with_session(desk: AccessDesk, request: ForPrincipal, secret: str) -> Response[SessionView]:
    """The answer to a sign-in: a fresh session in the cookie; the one before it has ended."""
    if request.user.kind in {"person", "demo"}:
        desk.leave(request.user)
    view = session_view(desk, desk.principal_of_secret(secret))
    return Response(view, status_code=200, cookies=[session_cookie(desk, secret)])
