"""For whom a passkey is: the host under which the page was opened."""

import ipaddress

import msgspec
from litestar.exceptions import ClientException

NEEDS_NAME = (
    "A passkey belongs to a host name, and this page was opened by a number. "
    "Open it as localhost, or by the server's name."
)


class RelyingParty(msgspec.Struct, frozen=True):
    """Whom a passkey is for: the host name without its port, and the page's whole origin."""

    rp_id: str
    origin: str


def relying_party(host: str, *, tls: bool) -> RelyingParty:
    """The relying party of a request, by its `Host`, which the fence has checked.

    Raises:
        ClientException: the host is a number; browsers make passkeys for names only.
    """
    name = host.lower().rsplit(":", 1)[0] if not host.endswith("]") else host
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return RelyingParty(name, f"{'https' if tls else 'http'}://{host.lower()}")
    raise ClientException(NEEDS_NAME)
