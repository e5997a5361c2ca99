import pytest

from skypicket.domain.errors import ConfigurationError
from skypicket.engine.checks import faults_of
from skypicket.engine.settings import parse_settings

NETWORK = """[web]
host = "0.0.0.0"
host_names = ["picket.example.org"]
tls_certificate = "picket.pem"
tls_key = "picket.key"
"""


def test_a_server_listens_on_loopback_in_the_clear_unless_it_is_told_otherwise() -> None:
    web = parse_settings("", "site.toml").web
    assert web.loopback
    assert not web.tls


def test_a_network_with_tls_and_names_is_taken() -> None:
    settings = parse_settings(NETWORK, "site.toml")
    assert settings.web.tls
    assert not settings.web.loopback
    assert not any("0.0.0.0" in fault for fault in faults_of(settings, NETWORK, "site.toml"))


@pytest.mark.parametrize("missing", ["host_names", "tls_certificate", "tls_key"])
def test_a_network_needs_certificate_key_and_names(missing: str) -> None:
    text = "".join(line for line in NETWORK.splitlines(True) if not line.startswith(missing))
    with pytest.raises(ConfigurationError, match=rf"site.toml:1: .*{missing}"):
        parse_settings(text, "site.toml")


@pytest.mark.parametrize("host", ["192.0.2.7", "::", "", "127.0.0.2", "localhost.example.org"])
def test_whatever_is_not_surely_loopback_is_a_network(host: str) -> None:
    with pytest.raises(ConfigurationError, match="which others can reach"):
        parse_settings(f'[web]\nhost = "{host}"\n', "site.toml")


@pytest.mark.parametrize(
    "issuer",
    [
        "http://id.example.org",
        "id.example.org",
        "https://",
        "ftp://127.0.0.1",
        "http://127.0.0.1.example.org",
        "http://127.0.0.1@example.org",
    ],
)
def test_an_identity_provider_is_reached_over_tls(issuer: str) -> None:
    with pytest.raises(ConfigurationError, match=r"site.toml:1: issuer"):
        parse_settings(f'[web.oidc]\nissuer = "{issuer}"\nclient_id = "us"\n', "site.toml")


@pytest.mark.parametrize("issuer", ["https://id.example.org/realm", "http://localhost:9400"])
def test_an_identity_provider_over_tls_or_on_loopback_is_taken(issuer: str) -> None:
    text = f'[web.oidc]\nissuer = "{issuer}"\nclient_id = "us"\n'
    oidc = parse_settings(text, "site.toml").web.oidc
    assert oidc is not None
    assert oidc.issuer == issuer


def test_no_group_of_a_provider_makes_a_partner() -> None:
    text = '[web.oidc]\nissuer = "https://a.b"\nclient_id = "us"\nroles = { x = "partner" }\n'
    with pytest.raises(ConfigurationError, match="partner"):
        parse_settings(text, "site.toml")


@pytest.mark.parametrize("name", ["", "a b", "a;b", "a/b", "*", "[::1]", "a:1", "-a"])
def test_a_host_name_is_a_host_name(name: str) -> None:
    with pytest.raises(ConfigurationError):
        parse_settings(f'[web]\nhost_names = ["{name}"]\n', "site.toml")
