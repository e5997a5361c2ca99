import re
import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest
from litestar import Litestar, get, websocket
from litestar.connection import WebSocket

from skypicket.domain.errors import ConfigurationError
from skypicket.engine.runtime import Runtime
from skypicket.store.access import Account
from skypicket.testing import ManualClock
from skypicket.testing.access import demo_session, session_of
from skypicket.testing.visitor import Answer, Visitor, visiting
from skypicket.web.access.desk import AccessDesk
from skypicket.web.access.guard import check_declared, handlers_of
from skypicket.web.access.principal import ROLES, Role
from skypicket.web.app import build_app
from skypicket.web.live.topics import TOPICS
from skypicket.web.parts import WebParts

PERSONAS = ("anonymous", *ROLES, "demo", "token", "unproven", "disabled")
FILE: dict[str, Any] = tomllib.loads(
    (resources.files("skypicket.web") / "permissions.toml").read_text(encoding="utf-8")
)["permissions"]
FRESH_S = 301


def in_the_file(permission: str, persona: str, *, fresh: bool) -> bool:
    """What the reviewed file says, read here by itself."""
    grant = FILE[permission]
    if grant.get("anonymous", False):  # these tests listen on loopback
        return True
    if persona == "token":
        return bool(grant.get("tokens", False))
    if persona == "unproven":
        return permission in {"session.read", "session.credential"}
    if persona == "demo":
        return bool(set(grant["roles"]) - {"partner"})
    return persona in grant["roles"] and (fresh or not grant.get("step_up", False))


def expected(permission: str, persona: str, *, fresh: bool) -> str:
    if in_the_file(permission, persona, fresh=fresh):
        return "let in"
    return "401" if persona in {"anonymous", "disabled"} else "403"


def seen(answer: Answer) -> str:
    """What the guard decided; whatever a handler says after that is another matter."""
    text = answer.body.decode(errors="replace")
    if answer.status == 401 or "Sign in first" in text:  # of a WebSocket it is the close's reason
        return "401"
    guarded = "may not: it needs" in text or "fresh proof" in text
    return "403" if guarded else "let in"


class Doors:
    """Every route of an application, and the personas that come to it."""

    def __init__(self, app: Litestar, visitor: Visitor, desk: AccessDesk) -> None:
        self.routes = list(handlers_of(app))
        self._visitor = visitor
        self._desk = desk
        self._count = 0

    def persona(self, name: str) -> Visitor:
        desk, visitor = self._desk, self._visitor.another()
        self._count += 1
        if name in ROLES:
            role: Role = name
            secret = session_of(desk, role, clearance="POL" if role == "partner" else "")
            visitor = visitor.with_session(secret)
        elif name == "demo":
            visitor = visitor.with_session(demo_session(desk))
        elif name == "token":
            visitor = visitor.with_token(desk.new_token("receiver", "test"))
        elif name in {"unproven", "disabled"}:
            account = Account(name=f"{name}{self._count}", roles=("admin", "supervisor"))
            desk.store.accounts.add(account)
            secret = desk.open(account, "link")
            if name == "disabled":
                desk.store.accounts.disable(account.name)
            visitor = visitor.with_session(secret)
        visitor.address = f"10.0.{self._count // 250}.{self._count % 250 + 1}"
        return visitor

    def ask(self, place: str, visitor: Visitor) -> Answer:
        method, _, path = place.partition(" ")
        path = re.sub(r"\{[^}]*\}", "1", path)
        return visitor.knock(path) if method == "WEBSOCKET" else visitor.ask(method, path)


@pytest.fixture
def doors(runtime: Runtime, clock: ManualClock) -> Iterator[Doors]:
    desk = AccessDesk(clock=clock, demo=True)
    app = build_app(WebParts(runtime=runtime, access=desk))
    with visiting(app) as visitor:
        yield Doors(app, visitor, desk)


@pytest.mark.parametrize("persona", PERSONAS)
def test_every_route_answers_each_persona_as_the_reviewed_file_says(
    doors: Doors, persona: str
) -> None:
    wrong = []
    for place, handler in doors.routes:
        answer = doors.ask(place, doors.persona(persona))
        right = expected(handler.opt["permission"], persona, fresh=True)
        if seen(answer) != right:
            wrong.append(f"{place}: {answer.status} {answer.body[:80]!r}, expected {right}")
    assert wrong == []
    assert len(doors.routes) > 20


