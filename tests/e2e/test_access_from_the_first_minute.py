"""`skypicket run` over TLS, and `skypicket access` beside it, as whoever sets them up."""

import datetime
import http.client
import ipaddress
import json
import signal
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from skypicket.testing.system import free_port

PASSWORD = "a heron stands in the reeds"
DESK = """
[[sensors]]
id = "desk"
kind = "person"
lat_deg = 54.7
lon_deg = 25.3
[[sources]]
id = "reports"
format = "report"
sensors = ["desk"]
personal = "report"
link = { type = "http" }
"""
REPORT = {"lat_deg": 54.9, "lon_deg": 24.9, "first_hand": True, "text": "like a moped"}


def skypicket(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "skypicket.cli", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def certificate(folder: Path) -> None:
    """A certificate of its own for 127.0.0.1, as `tls.pem` and `tls.key`."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=30))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "tls.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "tls.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


class Site:
    """A configuration with TLS, the system that runs it, and somebody who asks it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        certificate(folder)
        self.config = folder / "site.toml"
        self.config.write_text(
            f'[system]\nmode = "live"\n[web]\nport = {self.port}\n'
            f'tls_certificate = "tls.pem"\ntls_key = "tls.key"\n{DESK}'
        )
        self.state = folder / "state"
        self.trust = ssl.create_default_context(cafile=str(folder / "tls.pem"))
        self.running: subprocess.Popen[str] | None = None

    def start(self) -> list[str]:
        """Start it; what it prints until it says that it runs."""
        self.running = subprocess.Popen(
            [sys.executable, "-m", "skypicket.cli", "run", str(self.config)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.running.stdout is not None
        said = []
        for line in self.running.stdout:
            said.append(line.strip())
            if "runs; health at" in line:
                return said
        raise AssertionError(f"it ended: {self.running.communicate(timeout=30)}")

    def stop(self) -> str:
        """Stop it; all that it said since it ran."""
        assert self.running is not None
        self.running.send_signal(signal.SIGTERM)
        out, logged = self.running.communicate(timeout=60)
        return out + logged

    def ask(
        self, method: str, path: str, body: Any = None, **headers: str
    ) -> tuple[int, dict[str, str], Any]:
        connection = http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=30, context=self.trust
        )
        try:
            payload = None if body is None else json.dumps(body)
            connection.request(method, path, payload, headers)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        told = json.loads(content) if content[:1] in {b"{", b"["} else content
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, told


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    one = Site(tmp_path)
    yield one
    if one.running is not None and one.running.poll() is None:
        one.running.kill()
        one.running.communicate(timeout=30)


def cookie_of(headers: dict[str, str]) -> str:
    return headers["set-cookie"].partition(";")[0]


@pytest.mark.timeout(240)
def test_the_first_start_lets_one_person_in_who_lets_the_others_in(site: Site) -> None:
    said = site.start()
    link = urlsplit(next(word for word in said[0].split() if "://" in word))
    assert (link.scheme, link.netloc) == ("https", f"127.0.0.1:{site.port}")
    assert any("skypicket access link" in line for line in said)
    status, headers, _ = site.ask("GET", link.path)
    assert (status, headers["location"]) == (303, "/")
    assert "secure" in headers["set-cookie"].lower()
    assert headers["strict-transport-security"]
    first = cookie_of(headers)
    assert site.ask("GET", "/api/v1/accounts", Cookie=first)[0] == 403
    status, headers, told = site.ask(
        "POST", "/api/v1/session/password", {"new": PASSWORD}, Cookie=first
    )
    assert (status, told["has_credential"]) == (200, True)
    admin = cookie_of(headers)
    form = {"name": "j.kazlauskas", "roles": ["operator"]}
    status, _, made = site.ask("POST", "/api/v1/accounts", form, Cookie=admin)
    assert status == 201
    status, headers, _ = site.ask("GET", made["path"])
    assert status == 303
    newcomer = cookie_of(headers)
    assert site.ask("GET", "/api/v1/session", Cookie=newcomer)[2]["name"] == "j.kazlauskas"

    token = skypicket("access", "token", "reports", "--state", site.state).stdout.strip()
    bearer = {"Authorization": f"Bearer {token}"}
    assert site.ask("POST", "/api/v1/reports", REPORT, **bearer)[0] == 201
    listed = skypicket("access", "list", "--state", site.state, "--json").stdout
    items = [json.loads(line) for line in listed.splitlines()]
    (token_id,) = [item["token"]["token_id"] for item in items if "token" in item]
    assert skypicket("access", "revoke", token_id, "--state", site.state).returncode == 0
    assert site.ask("POST", "/api/v1/reports", REPORT, **bearer)[0] == 401
    assert skypicket("access", "disable", "j.kazlauskas", "--state", site.state).returncode == 0
    assert site.ask("GET", "/api/v1/session", Cookie=newcomer)[0] == 401

    another = skypicket("access", "link", "admin", "--state", site.state).stdout.strip()
    assert another.startswith(f"https://127.0.0.1:{site.port}/login/")
    assert site.ask("GET", urlsplit(another).path)[0] == 303
    rest = site.stop()
    for secret in (link.path, first, admin, made["path"], token, PASSWORD, another):
        assert secret.rpartition("=")[2].rpartition("/")[2] not in rest


@pytest.mark.timeout(180)
def test_a_later_start_prints_no_link_and_keeps_the_sessions(site: Site) -> None:
    link = site.start()[0].split()[-1]
    status, headers, _ = site.ask("GET", urlsplit(link).path)
    assert status == 303
    site.stop()
    assert not any("/login/" in line for line in site.start())
    assert site.ask("GET", "/api/v1/session", Cookie=cookie_of(headers))[0] == 200
    site.stop()


@pytest.mark.timeout(120)
def test_plain_http_is_not_answered_where_there_is_tls(site: Site) -> None:
    site.start()
    connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=20)
    connection.request("GET", "/healthz")
    with pytest.raises((http.client.HTTPException, OSError)):
        connection.getresponse()
    connection.close()
    site.stop()


@pytest.mark.timeout(60)
def test_a_network_without_tls_is_refused_in_one_clear_line(tmp_path: Path) -> None:
    config = tmp_path / "site.toml"
    config.write_text('[web]\nhost = "0.0.0.0"\n')
    done = skypicket("run", config)
    assert done.returncode == 3
    assert done.stderr.count("\n") == 1
    for word in ("site.toml:1", "tls_certificate", "tls_key", "host_names", "127.0.0.1"):
        assert word in done.stderr


@pytest.mark.timeout(60)
def test_a_certificate_that_does_not_fit_is_refused_in_one_clear_line(site: Site) -> None:
    (site.folder / "tls.key").write_text("no key")
    done = skypicket("run", site.config)
    assert done.returncode == 3
    assert "TLS cannot be set up" in done.stderr
    assert "tls.key" in done.stderr


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("list",), 0, "no account and no token"),
        (("link", "ann"), 2, "give it a --role"),
        (("link", "ann", "--role", "partner"), 2, "needs its code"),
        (("link", "ann", "--role", "viewer", "--partner", "POL"), 2, "nobody else has one"),
        (("link", "demo", "--role", "viewer"), 2, "kept for demos"),
        (("link", "a b", "--role", "viewer"), 2, "no name for an account"),
        (("link", "ann", "--role", "king"), 2, "king"),
        (("revoke", "00000000"), 2, "no token"),
        (("disable", "ann"), 2, "no account 'ann'"),
    ],
)
def test_the_command_says_what_it_cannot_do(
    tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    done = skypicket("access", *words, "--state", tmp_path)
    assert done.returncode == code
    assert said in done.stdout + done.stderr
    assert skypicket("access", *words, "--state", tmp_path / "nowhere").returncode in {2, 3}
