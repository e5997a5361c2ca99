"""ID tokens that a provider, or somebody in its place, should not get through with."""

import json
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey
from litestar.exceptions import PermissionDeniedException

from skypicket.domain.errors import UnavailableError
from skypicket.engine.web_settings import OidcSettings
from skypicket.testing import ManualClock
from skypicket.web.access.challenges import Challenges
from skypicket.web.access.oidc import Identity, Provider

RSA = RSAKey.generate_key(2048, {"kid": "1"})
BACK = "http://127.0.0.1:8480/back"
NOW_S = int(time.time())
SESSION = "5e55"


class Bench(ThreadingHTTPServer):
    """A provider that says whatever it is told to say."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.token = ""
        self.places: dict[str, Any] = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
        }
        self.asked: list[dict[str, list[str]]] = []


class _Answers(BaseHTTPRequestHandler):
    server: Bench

    def do_GET(self) -> None:
        keys = KeySet([RSA]).as_dict(private=False)
        self._say(keys if self.path == "/jwks" else self.server.places)

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.asked.append(parse_qs(self.rfile.read(length).decode()))
        self._say({"id_token": self.server.token, "access_token": "x", "token_type": "Bearer"})

    def _say(self, said: Any) -> None:
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- its name there
        del format, args


@pytest.fixture
def bench() -> Iterator[Bench]:
    server = Bench()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join(30)
    server.server_close()


@pytest.fixture
def provider(bench: Bench) -> Provider:
    settings = OidcSettings(issuer=bench.issuer, client_id="us", roles={"duty": "operator"})
    return Provider(settings, "", Challenges(ManualClock(NOW_S * 10**9)))


def answered(bench: Bench, provider: Provider, session: str = "", **changed: Any) -> Identity:
    """What becomes of a sign-in whose ID token has these claims changed; None takes one out."""
    key = changed.pop("key", RSA)
    header = changed.pop("header", {"alg": "RS256", "kid": "1"})
    url, state = provider.start(BACK, session, NOW_S * 10**9)
    asked = parse_qs(urlsplit(url).query)
    claims: dict[str, Any] = {
        "iss": bench.issuer,
        "aud": "us",
        "sub": "1001",
        "exp": NOW_S + 300,
        "iat": NOW_S,
        "nonce": asked["nonce"][0],
        "groups": ["duty"],
        "preferred_username": "ona",
    }
    claims |= changed
    claims = {name: value for name, value in claims.items() if value is not None}
    if header["alg"] == "none":  # which the library does not make any more
        parts = (json.dumps(part).encode() for part in (header, claims))
        bench.token = ".".join([*(urlsafe_b64encode(p).decode().rstrip("=") for p in parts), ""])
    else:
        bench.token = jwt.encode(header, claims, key, algorithms=[header["alg"]])
    back = {"code": "c", "state": state}
    return provider.finish(back, (state, session), BACK, NOW_S * 10**9)


def test_a_good_token_says_who_it_is(bench: Bench, provider: Provider) -> None:
    identity = answered(bench, provider)
    assert (identity.name, identity.roles) == ("ona", ("operator",))
    assert identity.subject == f"{bench.issuer} 1001"
    assert bench.asked[0]["code_verifier"][0]
    assert bench.asked[0]["client_id"] == ["us"]


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "http://127.0.0.1:1"},
        {"iss": None},
        {"aud": "them"},
        {"aud": None},
        {"aud": ["us", "them"]},
        {"aud": ["us", "them"], "azp": "them"},
        {"exp": NOW_S - 61},
        {"exp": None},
        {"iat": NOW_S + 3_600},
        {"iat": None},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": None},
        {"sub": 7},
        {"groups": None},
        {"groups": []},
        {"groups": ["DUTY"]},
        {"groups": {"duty": True}},
        {"groups": [["duty"]]},
    ],
    ids=str,
)
def test_a_token_that_is_not_for_us_now_is_refused(
    bench: Bench, provider: Provider, changed: dict[str, Any]
) -> None:
    with pytest.raises(PermissionDeniedException):
        answered(bench, provider, **changed)


@pytest.mark.parametrize(
    ("key", "header"),
    [
        (RSAKey.generate_key(2048), {"alg": "RS256", "kid": "1"}),
        (ECKey.generate_key("P-256"), {"alg": "ES256", "kid": "1"}),
        (OctKey.import_key(RSA.as_pem(private=False).hex()), {"alg": "HS256", "kid": "1"}),
        (None, {"alg": "none", "kid": "1"}),
    ],
    ids=("another key", "another kind of key", "the public key as a secret", "no signature"),
)
def test_a_token_that_the_provider_did_not_sign_is_refused(
    bench: Bench, provider: Provider, key: Any, header: dict[str, str]
) -> None:
    with pytest.raises(PermissionDeniedException, match="ID token is not good"):
        answered(bench, provider, key=key, header=header)


def test_a_fresh_proof_needs_to_be_fresh(bench: Bench, provider: Provider) -> None:
    assert answered(bench, provider, SESSION, auth_time=NOW_S - 5).name == "ona"
    for stale in (None, NOW_S - 3_600, "now"):
        with pytest.raises(PermissionDeniedException, match="just now"):
            answered(bench, provider, SESSION, auth_time=stale)


def test_a_sign_in_is_no_proof_for_a_session_and_the_other_way_round(
    bench: Bench, provider: Provider
) -> None:
    _, state = provider.start(BACK, "", NOW_S * 10**9)
    back = {"code": "c", "state": state}
    with pytest.raises(PermissionDeniedException, match="not started in this browser"):
        provider.finish(back, (state, SESSION), BACK, NOW_S * 10**9)
    assert bench.asked == []


def test_another_issuer_in_the_answer_is_refused(bench: Bench, provider: Provider) -> None:
    _, state = provider.start(BACK, "", NOW_S * 10**9)
    back = {"code": "c", "state": state, "iss": "https://other.example"}
    with pytest.raises(PermissionDeniedException, match="another provider"):
        provider.finish(back, (state, ""), BACK, NOW_S * 10**9)
    assert bench.asked == []


@pytest.mark.parametrize("place", ["token_endpoint", "jwks_uri", "authorization_endpoint"])
def test_no_secret_goes_to_an_address_in_the_clear(
    bench: Bench, provider: Provider, place: str
) -> None:
    bench.places[place] = "http://other.example/here"
    with pytest.raises(UnavailableError, match="without TLS"):
        provider.start(BACK, "", NOW_S * 10**9)


def test_an_answer_without_end_is_not_read_to_the_end(bench: Bench, provider: Provider) -> None:
    bench.places["padding"] = "x" * 2_000_000
    with pytest.raises(UnavailableError, match="too long"):
        provider.start(BACK, "", NOW_S * 10**9)
