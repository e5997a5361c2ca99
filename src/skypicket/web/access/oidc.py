"""OpenID Connect: authorization code with PKCE, state and nonce; the ID token is checked in full.

    browser ── start ──▶ here ── 303 ──▶ provider (the person signs in there)
    browser ◀─ 303 ── provider;  callback ──▶ here ── code + verifier ──▶ provider's token endpoint
                                              here ◀── ID token: signature, issuer, audience,
                                                       times, nonce, then the claim of roles

The state is a challenge of ours, tied to the browser by a cookie; verifier and nonce are derived
from it. Nothing is asked of any provider unless the configuration names one.
"""

import hashlib
import ssl
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import httpx
import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from litestar.exceptions import PermissionDeniedException

from skypicket.domain.errors import UnavailableError
from skypicket.domain.times import NS_PER_S
from skypicket.engine.web_settings import LOOPBACK, OidcSettings, OwnRole
from skypicket.web.access.challenges import Challenges

TIMEOUT_S = 10.0
LEEWAY_S = 60
DISCOVERY_NS = 3_600 * NS_PER_S
LARGEST_ANSWER_BYTES = 1_000_000
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
T = TypeVar("T")
START_AGAIN = "Signing in through the identity provider did not work: {}. Start again."


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Who the provider says it is, and the roles that the configuration gives to that."""

    subject: str
    name: str
    roles: tuple[OwnRole, ...]


class _Places(msgspec.Struct, frozen=True):
    """What the provider's discovery document must say; the rest of it is left alone."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str


class _Answer(msgspec.Struct, frozen=True):
    id_token: str


