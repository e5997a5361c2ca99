"""The settings of the HTTP server: where it listens, over TLS when others can reach it."""

from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from skypicket.domain.errors import ConfigurationError
from skypicket.domain.sensors import Positive
from skypicket.engine.toml_places import line_of

LOOPBACK = ("127.0.0.1", "::1", "localhost")
OwnRole = Literal["viewer", "operator", "supervisor", "search_leader", "planner", "admin"]
HostName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$")]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file: unknown keys are refused."""


class OidcSettings(_Table, frozen=True, kw_only=True):
    """Signing in through an identity provider (OpenID Connect, authorization code with PKCE).

    Attributes:
        issuer: the provider's issuer URL; `https`, except on loopback.
        client_id: the name under which the provider knows this system.
        client_secret_file: a file that holds the client's secret, relative to this file; empty
            means that the provider asks for none.
        role_claim: the claim of the ID token that lists a person's groups.
        roles: the role that each value of that claim gives; what is not listed gives none.
    """

    issuer: str
    client_id: str
    client_secret_file: str = ""
    role_claim: str = "groups"
    roles: dict[str, OwnRole] = {}


class WebSettings(_Table, frozen=True, kw_only=True):
    """The HTTP server.

    Attributes:
        host: the address to listen on; one that is not loopback needs `tls_certificate`,
            `tls_key` and `host_names`.
        port: the port to listen on; 0 takes a free one.
        max_body_bytes: larger requests are refused.
        host_names: the names that browsers call this server by, besides those of loopback;
            requests for another name are refused.
        tls_certificate: a PEM file with the certificate chain, relative to this file.
        tls_key: a PEM file with the private key, relative to this file.
        live_clients: how many live streams are served at once for one clearance.
        live_clients_each: how many of them one account may hold.
        session_idle_h: a session ends when it was not used for this long.
        session_max_h: a session ends this long after signing in, used or not.
        oidc: signing in through an identity provider; absent means not.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65_535)] = 8480
    max_body_bytes: Annotated[int, Meta(ge=1024)] = 1_000_000
    host_names: tuple[HostName, ...] = ()
    tls_certificate: str = ""
    tls_key: str = ""
    live_clients: Annotated[int, Meta(ge=1, le=10_000)] = 1_000
    live_clients_each: Annotated[int, Meta(ge=1, le=10_000)] = 50
    session_idle_h: Positive = 12.0
    session_max_h: Positive = 168.0
    oidc: OidcSettings | None = None

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in LOOPBACK

    @property
    def tls(self) -> bool:
        """Whether the server speaks TLS."""
        return bool(self.tls_certificate and self.tls_key)


def check_web(web: WebSettings, text: str, name: str) -> None:
    """Nothing goes over a network in the clear, and no server is reached by a name not its own.

    Raises:
        ConfigurationError: the message names file, line and cure.
    """
    place = f"{name}:{line_of(text, 'web')}"
    if bool(web.tls_certificate) != bool(web.tls_key):
        raise ConfigurationError(
            f"{place}: `tls_certificate` and `tls_key` go together; give both."
        )
    missing = [
        key
        for key, given in (
            ("tls_certificate", web.tls_certificate),
            ("tls_key", web.tls_key),
            ("host_names", web.host_names),
        )
        if not given
    ]
    if missing and not web.loopback:
        raise ConfigurationError(
            f"{place}: host is {web.host!r}, which others can reach; that needs "
            f"{', '.join(missing)}. Give them, or set host to 127.0.0.1."
        )
    if web.oidc is not None:
        issuer = urlsplit(web.oidc.issuer)
        safe = issuer.scheme == "https" or (issuer.scheme == "http" and issuer.hostname in LOOPBACK)
        if not safe or not issuer.hostname:
            raise ConfigurationError(
                f"{name}:{line_of(text, 'web.oidc')}: issuer is {web.oidc.issuer!r}; it must be "
                "an https URL (http only on loopback)."
            )
