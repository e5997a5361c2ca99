"""The routes of signing in, of one's session, of accounts and tokens."""

from litestar.types import ControllerRouterHandler

from skypicket.web.access.account_routes import account_routes, token_routes
from skypicket.web.access.login_routes import login_routes
from skypicket.web.access.oidc_routes import oidc_routes
from skypicket.web.access.passkey_routes import passkey_routes
from skypicket.web.access.passkeys import Passkeys
from skypicket.web.parts import WebParts


def access_routes(parts: WebParts) -> list[ControllerRouterHandler]:
    """Signing in, one's own session, accounts and tokens.

    Raises:
        InputError: the secret for the identity provider cannot be read.
    """
    desk = parts.access
    passkeys = Passkeys(desk)
    return [
        *login_routes(desk, passkeys),
        *passkey_routes(desk, passkeys),
        *oidc_routes(desk, parts.folder),
        *account_routes(desk, parts.runtime),
        *token_routes(desk, parts.runtime),
    ]
