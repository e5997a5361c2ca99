"""Passkeys: the options that a browser needs, and what its authenticator answers (WebAuthn)."""

import hashlib
from typing import Any

from litestar.exceptions import ClientException, PermissionDeniedException

from skypicket.store.access import Account, Passkey
from skypicket.web.access.challenges import Challenges
from skypicket.web.access.desk import AccessDesk
from skypicket.web.access.party import RelyingParty

WRONG = "This passkey opens no account here."


class Passkeys:
    """Registers passkeys and checks their answers; user verification is always required.

    The first call is slow, for what it imports: call it on a thread.
    """

    def __init__(self, desk: AccessDesk) -> None:
        self._desk = desk
        self._challenges = Challenges(desk.clock)

    def registration_options(self, account: Account, party: RelyingParty, session: str) -> str:
        """What a browser needs to make a passkey for an account, as JSON."""
        from skypicket.web.access import ceremonies  # noqa: PLC0415 -- slow to import, seldom used

        user_id = hashlib.sha256(b"skypicket user " + account.name.encode()).digest()[:16]
        return ceremonies.registration_options(
            ceremonies.Holder(account.name, user_id),
            self._desk.store.accounts.passkeys(account.name),
            self._challenges.new(f"register {session}"),
            party,
        )

    def register(
        self, account: Account, credential: dict[str, Any], party: RelyingParty, session: str
    ) -> None:
        """Keep the passkey that a browser made.

        Raises:
            ClientException: the answer is not one to our question.
        """
        from skypicket.web.access import ceremonies  # noqa: PLC0415 -- slow to import, seldom used

        try:
            challenge = self._taken(f"register {session}", ceremonies.challenge_of(credential))
            made = ceremonies.registered(credential, challenge, party)
        except ceremonies.FAULTS as error:
            raise ClientException(f"This passkey cannot be taken: {error}.") from error
        self._desk.store.accounts.add_passkey(
            Passkey(
                credential_id=made.credential_id,
                account=account.name,
                public_key=made.public_key,
                sign_count=made.sign_count,
                created_ns=self._desk.clock(),
            )
        )

    def login_options(self, party: RelyingParty) -> str:
        """What a browser needs to show its passkeys for this host, as JSON; no name is asked."""
        from skypicket.web.access import ceremonies  # noqa: PLC0415 -- slow to import, seldom used

        return ceremonies.login_options(self._challenges.new("login"), party)

    def check(self, credential: dict[str, Any], party: RelyingParty) -> Account:
        """The account whose passkey gave this answer.

        Raises:
            PermissionDeniedException: it is no good answer, or the account is disabled.
        """
        from skypicket.web.access import ceremonies  # noqa: PLC0415 -- slow to import, seldom used

        accounts = self._desk.store.accounts
        try:
            challenge = self._taken("login", ceremonies.challenge_of(credential))
            known = accounts.passkey(ceremonies.credential_id_of(credential))
            account = known and accounts.named(known.account)
            if not known or not account or account.disabled:
                raise PermissionDeniedException(WRONG)
            sign_count = ceremonies.sign_count_of(credential, challenge, party, known)
        except ceremonies.FAULTS as error:
            raise PermissionDeniedException(WRONG) from error
        accounts.set_sign_count(known.credential_id, sign_count)
        return account

    def _taken(self, purpose: str, challenge: bytes) -> bytes:
        if not self._challenges.take(purpose, challenge):
            raise ValueError("its question was not asked here, or too long ago")
        return challenge
