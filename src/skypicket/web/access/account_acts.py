"""What an administrator does to an account that is there: disable it, enable it, change its roles.

Somebody who can sign in always has the role `admin`, so that access can be given again. Each act is
one transaction with its line of the audit: two administrators may act at the same moment.
"""

from collections.abc import Collection

from skypicket.domain.errors import UsageError
from skypicket.store.access import Account
from skypicket.web.access.desk import AccessDesk
from skypicket.web.access.principal import ROLES


def disable(desk: AccessDesk, name: str, who: str) -> None:
    """Let an account sign in no longer; its sessions and links end.

    Raises:
        UsageError: there is no such account, or nobody could give access after that.
    """
    with desk.store.together():
        account = desk.store.accounts.named(name)
        if account is not None:
            _check_not_last(desk, account)
        desk.store.accounts.disable(name)
        desk.say(who, "account disabled", name)


def enable(desk: AccessDesk, name: str, who: str) -> None:
    """Let a disabled account sign in again, by the ways it had; no old session or link opens.

    Raises:
        UsageError: there is no such account, or it is not disabled.
    """
    with desk.store.together():
        desk.store.accounts.enable(name)
        desk.say(who, "account enabled", name)


def set_roles(desk: AccessDesk, name: str, roles: Collection[str], who: str) -> None:
    """Give an account these roles instead of its own; its open sessions have them at once.

    Roles that it has already are no act: nothing is written.

    Raises:
        UsageError: there is no such account, its roles are not given by hand, a partner's role is
            given or taken, or nobody could give access after that.
    """
    wanted = tuple(role for role in ROLES if role in roles)
    with desk.store.together():
        account = desk.store.accounts.named(name)
        if account is None:
            raise UsageError(f"There is no account {name!r}. `skypicket access list` shows all.")
        _check_by_hand(account, wanted)
        if "admin" not in wanted:
            _check_not_last(desk, account)
        if set(wanted) != set(account.roles):
            desk.store.accounts.set_roles(name, wanted)
            desk.say(who, f"roles are now: {' '.join(wanted)}", name)


def _check_by_hand(account: Account, wanted: tuple[str, ...]) -> None:
    if not wanted:
        raise UsageError(f"The account {account.name!r} needs a role, or else disable it.")
    if account.subject:
        raise UsageError(
            f"The account {account.name!r} gets its roles from the identity provider at each "
            "sign-in. Change its groups there."
        )
    if "partner" in {*wanted, *account.roles} and set(wanted) != set(account.roles):
        raise UsageError(
            "A partner has that one role, which nobody of the own side has. Make another account."
        )


def _check_not_last(desk: AccessDesk, account: Account) -> None:
    gives = "admin" in account.roles and not account.disabled
    if gives and not desk.store.accounts.anybody_else("admin", but=account.name):
        raise UsageError(
            f"{account.name!r} is the last administrator who can sign in. Let another one in first."
        )
