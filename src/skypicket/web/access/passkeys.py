"""Passkeys: the options that a browser needs, and what its authenticator answers (WebAuthn)."""

import hashlib
import ipaddress
from typing import Any

import msgspec
import webauthn
from litestar.exceptions import ClientException, PermissionDeniedException
from webauthn.helpers import base64url_to_bytes, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from skypicket.store.access import Account, Passkey
from skypicket.web.access.challenges import Challenges
from skypicket.web.access.desk import AccessDesk

NEEDS_NAME = (
    "A passkey belongs to a host name, and this page was opened by a number. "
    "Open it as localhost, or by the server's name."
)
WRONG = "This passkey opens no account here."
_FAULTS = (WebAuthnException, KeyError, TypeError, ValueError, AttributeError)


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


class Passkeys:
    """Registers passkeys and checks their answers; user verification is always required."""

    def __init__(self, desk: AccessDesk) -> None:
        self._desk = desk
        self._challenges = Challenges(desk.clock)

    def registration_options(self, account: Account, party: RelyingParty, session: str) -> str:
        """What a browser needs to make a passkey for an account, as JSON."""
        known = self._desk.store.accounts.passkeys(account.name)
        options = webauthn.generate_registration_options(
            rp_id=party.rp_id,
            rp_name="Skypicket",
            user_name=account.name,
            user_id=hashlib.sha256(b"skypicket user " + account.name.encode()).digest()[:16],
            challenge=self._challenges.new(f"register {session}"),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[
                PublicKeyCredentialDescriptor(id=key.credential_id) for key in known
            ],
        )
        return webauthn.options_to_json(options)

    def register(
        self, account: Account, credential: dict[str, Any], party: RelyingParty, session: str
    ) -> None:
        """Keep the passkey that a browser made.

        Raises:
            ClientException: the answer is not one to our question.
        """
        try:
            challenge = self._challenge(f"register {session}", credential)
            made = webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=party.rp_id,
                expected_origin=party.origin,
                require_user_verification=True,
            )
        except _FAULTS as error:
            raise ClientException(f"This passkey cannot be taken: {error}.") from error
        self._desk.store.accounts.add_passkey(
            Passkey(
                credential_id=made.credential_id,
                account=account.name,
                public_key=made.credential_public_key,
                sign_count=made.sign_count,
                created_ns=self._desk.clock(),
            )
        )

    def login_options(self, party: RelyingParty) -> str:
        """What a browser needs to show its passkeys for this host, as JSON; no name is asked."""
        options = webauthn.generate_authentication_options(
            rp_id=party.rp_id,
            challenge=self._challenges.new("login"),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return webauthn.options_to_json(options)

    def check(self, credential: dict[str, Any], party: RelyingParty) -> Account:
        """The account whose passkey gave this answer.

        Raises:
            PermissionDeniedException: it is no good answer, or the account is disabled.
        """
        try:
            challenge = self._challenge("login", credential)
            known = self._desk.store.accounts.passkey(base64url_to_bytes(credential["rawId"]))
            account = known and self._desk.store.accounts.named(known.account)
            if not known or not account or account.disabled:
                raise PermissionDeniedException(WRONG)
            proven = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=challenge,
                expected_rp_id=party.rp_id,
                expected_origin=party.origin,
                credential_public_key=known.public_key,
                credential_current_sign_count=known.sign_count,
                require_user_verification=True,
            )
        except _FAULTS as error:
            raise PermissionDeniedException(WRONG) from error
        self._desk.store.accounts.set_sign_count(known.credential_id, proven.new_sign_count)
        return account

    def _challenge(self, purpose: str, credential: dict[str, Any]) -> bytes:
        spoken = base64url_to_bytes(credential["response"]["clientDataJSON"])
        challenge = parse_client_data_json(spoken).challenge
        if not self._challenges.take(purpose, challenge):
            raise ValueError("its question was not asked here, or too long ago")
        return challenge
