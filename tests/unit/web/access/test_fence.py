"""Hosts, origins and headers: what is asked before anybody asks who it is."""

import pytest

from skypicket.engine.web_settings import WebSettings
from skypicket.testing.access import session_of
from skypicket.testing.visitor import HOST, Visitor
from skypicket.web.access.desk import AccessDesk
from skypicket.web.access.fence import Fence
from skypicket.web.access.guard import handlers_of
from skypicket.web.app import build_app
from skypicket.web.parts import WebParts

OWN = f"http://{HOST}"
ELSEWHERE = (
    "http://example.org",
    "null",
    "http://127.0.0.1:9999",
    "https://127.0.0.1:8480",
    "http://127.0.0.1:8480.example.org",
    "http://[",
    "",
)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "example.org",
        "127.0.0.1.example.org",
        "localhost.",
        "127.0.0.1:8480@x",
        "127.0.0.1:",
        "0",
    ],
)
def test_a_name_that_is_not_ours_is_refused(visitor: Visitor, host: str) -> None:
    visitor.host = host
    assert visitor.get("/healthz").status == 403
    assert visitor.get("/login/x").status == 403


@pytest.mark.parametrize("host", ["localhost:8480", "127.0.0.1", "[::1]:1", "LocalHost:8480"])
def test_the_names_of_loopback_are_ours(visitor: Visitor, host: str) -> None:
    visitor.host = host
    assert visitor.get("/healthz").status == 200


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_a_page_of_another_origin_reaches_nothing_even_with_the_cookie(
    desk: AccessDesk, visitor: Visitor, origin: str
) -> None:
    ann = visitor.with_session(session_of(desk, "operator"))
    report = {"lat_deg": 54.9, "lon_deg": 24.9, "first_hand": True}
    assert ann.post("/api/v1/reports", report, origin=origin).status == 403
    assert ann.get("/api/v1/session", origin=origin).status == 403
    assert ann.post("/api/v1/reports", report, origin=OWN).status == 201
    assert ann.post("/api/v1/reports", report).status == 201


@pytest.mark.parametrize("origin", ELSEWHERE)
def test_a_page_of_another_origin_opens_no_stream(
    parts: WebParts, desk: AccessDesk, visitor: Visitor, origin: str
) -> None:
    streams = [
        place.partition(" ")[2]
        for place, _ in handlers_of(build_app(parts))
        if place.startswith("WEBSOCKET")
    ]
    ann = visitor.with_session(session_of(desk, "operator"))
    for path in streams:
        assert ann.knock(path, origin=origin).status != 101
        assert ann.knock(path, origin=OWN).status == 101
        assert visitor.knock(path, origin=OWN).status != 101
    assert streams != []


@pytest.mark.parametrize(
    ("path", "status"),
    [("/healthz", 200), ("/api/v1/session", 401), ("/login/x", 403), ("/nothing", 404), ("/", 200)],
)
def test_every_answer_carries_the_policy(visitor: Visitor, path: str, status: int) -> None:
    answer = visitor.get(path)
    assert answer.status == status
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    assert f"connect-src 'self' ws://{HOST}" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


def test_a_host_that_is_not_ours_does_not_get_into_the_policy(visitor: Visitor) -> None:
    visitor.host = "evil.example; script-src *"
    answer = visitor.get("/nothing")
    assert "evil" not in answer.headers["content-security-policy"]


def test_a_fault_says_nothing_of_the_inside(visitor: Visitor) -> None:
    answer = visitor.get("/api/v1/../%00")
    assert answer.status in {400, 404}
    assert "Traceback" not in answer.body.decode()


def test_over_tls_the_page_must_be_ours_over_tls() -> None:
    fence = Fence(("picket.example",), tls=True)
    fence.check({"host": "picket.example", "origin": "https://picket.example"})
    fence.check({"host": "Picket.Example:8480", "origin": "https://picket.example:8480"})
    for origin in ("http://picket.example", "https://picket.example.org"):
        with pytest.raises(Exception, match="are not taken here"):
            fence.check({"host": "picket.example", "origin": origin})


def test_a_dot_in_a_host_name_is_a_dot() -> None:
    assert not Fence(("picket.example",)).knows("picketxexample")


def test_cookies_are_for_tls_only_where_others_can_listen() -> None:
    network = WebSettings(
        host="0.0.0.0", tls_certificate="c", tls_key="k", host_names=("picket.example",)
    )
    assert AccessDesk(web=network).secure_cookies
    assert not AccessDesk(web=WebSettings()).secure_cookies


def test_figures_and_schema_are_open_on_loopback_only() -> None:
    network = WebSettings(host="0.0.0.0")
    here, there = AccessDesk(), AccessDesk(web=network)
    local = here.principal_of_secret("nobody's")
    remote = there.principal_of_secret("nobody's")
    assert {"metrics.read", "schema.read", "health.read"} <= local.permissions
    assert {"metrics.read", "schema.read"} & remote.permissions == set()
    assert remote.may("health.read")