def _refused(why: str) -> PermissionDeniedException:
    return PermissionDeniedException(START_AGAIN.format(why))


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def is_private(url: str) -> bool:
    """Whether nobody can listen: https, or http to this machine itself."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


class Provider:
    """One identity provider. Its calls wait for the network: use a thread."""

    def __init__(self, settings: OidcSettings, secret: str, challenges: Challenges) -> None:
        self._settings = settings
        self._secret = secret
        self._challenges = challenges
        self._places: tuple[_Places, int] | None = None

    def start(self, redirect_uri: str, session: str, now_ns: int) -> tuple[str, str]:
        """Where to send the browser, and the state that its cookie keeps.

        `session` names the session that is to be proven afresh; "" is a sign-in.

        Raises:
            UnavailableError: the provider does not answer.
        """
        challenge = self._challenges.new(f"oidc {session}")
        state = _text(challenge)
        verifier = _text(self._challenges.derived("verifier", challenge))
        asked = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": redirect_uri,
            "scope": "openid profile",
            "state": state,
            "nonce": _text(self._challenges.derived("nonce", challenge)),
            "code_challenge": _text(hashlib.sha256(verifier.encode()).digest()),
            "code_challenge_method": "S256",
            **({"prompt": "login", "max_age": "0"} if session else {}),
        }
        place = self._discovered(now_ns).authorization_endpoint
        return f"{place}{'&' if '?' in place else '?'}{urlencode(asked)}", state

    def finish(
        self, answer: Mapping[str, str], kept: tuple[str, str], redirect_uri: str, now_ns: int
    ) -> Identity:
        """Who it is, by what the provider sent the browser back with.

        `kept` is state and session, as the browser's cookie has them.

        Raises:
            PermissionDeniedException: it is not an answer to our question, or gives no role.
            UnavailableError: the provider does not answer.
        """
        state, session = kept
        challenge = _challenge_of(state)
        if answer.get("state", "") != state or not self._challenges.take(
            f"oidc {session}", challenge
        ):
            raise _refused("it was not started in this browser, or too long ago")
        if "error" in answer or "code" not in answer:
            raise _refused("the provider gave no code")
        if answer.get("iss", self._settings.issuer) != self._settings.issuer:
            raise _refused("another provider answered")
        places = self._discovered(now_ns)
        verifier = _text(self._challenges.derived("verifier", challenge))
        token = self._exchange(places, answer["code"], verifier, redirect_uri)
        nonce = _text(self._challenges.derived("nonce", challenge))
        claims = self._claims(places, token, nonce, now_ns)
        if session and not _just_now(claims, now_ns):
            raise _refused("the provider does not say that the person signed in just now")
        return self._identity(claims)

    # --- what the provider says ------------------------------------------------------------------

    def _discovered(self, now_ns: int) -> _Places:
        if self._places is not None and now_ns < self._places[1]:
            return self._places[0]
        url = self._settings.issuer.rstrip("/") + "/.well-known/openid-configuration"
        places = _decoded(self._call("GET", url), _Places)
        ends = (places.authorization_endpoint, places.token_endpoint, places.jwks_uri)
        if places.issuer != self._settings.issuer or not all(map(is_private, ends)):
            raise UnavailableError(
                f"The identity provider calls itself {places.issuer!r}, or it names addresses "
                f"without TLS; [web.oidc] issuer is {self._settings.issuer!r}. Correct one of them."
            )
        self._places = (places, now_ns + DISCOVERY_NS)
        return places

    def _exchange(self, places: _Places, code: str, verifier: str, redirect_uri: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        client = self._settings.client_id
        if not self._secret:
            form["client_id"] = client
        auth = (quote(client, safe=""), quote(self._secret, safe="")) if self._secret else None
        answer = self._call("POST", places.token_endpoint, data=form, auth=auth)
        return _decoded(answer, _Answer).id_token

    def _call(self, method: str, url: str, **rest: Any) -> bytes:
        # No proxy and no certificate comes from the environment, and no redirect is followed: what
        # carries a secret goes where the configuration says, or nowhere.
        try:
            with (
                httpx.Client(
                    timeout=TIMEOUT_S, trust_env=False, verify=ssl.create_default_context()
                ) as client,
                client.stream(method, url, **rest) as answer,
            ):
                content = b""
                for piece in answer.iter_bytes():
                    content += piece
                    if len(content) > LARGEST_ANSWER_BYTES:
                        raise UnavailableError("The identity provider's answer is too long.")
        except httpx.HTTPError as error:
            raise UnavailableError(
                f"The identity provider does not answer: {type(error).__name__}. "
                "Use a password or a passkey, or try again."
            ) from error
        if answer.status_code == 200:
            return content
        if 400 <= answer.status_code < 500 and method == "POST":
            raise _refused("the provider does not take its own code")
        raise UnavailableError(f"The identity provider answers {answer.status_code}. Try again.")

    def _claims(self, places: _Places, token: str, nonce: str, now_ns: int) -> dict[str, Any]:
        keys = msgspec.json.decode(self._call("GET", places.jwks_uri))
        rules = jwt.JWTClaimsRegistry(
            now=now_ns // NS_PER_S,
            leeway=LEEWAY_S,
            iss={"essential": True, "value": self._settings.issuer},
            aud={"essential": True, "value": self._settings.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            decoded = jwt.decode(token, KeySet.import_key_set(keys), algorithms=ALGORITHMS)
            rules.validate(decoded.claims)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise _refused(f"the ID token is not good ({type(error).__name__})") from error
        several = isinstance(decoded.claims["aud"], list) and len(decoded.claims["aud"]) > 1
        if several and decoded.claims.get("azp") != self._settings.client_id:
            raise _refused("the ID token is for another program")
        return decoded.claims

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        said = claims.get(self._settings.role_claim, ())
        groups = (said,) if isinstance(said, str) else said
        listed = groups if isinstance(groups, list | tuple) else ()
        given = {
            self._settings.roles[group]
            for group in listed
            if isinstance(group, str) and group in self._settings.roles
        }
        if not given:
            raise PermissionDeniedException(
                "The identity provider knows you, but none of your groups has a role here."
            )
        name = claims.get("preferred_username") or claims.get("name") or claims["sub"]
        return Identity(
            subject=f"{self._settings.issuer} {claims['sub']}",
            name=_plain(str(name)),
            roles=tuple(sorted(given)),
        )


def _challenge_of(state: str) -> bytes:
    try:
        return urlsafe_b64decode(state + "=" * (-len(state) % 4))
    except ValueError:
        return b""


def _decoded(content: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.DecodeError as error:
        raise UnavailableError(
            f"The identity provider's answer cannot be read: {error}."
        ) from error


def _just_now(claims: Mapping[str, Any], now_ns: int) -> bool:
    said = claims.get("auth_time")
    now_s = now_ns // NS_PER_S
    return isinstance(said, int) and abs(now_s - said) <= LEEWAY_S * 3


def _plain(name: str) -> str:
    kept = "".join(letter for letter in name if letter.isalnum() or letter in "._-")
    return kept[:40] or "person"
