"""The ceremonies of WebAuthn: what a browser is asked, and whether its answer is good.

Imported when the first passkey is made or shown: what checks certificates is slow to import.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import webauthn
from webauthn.helpers import base64url_to_bytes, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from skypicket.store.access import Passkey
from skypicket.web.access.party import RelyingParty

FAULTS = (WebAuthnException, KeyError, TypeError, ValueError, AttributeError)


class Made(NamedTuple):
    """A passkey that a browser made: its id, its public key (COSE), how often it has signed."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


class Holder(NamedTuple):
    """For whom a passkey is made: the account's name, and what authenticators know it by."""

    name: str
    user_id: bytes


def registration_options(
    holder: Holder, known: Iterable[Passkey], challenge: bytes, party: RelyingParty
) -> str:
    """What a browser needs to make a passkey, as JSON; none is made beside those `known`."""
    options = webauthn.generate_registration_options(
        rp_id=party.rp_id,
        rp_name="Skypicket",
        user_name=holder.name,
        user_id=holder.user_id,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=key.credential_id) for key in known],
    )
    return webauthn.options_to_json(options)


def login_options(challenge: bytes, party: RelyingParty) -> str:
    """What a browser needs to show its passkeys for this host, as JSON; no name is asked."""
    options = webauthn.generate_authentication_options(
        rp_id=party.rp_id,
        challenge=challenge,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def registered(credential: dict[str, Any], challenge: bytes, party: RelyingParty) -> Made:
    """The passkey that a browser made.

    Raises:
        ValueError and the others of `FAULTS`: the answer is not one to this question.
    """
    made = webauthn.verify_registration_response(
        credential=credential,
        expected_challenge=challenge,
        expected_rp_id=party.rp_id,
        expected_origin=party.origin,
        require_user_verification=True,
    )
    return Made(made.credential_id, made.credential_public_key, made.sign_count)


def sign_count_of(
    credential: dict[str, Any], challenge: bytes, party: RelyingParty, known: Passkey
) -> int:
    """How often the passkey has signed by now, if it gave this answer.

    Raises:
        ValueError and the others of `FAULTS`: it did not.
    """
    proven = webauthn.verify_authentication_response(
        credential=credential,
        expected_challenge=challenge,
        expected_rp_id=party.rp_id,
        expected_origin=party.origin,
        credential_public_key=known.public_key,
        credential_current_sign_count=known.sign_count,
        require_user_verification=True,
    )
    return proven.new_sign_count


def credential_id_of(credential: dict[str, Any]) -> bytes:
    """The id of the passkey that an answer names.

    Raises:
        ValueError and the others of `FAULTS`: it names none.
    """
    return base64url_to_bytes(credential["rawId"])


def challenge_of(credential: dict[str, Any]) -> bytes:
    """The question that an answer is to.

    Raises:
        ValueError and the others of `FAULTS`: it names none.
    """
    spoken = base64url_to_bytes(credential["response"]["clientDataJSON"])
    return parse_client_data_json(spoken).challenge
