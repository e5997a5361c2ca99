"""Sessions for tests: somebody with a role is signed in, without passwords and links."""

from skypicket.store.access import Account
from skypicket.web.access.desk import AccessDesk
from skypicket.web.access.principal import Role

SUBJECT = "a test signed this in"


def session_of(desk: AccessDesk, *roles: Role, clearance: str = "", name: str = "") -> str:
    """The secret of a fresh session of an account with these roles, which is made if need be.

    It is as if an identity provider had opened it: it counts as proven for five minutes.

    >>> desk = AccessDesk()
    >>> desk.principal_of_secret(session_of(desk, "operator")).roles
    ('operator',)
    """
    name = name or "-".join((*roles, clearance)).strip("-")
    account = desk.store.accounts.named(name)
    if account is None:
        account = Account(name=name, roles=roles, clearance=clearance, subject=f"{SUBJECT}: {name}")
        desk.store.accounts.add(account)
    return desk.open(account, "oidc")


def demo_session(desk: AccessDesk) -> str:
    """The secret of a fresh demo session, as the demo's link opens it.

    >>> desk = AccessDesk(demo=True)
    >>> desk.principal_of_secret(demo_session(desk)).may("export.read")
    True
    """
    secret = desk.enter(desk.new_demo_link())
    assert secret is not None, "only a desk of a demo opens demo sessions"
    return secret