@pytest.mark.parametrize("role", ROLES)
def test_what_needs_a_fresh_proof_is_refused_once_it_is_stale(
    doors: Doors, clock: ManualClock, role: str
) -> None:
    wrong = []
    for place, handler in doors.routes:
        permission = handler.opt["permission"]
        if not FILE[permission].get("step_up", False):
            continue
        visitor = doors.persona(role)
        clock.advance_s(FRESH_S)
        if seen(doors.ask(place, visitor)) != expected(permission, role, fresh=False):
            wrong.append(place)
    assert wrong == []


def test_no_permission_of_the_file_is_left_without_use(doors: Doors) -> None:
    declared = {handler.opt["permission"] for _, handler in doors.routes}
    by_action = {name for name in FILE if name.startswith("actions.")}
    assert set(FILE) - declared - by_action == set()


def test_nobody_and_no_partner_has_what_changes_something() -> None:
    changing = {name for name in FILE if not name.endswith(".read")}
    own = {"login.use", "session.credential", "session.step_up"}
    for name in changing - own:
        assert "partner" not in FILE[name]["roles"], name
        assert "viewer" not in FILE[name]["roles"], name
        assert not FILE[name].get("anonymous", False), name


def test_what_leaves_and_who_has_access_need_a_fresh_proof() -> None:
    asks_again = {name for name, grant in FILE.items() if grant.get("step_up", False)}
    assert asks_again == {"export.read", "accounts.write", "tokens.write"}


def test_whoever_may_change_accounts_may_do_this_and_nothing_else(doors: Doors) -> None:
    acts = {
        place for place, handler in doors.routes if handler.opt["permission"] == "accounts.write"
    }
    assert FILE["accounts.write"] == {"roles": ["admin"], "step_up": True}
    assert acts == {
        "POST /api/v1/accounts",
        "POST /api/v1/accounts/{name:str}/link",
        "POST /api/v1/accounts/{name:str}/disable",
        "POST /api/v1/accounts/{name:str}/enable",
        "POST /api/v1/accounts/{name:str}/roles",
    }


def test_a_partner_has_what_was_agreed_and_nothing_else() -> None:
    having = {name for name, grant in FILE.items() if "partner" in grant["roles"]}
    assert having == {
        "page.read",
        "login.use",
        "session.read",
        "session.credential",
        "session.step_up",
        "tracks.read",
        "alarms.read",
        "zones.read",
        "system.read",
        "live.read",
        "picture.read",
    }


@get("/api/v1/forgotten")
async def undeclared() -> dict[str, str]:
    return {}


@get("/api/v1/invented", permission="secrets.read")
async def invented() -> dict[str, str]:
    return {}


@websocket("/api/v1/stream")
async def undeclared_stream(socket: WebSocket[Any, Any, Any]) -> None:
    await socket.accept()


@pytest.mark.parametrize(
    ("handler", "said"),
    [
        (undeclared, "GET /api/v1/forgotten declares no permission"),
        (invented, "GET /api/v1/invented declares 'secrets.read'"),
        (undeclared_stream, "WEBSOCKET /api/v1/stream declares no permission"),
    ],
)
def test_a_route_without_a_known_permission_keeps_the_server_from_starting(
    parts: WebParts, handler: Any, said: str
) -> None:
    with pytest.raises(ConfigurationError, match=said):
        build_app(parts, handler)


@pytest.mark.parametrize("permission", ["", "secrets.read", None])
def test_a_topic_without_a_known_permission_keeps_the_server_from_starting(
    parts: WebParts, permission: Any
) -> None:
    app = build_app(parts)
    check_declared(app, parts.access.matrix, TOPICS)
    with pytest.raises(ConfigurationError, match="The topic 'rumours' declares"):
        check_declared(app, parts.access.matrix, {**TOPICS, "rumours": permission})


def test_what_litestar_answers_to_options_by_itself_is_refused(visitor: Visitor) -> None:
    assert visitor.ask("OPTIONS", "/api/v1/session").status == 401
    assert visitor.ask("OPTIONS", "/healthz").status == 401
