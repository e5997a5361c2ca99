import socket
import urllib.request

import pytest

from skypicket.testing.offline import OutsideRequestError, is_local

ELSEWHERE = "192.0.2.1"  # RFC 5737: reserved for documentation, never routed


def test_a_connection_that_leaves_the_machine_fails() -> None:
    with socket.socket() as sock, pytest.raises(OutsideRequestError, match=r"192\.0\.2\.1"):
        sock.connect((ELSEWHERE, 80))


def test_a_datagram_that_leaves_the_machine_fails() -> None:
    with (
        socket.socket(type=socket.SOCK_DGRAM) as sock,
        pytest.raises(OutsideRequestError, match="loopback only"),
    ):
        sock.sendto(b"x", (ELSEWHERE, 80))


def test_a_name_look_up_fails_before_any_packet() -> None:
    with pytest.raises(OutsideRequestError, match="getaddrinfo"):
        urllib.request.urlopen("http://tiles.example.org/")


def test_loopback_is_free_to_use() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname()) as client:
            client.sendall(b"here")
            taken, _ = server.accept()
        with taken:
            assert taken.recv(4) == b"here"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.9.9.9", "::1", "localhost", "0.0.0.0", "", None]
)
def test_this_machine_is_local(host: object) -> None:
    assert is_local(host)


@pytest.mark.parametrize("host", [ELSEWHERE, "2001:db8::1", "example.org", b"example.org"])
def test_every_other_machine_is_not(host: object) -> None:
    assert not is_local(host)
