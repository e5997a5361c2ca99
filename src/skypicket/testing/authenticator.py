"""A passkey authenticator in software: it makes ES256 keys and signs, as a browser's would."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

USER_PRESENT, USER_VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def _text(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()


def _content(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class Authenticator:
    """Holds one passkey. `origin` is the page, as the browser says; `verified` is the person."""

    def __init__(self, origin: str, *, verified: bool = True) -> None:
        self.origin = origin
        self.verified = verified
        self.credential_id = b""
        self.sign_count = 0
        self._key = ec.generate_private_key(ec.SECP256R1())

    def make(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to registration options, as `credential.toJSON()` gives it."""
        self.credential_id = hashlib.sha256(options["challenge"].encode()).digest()[:16]
        numbers = self._key.public_key().public_numbers()
        public = {
            1: 2,
            3: -7,
            -1: 1,
            -2: numbers.x.to_bytes(32, "big"),
            -3: numbers.y.to_bytes(32, "big"),
        }
        attested = (
            bytes(16)
            + len(self.credential_id).to_bytes(2, "big")
            + self.credential_id
            + cbor2.dumps(public)
        )
        said = self._authenticator_part(options["rp"]["id"], ATTESTED) + attested
        statement = {"fmt": "none", "attStmt": {}, "authData": said}
        return self._credential(
            {
                "clientDataJSON": _text(self._client_part("webauthn.create", options)),
                "attestationObject": _text(cbor2.dumps(statement)),
            }
        )

    def sign(self, options: dict[str, Any]) -> dict[str, Any]:
        """The answer to authentication options."""
        self.sign_count += 1
        client = self._client_part("webauthn.get", options)
        said = self._authenticator_part(options["rpId"], 0)
        signed = self._key.sign(said + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._credential(
            {
                "clientDataJSON": _text(client),
                "authenticatorData": _text(said),
                "signature": _text(signed),
                "userHandle": None,
            }
        )

    def _credential(self, response: dict[str, Any]) -> dict[str, Any]:
        name = _text(self.credential_id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }

    def _client_part(self, kind: str, options: dict[str, Any]) -> bytes:
        challenge = _text(_content(options["challenge"]))
        return json.dumps(
            {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        ).encode()

    def _authenticator_part(self, rp_id: str, flags: int) -> bytes:
        flags |= USER_PRESENT | (USER_VERIFIED if self.verified else 0)
        digest = hashlib.sha256(rp_id.encode()).digest()
        return digest + bytes([flags]) + self.sign_count.to_bytes(4, "big")
