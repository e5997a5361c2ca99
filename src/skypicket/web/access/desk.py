"""The desk at the door: it knows sessions, links and tokens, and says who is asking."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from secrets import token_urlsafe
from typing import Any

import msgspec
from litestar.connection import ASGIConnection

from skypicket.domain.errors import UnavailableError, UsageError
from skypicket.domain.times import NS_PER_S
from skypicket.engine.web_settings import WebSettings
from skypicket.store.access import (
    AccessStore,
    Account,
    AuditLine,
    Lifetimes,
    OneTimeLink,
    Session,
    Token,
    digest_of,
)
from skypicket.store.access_sessions import OpenedBy
from skypicket.web.access.limits import Limits
from skypicket.web.access.matrix import OWN_ROLES, Matrix, shipped_matrix
from skypicket.web.access.passwords import Passwords
from skypicket.web.access.principal import NO_CLEARANCE, ROLES, Principal, nobody

COOKIE = "skypicket_session"
DEMO = "demo"
FIRST = "admin"
URL_NOTE = "url"  # where the access file keeps the server's address, for links made by a command
FIRST_ROLES = ("admin", "supervisor")
NS_PER_H = 3_600 * NS_PER_S
STEP_UP_NS = 300 * NS_PER_S
LINK_NS = 900 * NS_PER_S
TOUCH_NS = 60 * NS_PER_S
FOR_EVER_NS = 2**62
MOST_TOUCHED = 10_000
UNPROVEN = frozenset({"session.read", "session.credential"})

Connection = ASGIConnection[Any, Any, Any, Any]
Clock = Callable[[], int]


class AccessDesk:
    """Who may come in. Time is real UTC, whatever the engine's clock shows.

    Args:
        store: the access file; without one, everything is in memory and nobody is known.
        web: the server's settings: lifetimes of sessions, loopback or not, TLS or not.
        clock: real UTC, in nanoseconds.
        new_secret: gives long random secrets that fit into a URL.
        demo: whether demo links and demo sessions are good here.
    """

    def __init__(
        self,
        store: AccessStore | None = None,
        web: WebSettings | None = None,
        clock: Clock = time.time_ns,
        new_secret: Callable[[], str] = token_urlsafe,
        *,
        demo: bool = False,
    ) -> None:
        self.store = store or AccessStore()
        self.matrix: Matrix = shipped_matrix()
        self.clock = clock
        self.new_secret = new_secret
        self.demo = demo
        self.web = web = web or WebSettings()
        self.limits = Limits(clock)
        self.passwords = Passwords()
        self._lifetimes = Lifetimes(
            idle_ns=round(web.session_idle_h * NS_PER_H),
            at_most_ns=round(web.session_max_h * NS_PER_H),
        )
        self._nobody = nobody(self.matrix.of_nobody(loopback=web.loopback))
        self._touched: dict[str, int] = {}

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.web.loopback

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies travel over TLS only."""
        return self.web.tls or not self.loopback

    def begin(self) -> None:
        """Clear away what is over, and what belongs to a demo if this is none; old demo links too.

        Raises:
            StorageFullError: the access file cannot be written.
        """
        self.store.drop_over(self.clock(), self._lifetimes)
        self.store.links.drop_demo()
        if not self.demo:
            self.store.sessions.end_demo()

    # --- who is asking ---------------------------------------------------------------------------

    def principal_of(self, connection: Connection) -> Principal:
        """Who is asking, by bearer token or else by session cookie; nobody if it is not good."""
        authorization = connection.headers.get("authorization")
        if authorization is not None:
            scheme, _, secret = authorization.partition(" ")
            return self._of_token(digest_of(secret)) if scheme.lower() == "bearer" else self._nobody
        secret = connection.cookies.get(COOKIE, "")
        return self._of_session(digest_of(secret)) if secret else self._nobody

    async def stands(self, principal: Principal) -> bool:
        """Whether a principal is still who it was: a stream asks now and then, and ends if not.

        Asking counts as use: a session lasts while its stream is watched.
        """
        of = self._of_token if principal.kind == "token" else self._of_session
        known = of(principal.session)
        if known.kind == "anonymous":
            return False
        await self.touch(known)
        until_ns = principal.step_up_until_ns  # this may change while a stream runs
        return msgspec.structs.replace(known, step_up_until_ns=until_ns) == principal

    def principal_of_secret(self, secret: str) -> Principal:
        """Whose session this secret opens."""
        return self._of_session(digest_of(secret))

    def principal_of_session(self, session: str) -> Principal:
        """Whose session this is, by the name that a principal has for it."""
        return self._of_session(session)

    def open_sessions(self) -> dict[str, int]:
        """How many sessions each account has open, by its name."""
        return self.store.sessions.counts(self.clock(), self._lifetimes)

    def session_of(self, principal: Principal) -> Session | None:
        """The session behind a principal, while it lasts."""
        return self.store.sessions.get(principal.session, self.clock(), self._lifetimes)

    def link_until_ns(self, principal: Principal) -> int:
        """Until when the link that opened a session replaces a password; 0 is not at all."""
        session = self.session_of(principal) if principal.kind == "person" else None
        if session is None or session.opened_by != "link":
            return 0
        return session.opened_ns + LINK_NS

    def _of_token(self, digest: str) -> Principal:
        token = self.store.tokens.get(digest)
        if token is None:
            return self._nobody
        return Principal(
            name=f"source {token.source}",
            roles=(),
            kind="token",
            permissions=self._nobody.permissions | self.matrix.of_tokens(),
            clearance=NO_CLEARANCE,
            source=token.source,
            session=digest,
        )

    def _of_session(self, digest: str) -> Principal:
        session = self.store.sessions.get(digest, self.clock(), self._lifetimes)
        if session is None:
            return self._nobody
        if session.kind == "demo":
            return self._of_demo(session) if self.demo else self._nobody
        account = self.store.accounts.named(session.account)
        return self._nobody if account is None or account.disabled else self._of(account, session)

    def _of_demo(self, session: Session) -> Principal:
        return Principal(
            name=DEMO,
            roles=OWN_ROLES,
            kind="demo",
            permissions=self._nobody.permissions | self.matrix.of_roles(OWN_ROLES),
            session=session.digest,
            step_up_until_ns=FOR_EVER_NS,
        )

    def _of(self, account: Account, session: Session) -> Principal:
        roles = tuple(role for role in ROLES if role in account.roles)
        clearance = NO_CLEARANCE if account.clearance else ""
        if "partner" in roles:  # whatever else it is: a partner sees its own picture only
            roles, clearance = ("partner",), account.clearance or NO_CLEARANCE
        granted = self.matrix.of_roles(roles)
        if not self.store.accounts.has_credential(account):
            granted &= UNPROVEN
        return Principal(
            name=account.name,
            roles=roles,
            kind="person",
            permissions=self._nobody.permissions | granted,
            clearance=clearance,
            session=session.digest,
            step_up_until_ns=session.step_up_until_ns,
        )

    async def touch(self, principal: Principal) -> None:
        """Write down that this session or token is in use, once a minute at most."""
        now_ns = self.clock()
        last_ns = self._touched.get(principal.session, 0)
        if principal.kind == "anonymous" or now_ns - last_ns < TOUCH_NS:
            return
        if len(self._touched) >= MOST_TOUCHED:
            self._touched.clear()
        self._touched[principal.session] = now_ns
        kept = self.store.tokens if principal.kind == "token" else self.store.sessions
        with contextlib.suppress(UnavailableError):  # a full disk must sign nobody out
            await asyncio.to_thread(kept.touch, principal.session, now_ns)

    # --- coming in and going out -----------------------------------------------------------------

    def open(self, account: Account, opened_by: OpenedBy) -> str:
        """Open a session of an account; the secret goes into the cookie, and nowhere else.

        A link proves nothing about the person, so it does not count as a fresh proof.
        """
        now_ns = self.clock()
        until_ns = 0 if opened_by == "link" else now_ns + STEP_UP_NS
        self.store.drop_over(now_ns, self._lifetimes)
        return self._add(account.name, "person", opened_by, until_ns)

    def _add(self, name: str, kind: Any, opened_by: OpenedBy, step_up_until_ns: int) -> str:
        secret = self.new_secret()
        now_ns = self.clock()
        self.store.sessions.add(
            Session(
                digest=digest_of(secret),
                account=name,
                kind=kind,
                opened_by=opened_by,
                opened_ns=now_ns,
                seen_ns=now_ns,
                step_up_until_ns=step_up_until_ns,
            )
        )
        self.say(name, f"session opened by {opened_by}", name)
        return secret

    def enter(self, link_secret: str) -> str | None:
        """Open the session of a one-time link; its secret, or None if the link is not good."""
        with self.store.together():
            link = self.store.links.use(digest_of(link_secret), self.clock())
            if link is None or (link.kind == "demo" and not self.demo):
                return None
            if link.kind == "demo":
                return self._add(DEMO, "demo", "link", FOR_EVER_NS)
            account = self.store.accounts.named(link.account)
            if account is None:
                account = Account(
                    name=link.account,
                    roles=link.roles,
                    clearance=link.clearance,
                    created_ns=self.clock(),
                )
                self.store.accounts.add(account)
                self.say(account.name, f"account made: {' '.join(account.roles)}", account.name)
            return None if account.disabled else self.open(account, "link")

    def step_up(self, principal: Principal) -> int:
        """Take it as proven just now who is asking; until when that counts."""
        until_ns = self.clock() + STEP_UP_NS
        self.store.sessions.step_up(principal.session, until_ns)
        self.say(principal.name, "proven afresh", principal.name)
        return until_ns

    def leave(self, principal: Principal) -> None:
        """End a session."""
        self.store.sessions.end(principal.session)
        self._touched.pop(principal.session, None)
        if principal.kind != "anonymous":
            self.say(principal.name, "signed out", principal.name)

    # --- letting others in -----------------------------------------------------------------------

    def new_link(self, account: Account, who: str) -> str:
        """A one-time link to an account, which is made when the link is used; good for 15 minutes.

        Raises:
            UsageError: the account is disabled, or is there with other roles.
        """
        secret = self.new_secret()
        with self.store.together():  # somebody may be about to disable it
            self._check_link(account)
            self.store.links.add(
                OneTimeLink(
                    digest=digest_of(secret),
                    account=account.name,
                    roles=account.roles,
                    clearance=account.clearance,
                    ends_ns=self.clock() + LINK_NS,
                )
            )
            self.say(who, "one-time link made", account.name)
        return secret

    def _check_link(self, account: Account) -> None:
        known = self.store.accounts.named(account.name)
        if known is not None and known.disabled:
            raise UsageError(f"The account {account.name!r} is disabled.")
        if known is not None and account.roles and set(known.roles) != set(account.roles):
            raise UsageError(
                f"The account {account.name!r} is there as {' '.join(known.roles)}; a link does "
                "not change that. Leave the role out; `skypicket access roles` changes it."
            )

    def first_link(self) -> str | None:
        """A one-time link for whoever sets the system up; None once there is an account.

        There is no account until the link is used; an earlier link of this kind is gone.
        """
        if self.store.accounts.all():
            return None
        return self.new_link(Account(name=FIRST, roles=FIRST_ROLES), "first start")

    def new_demo_link(self) -> str:
        """A one-time link that opens a demo session; good until it is used."""
        secret = self.new_secret()
        self.store.links.add_another(
            OneTimeLink(digest=digest_of(secret), account=DEMO, kind="demo")
        )
        return secret

    def new_token(self, source: str, who: str) -> str:
        """A token with which a sensor may speak for one source."""
        secret = self.new_secret()
        token = Token(digest=digest_of(secret), source=source, created_ns=self.clock())
        self.store.tokens.add(token)
        self.say(who, f"token {token.token_id} made", source)
        return secret

    def say(self, who: str, what: str, whom: str) -> None:
        """Add a line to the audit."""
        self.store.say(AuditLine(time_ns=self.clock(), who=who, what=what, whom=whom))
