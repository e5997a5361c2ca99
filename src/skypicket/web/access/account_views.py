"""Accounts and tokens as the administration shows and takes them."""

from typing import Annotated

import msgspec
from msgspec import Meta

from skypicket.domain.errors import UsageError
from skypicket.domain.sensors import Identifier
from skypicket.store.access import Account, Token
from skypicket.web.access.desk import DEMO, AccessDesk
from skypicket.web.access.principal import ROLES, Role

AccountName = Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9._-]{0,39}$")]


class AccountView(msgspec.Struct, frozen=True, kw_only=True):
    """An account, without anything that proves it.

    Attributes:
        name: its name.
        roles: its roles.
        clearance: "" for the own side, else the partner's code.
        created_ns: when it was made, UTC.
        disabled: whether it may no longer sign in.
        password: whether it has a password.
        passkeys: how many passkeys it has.
        provider: whether it signs in through an identity provider.
        last_sign_in_ns: when its newest session was opened, UTC; 0 is never.
        sessions: how many sessions it has open.
    """

    name: str
    roles: tuple[str, ...]
    clearance: str
    created_ns: int
    disabled: bool
    password: bool
    passkeys: int
    provider: bool
    last_sign_in_ns: int
    sessions: int


SomeRoles = Annotated[tuple[Role, ...], Meta(min_length=1, max_length=len(ROLES))]


class AccountForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new account; `clearance` is the partner's code, for a partner only."""

    name: AccountName
    roles: SomeRoles
    clearance: Annotated[str, Meta(max_length=64)] = ""


class RolesForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The roles that an account has from now on, instead of those that it had."""

    roles: SomeRoles


class LinkView(msgspec.Struct, frozen=True, kw_only=True):
    """A one-time link, shown once: its path on this server, and when it ends."""

    name: str
    path: str
    ends_ns: int


class OpenLinkView(msgspec.Struct, frozen=True, kw_only=True):
    """A one-time link that nobody has used yet, without its secret.

    Attributes:
        name: the account that it opens.
        roles: the roles of the account that it makes; empty if the account is there.
        clearance: "" for the own side, else the partner's code.
        ends_ns: when it ends, UTC.
    """

    name: str
    roles: tuple[str, ...]
    clearance: str
    ends_ns: int


class TokenView(msgspec.Struct, frozen=True, kw_only=True):
    """A sensor's token, without its secret; `used_ns` is 0 if it was never used."""

    token_id: str
    source: str
    created_ns: int
    used_ns: int


class TokenForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom a new token speaks for."""

    source: Identifier


class NewToken(TokenView, frozen=True, kw_only=True):
    """A new token, with its secret; it is shown once."""

    secret: str


def account_views(desk: AccessDesk) -> list[AccountView]:
    """All accounts as the administration sees them, by name."""
    signed_in_ns = desk.store.last_sign_ins()
    sessions = desk.open_sessions()
    return [
        _account_view(
            desk, account, signed_in_ns.get(account.name, 0), sessions.get(account.name, 0)
        )
        for account in desk.store.accounts.all()
    ]


def open_link_views(desk: AccessDesk) -> list[OpenLinkView]:
    """The one-time links that nobody has used yet."""
    return [
        OpenLinkView(
            name=link.account, roles=link.roles, clearance=link.clearance, ends_ns=link.ends_ns
        )
        for link in desk.store.links.open(desk.clock())
    ]


def token_view(token: Token) -> TokenView:
    """A token as the administration sees it."""
    return TokenView(
        token_id=token.token_id,
        source=token.source,
        created_ns=token.created_ns,
        used_ns=token.used_ns,
    )


def _account_view(
    desk: AccessDesk, account: Account, last_sign_in_ns: int, sessions: int
) -> AccountView:
    return AccountView(
        name=account.name,
        roles=account.roles,
        clearance=account.clearance,
        created_ns=account.created_ns,
        disabled=account.disabled,
        password=bool(account.password),
        passkeys=len(desk.store.accounts.passkeys(account.name)),
        provider=bool(account.subject),
        last_sign_in_ns=last_sign_in_ns,
        sessions=sessions,
    )


def account_of(form: AccountForm) -> Account:
    """The account that a form asks for.

    Raises:
        UsageError: the name is kept for demos, or roles and clearance do not go together.
    """
    if form.name == DEMO:
        raise UsageError(f"The name {DEMO!r} is kept for demos. Choose another.")
    if "partner" in form.roles and set(form.roles) != {"partner"}:
        raise UsageError("A partner has no other role: it sees its own picture only.")
    if ("partner" in form.roles) != bool(form.clearance):
        raise UsageError("A partner needs its code as `clearance`; nobody else has one.")
    return Account(name=form.name, roles=form.roles, clearance=form.clearance)
