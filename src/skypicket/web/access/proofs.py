"""The proofs behind a change: who may set a credential, and is it still the same person?"""

from litestar.exceptions import PermissionDeniedException

from skypicket.store.access import Account
from skypicket.web.access.desk import AccessDesk
from skypicket.web.access.party import relying_party
from skypicket.web.access.passkeys import Passkeys
from skypicket.web.access.principal import Principal
from skypicket.web.access.views import ForPrincipal, ProofForm

PROVE = "Prove first who you are: POST /api/v1/session/step-up."
NO_ACCOUNT = "A demo session has no account, so it has no password and no passkey."
ELSEWHERE = "This account signs in through its identity provider; set its password there."
WRONG_PROOF = "That is not the right proof."


def check_may_set(desk: AccessDesk, principal: Principal) -> Account:
    """The account whose password or passkey may be set in this session.

    It may if the account has none yet, if who is asking was proven just now, or if a one-time link
    opened the session just now: that is how a forgotten password is replaced.

    Raises:
        PermissionDeniedException: it may not.
    """
    account = desk.store.accounts.named(principal.name)
    if principal.kind != "person" or account is None:
        raise PermissionDeniedException(NO_ACCOUNT)
    if account.subject:
        raise PermissionDeniedException(ELSEWHERE)
    until_ns = max(desk.link_until_ns(principal), principal.step_up_until_ns)
    if desk.store.accounts.has_credential(account) and until_ns <= desk.clock():
        raise PermissionDeniedException(PROVE, extra={"reason": "step_up"})
    return account


def check_proof(
    desk: AccessDesk, passkeys: Passkeys, request: ForPrincipal, proof: ProofForm
) -> None:
    """Check that it is still the same person: by password, or by a passkey of the same account.

    Raises:
        PermissionDeniedException: it is not, or it cannot be told.
    """
    if proof.credential is not None:
        party = relying_party(request.headers.get("host", ""), tls=desk.web.tls)
        right = passkeys.check(proof.credential, party).name == request.user.name
    else:
        account = desk.store.accounts.named(request.user.name)
        right = desk.passwords.check(account.password if account else "", proof.password)
    if not right:
        raise PermissionDeniedException(WRONG_PROOF, extra={"reason": "proof"})
