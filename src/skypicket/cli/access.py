"""`skypicket access`: who may sign in, one-time links, sensors' tokens. Works beside the server."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import msgspec
from cyclopts import App, Parameter

from skypicket.cli.console import note, say, stdout_json
from skypicket.domain.codec import to_json
from skypicket.domain.errors import InputError, UsageError
from skypicket.domain.times import zulu
from skypicket.store.access import FILE_NAME, AccessStore, Account, digest_of
from skypicket.web.access import account_acts
from skypicket.web.access.account_views import AccountForm, account_of, account_views, token_view
from skypicket.web.access.desk import LINK_NS, URL_NOTE, AccessDesk
from skypicket.web.access.principal import Role

WHO = "command line"
NO_URL = "http://HOST:PORT"

app = App(name="access", help="Show and change who may sign in, and which sensors may speak.")
Roles = Annotated[tuple[Role, ...], Parameter(name="--role", negative="")]


@app.command(name="list")
def list_access(*, state: Path = Path("state"), json: bool = False) -> int:
    """List accounts and tokens, without anything secret.

    Args:
        state: the state folder of the system.
        json: print JSON lines.

    Example:
        skypicket access list --state state
    """
    with _desk(state) as desk:
        accounts = account_views(desk)
        tokens = desk.store.tokens.all()
    for account in accounts:
        if json:
            stdout_json(to_json({"account": account}))
            continue
        proofs = [
            *(["password"] if account.password else []),
            *([f"{account.passkeys} passkeys"] if account.passkeys else []),
            *(["identity provider"] if account.provider else []),
        ]
        side = f" of {account.clearance}" if account.clearance else ""
        say(
            f"account {account.name}  {' '.join(account.roles)}{side}  "
            f"{'disabled' if account.disabled else ', '.join(proofs) or 'no credential yet'}"
        )
    for token in tokens:
        if json:
            stdout_json(to_json({"token": token_view(token)}))
        else:
            say(f"token   {token.token_id}  source {token.source}  {zulu(token.created_ns)}")
    if not accounts and not tokens and not json:
        say(f"{state}: no account and no token. `skypicket access link NAME --role admin` begins.")
    return 0


@app.command
def link(
    name: str,
    *,
    role: Roles = (),
    partner: str = "",
    state: Path = Path("state"),
    json: bool = False,
) -> int:
    """Print a one-time link that signs an account in; it ends after 15 minutes.

    The account is made when the link is used. For one that is there already leave the role out:
    the link then replaces a forgotten password.

    Args:
        name: the account: letters, digits, dot, dash.
        role: its role; several may be given, each with --role.
        partner: the partner's code, for the role partner.
        state: the state folder of the system.
        json: print a JSON line.

    Example:
        skypicket access link j.kazlauskas --role operator --state state
    """
    with _desk(state) as desk:
        account = _asked(desk, name, role, partner)
        secret = desk.new_link(account, WHO)
        url = desk.store.note(URL_NOTE)
        ends_ns = desk.clock() + LINK_NS
    if not url:
        note(f"No server has run with {state} yet; put its address where {NO_URL} stands.")
    address = f"{url or NO_URL}/login/{secret}"
    if json:
        stdout_json(to_json({"name": name, "url": address, "ends_ns": ends_ns}))
    else:
        say(address)
        note(f"It opens once, until {zulu(ends_ns)}; paste it into the address bar.")
    return 0


@app.command
def token(source: str, *, state: Path = Path("state"), json: bool = False) -> int:
    """Print a token with which a sensor may speak for one source. It is shown once.

    The sensor sends it with every request: `Authorization: Bearer TOKEN`.

    Args:
        source: the id of the source in the configuration.
        state: the state folder of the system.
        json: print a JSON line.

    Example:
        skypicket access token reports --state state
    """
    if not 1 <= len(source) <= 64:
        raise UsageError("A source's id has 1 to 64 characters.")
    with _desk(state) as desk:
        secret = desk.new_token(source, WHO)
    token_id = digest_of(secret)[:8]
    if json:
        stdout_json(to_json({"token_id": token_id, "source": source, "secret": secret}))
    else:
        say(secret)
        note(f"Token {token_id} of source {source}; only its hash is kept.")
    return 0


@app.command
def revoke(token_id: str, *, state: Path = Path("state"), json: bool = False) -> int:
    """Revoke a token; a running server refuses it from the next request on.

    Args:
        token_id: its id, as `skypicket access list` shows it.
        state: the state folder of the system.
        json: print a JSON line.

    Example:
        skypicket access revoke 3f9a01bc --state state
    """
    with _desk(state) as desk:
        gone = desk.store.tokens.revoke(token_id)
        if gone is None:
            raise UsageError(
                f"{state} has no token {token_id!r}. `skypicket access list` shows them."
            )
        desk.say(WHO, f"token {token_id} revoked", gone.source)
    _done({"revoked": token_id, "source": gone.source}, f"Token {token_id} is revoked.", json=json)
    return 0


@app.command
def disable(name: str, *, state: Path = Path("state"), json: bool = False) -> int:
    """Let an account sign in no longer; its open sessions end at once.

    Args:
        name: the account.
        state: the state folder of the system.
        json: print a JSON line.

    Example:
        skypicket access disable j.kazlauskas --state state
    """
    with _desk(state) as desk:
        desk.store.accounts.disable(name)
        desk.say(WHO, "account disabled", name)
    _done({"disabled": name}, f"The account {name} is disabled.", json=json)
    return 0


@app.command
def enable(name: str, *, state: Path = Path("state"), json: bool = False) -> int:
    """Let a disabled account sign in again, by the ways it had; old sessions and links stay dead.

    Args:
        name: the account.
        state: the state folder of the system.
        json: print a JSON line.

    Example:
        skypicket access enable j.kazlauskas --state state
    """
    with _desk(state) as desk:
        account_acts.enable(desk, name, WHO)
    _done({"enabled": name}, f"The account {name} may sign in again.", json=json)
    return 0


@app.command
def roles(name: str, *, role: Roles, state: Path = Path("state"), json: bool = False) -> int:
    """Give an account other roles, instead of those it has; its open sessions have them at once.

    Refused for an account of the identity provider, whose roles come from there at each sign-in,
    for a partner, and if nobody who can sign in would be an administrator after that.

    Args:
        name: the account.
        role: a role that it has from now on; several may be given, each with --role.
        state: the state folder of the system.
        json: print a JSON line.

    Example:
        skypicket access roles j.kazlauskas --role operator --role planner --state state
    """
    with _desk(state) as desk:
        account_acts.set_roles(desk, name, role, WHO)
    _done({"name": name, "roles": role}, f"The account {name} is now {' '.join(role)}.", json=json)
    return 0


def _done(told: dict[str, Any], text: str, *, json: bool) -> None:
    if json:
        stdout_json(to_json(told))
    else:
        say(text)


def _asked(desk: AccessDesk, name: str, roles: tuple[Role, ...], partner: str) -> Account:
    """The account of a link: the one that is there, or the one that is asked for."""
    known = desk.store.accounts.named(name)
    if known is not None and not roles and not partner:
        return Account(name=name, roles=())
    if not roles:
        raise UsageError(f"There is no account {name!r} yet; give it a --role.")
    try:
        form = msgspec.convert({"name": name, "roles": roles, "clearance": partner}, AccountForm)
    except msgspec.ValidationError as error:
        raise UsageError(
            f"{name!r} is no name for an account: a letter, then letters, digits, dots and dashes."
        ) from error
    return account_of(form)


@contextmanager
def _desk(state: Path) -> Iterator[AccessDesk]:
    """The access file of a state folder, which must be there: a typing error makes no new one."""
    if not state.is_dir():
        raise InputError(
            f"There is no state folder {state}. --state names the one of the system; "
            "the first start of `skypicket run` makes it."
        )
    store = AccessStore(state / FILE_NAME)
    try:
        yield AccessDesk(store)
    finally:
        store.close()
