"""The administration: accounts with one-time links, and sensors' tokens. Changes need a step-up."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from litestar import Response, delete, get
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED, HTTP_409_CONFLICT
from litestar.types import ControllerRouterHandler

from skypicket.domain.errors import UsageError
from skypicket.engine.runtime import Runtime
from skypicket.links import HttpSettings
from skypicket.store.access import Account, AuditLine, digest_of
from skypicket.web.access import account_acts
from skypicket.web.access.account_views import (
    AccountForm,
    AccountView,
    LinkView,
    NewToken,
    OpenLinkView,
    RolesForm,
    TokenForm,
    TokenView,
    account_of,
    account_views,
    open_link_views,
    token_view,
)
from skypicket.web.access.desk import LINK_NS, AccessDesk
from skypicket.web.access.views import SMALL_BODY_BYTES, ForPrincipal, small_post
from skypicket.web.api.paging import DEFAULT_LIMIT, Limit, Offset, Page, Part, page_made


class Accounts(msgspec.Struct, frozen=True, kw_only=True):
    """Who has access.

    Attributes:
        items: all accounts, by name.
        links: the one-time links that nobody has used yet.
        partners: the codes of the partners that the configuration names.
        audit: the newest lines of the audit, the newest last.
    """

    items: list[AccountView]
    links: list[OpenLinkView]
    partners: list[str]
    audit: list[AuditLine]


class TokenList(msgspec.Struct, frozen=True, kw_only=True):
    """All tokens, and the sources that one can be made for."""

    items: list[TokenView]
    sources: list[str]


def account_routes(desk: AccessDesk, runtime: Runtime) -> list[ControllerRouterHandler]:
    """`/api/v1/accounts`: list, links, disable, enable, roles; `/api/v1/audit`."""
    partners = [partner.code for partner in runtime.settings.partners]
    return [*_listing(desk, partners), *_links(desk), *_standing(desk), *_roles(desk)]


def _listing(desk: AccessDesk, partners: list[str]) -> list[ControllerRouterHandler]:
    @get(
        "/api/v1/accounts",
        permission="accounts.read",
        summary="Who has access, and who changed it",
        sync_to_thread=True,
    )
    def accounts() -> Accounts:
        return Accounts(
            items=account_views(desk),
            links=open_link_views(desk),
            partners=partners,
            audit=desk.store.audit(200),
        )

    @get(
        "/api/v1/audit",
        permission="audit.read",
        summary="Who changed access, and when; the newest first",
        description="`time_ns` is real UTC here, whatever the engine's clock shows.",
        sync_to_thread=True,
    )
    def audit(
        request: ForPrincipal, limit: Limit = DEFAULT_LIMIT, offset: Offset = 0
    ) -> Page[AuditLine]:
        store = desk.store
        how = (store.audit_back, desk.clock())
        return page_made(request, Part(limit, offset), store.audit_length(), how)

    return [accounts, audit]


def _links(desk: AccessDesk) -> list[ControllerRouterHandler]:
    @small_post(
        "/api/v1/accounts",
        "accounts.write",
        "A one-time link that makes an account when it is used",
        HTTP_201_CREATED,
    )
    def make(data: JSONBody[AccountForm], request: ForPrincipal) -> LinkView:
        with _refused_in_words():
            account = account_of(data)
        if desk.store.accounts.named(account.name) is not None:
            raise ClientException(
                f"There is an account {account.name!r} already.", status_code=HTTP_409_CONFLICT
            )
        return _link(desk, account, request)

    @small_post(
        "/api/v1/accounts/{name:str}/link",
        "accounts.write",
        "Another one-time link to an account",
        HTTP_201_CREATED,
    )
    def link(name: FromPath[str], request: ForPrincipal) -> LinkView:
        _check_known(desk, name)
        return _link(desk, Account(name=name, roles=()), request)

    return [make, link]


def _standing(desk: AccessDesk) -> list[ControllerRouterHandler]:
    @small_post(
        "/api/v1/accounts/{name:str}/disable",
        "accounts.write",
        "Let an account sign in no longer; its sessions end",
    )
    def disable(name: FromPath[str], request: ForPrincipal) -> AccountView:
        _check_known(desk, name)
        if name == request.user.name:
            raise ClientException(
                "Nobody disables the account in use.", status_code=HTTP_409_CONFLICT
            )
        with _refused_in_words(HTTP_409_CONFLICT):
            account_acts.disable(desk, name, request.user.name)
        return _view(desk, name)

    @small_post(
        "/api/v1/accounts/{name:str}/enable",
        "accounts.write",
        "Let a disabled account sign in again; no old session or link opens",
    )
    def enable(name: FromPath[str], request: ForPrincipal) -> AccountView:
        _check_known(desk, name)
        with _refused_in_words(HTTP_409_CONFLICT):
            account_acts.enable(desk, name, request.user.name)
        return _view(desk, name)

    return [disable, enable]


def _roles(desk: AccessDesk) -> list[ControllerRouterHandler]:
    @small_post(
        "/api/v1/accounts/{name:str}/roles",
        "accounts.write",
        "Give an account other roles; its open sessions have them at once",
    )
    def roles(name: FromPath[str], data: JSONBody[RolesForm], request: ForPrincipal) -> AccountView:
        _check_known(desk, name)
        with _refused_in_words(HTTP_409_CONFLICT):
            account_acts.set_roles(desk, name, data.roles, request.user.name)
        return _view(desk, name)

    return [roles]


def token_routes(desk: AccessDesk, runtime: Runtime) -> list[ControllerRouterHandler]:
    """`/api/v1/tokens`: list, make, revoke."""
    sources = sorted(
        source.id
        for source in runtime.settings.sources
        if isinstance(source.link, HttpSettings) or source.format == "report"
    )
    return [*_token_list(desk, sources), *_token_making(desk, sources), *_token_end(desk)]


def _token_list(desk: AccessDesk, sources: list[str]) -> list[ControllerRouterHandler]:
    @get(
        "/api/v1/tokens",
        permission="accounts.read",
        summary="The tokens of sensors, without their secrets",
        sync_to_thread=True,
    )
    def tokens() -> TokenList:
        return TokenList(
            items=[token_view(token) for token in desk.store.tokens.all()], sources=sources
        )

    return [tokens]


def _token_making(desk: AccessDesk, sources: list[str]) -> list[ControllerRouterHandler]:
    @small_post(
        "/api/v1/tokens",
        "tokens.write",
        "A token for one source; its secret is shown once",
        HTTP_201_CREATED,
    )
    def make(data: JSONBody[TokenForm], request: ForPrincipal) -> NewToken:
        if data.source not in sources:
            raise ClientException(
                f"No source {data.source!r} takes messages over HTTP. There are: "
                f"{', '.join(sources) or 'none'}."
            )
        secret = desk.new_token(data.source, request.user.name)
        token = desk.store.tokens.get(digest_of(secret))
        assert token is not None, "it was just made"
        return NewToken(**msgspec.structs.asdict(token_view(token)), secret=secret)

    return [make]


def _token_end(desk: AccessDesk) -> list[ControllerRouterHandler]:
    @delete(
        "/api/v1/tokens/{token_id:str}",
        permission="tokens.write",
        summary="Revoke a token",
        status_code=HTTP_200_OK,
        request_max_body_size=SMALL_BODY_BYTES,
        sync_to_thread=True,
    )
    def revoke(token_id: FromPath[str], request: ForPrincipal) -> Response[dict[str, Any]]:
        token = desk.store.tokens.revoke(token_id)
        if token is None:
            raise NotFoundException(f"There is no token {token_id!r}.")
        desk.say(request.user.name, f"token {token_id} revoked", token.source)
        return Response({"revoked": token_id, "source": token.source}, status_code=HTTP_200_OK)

    return [revoke]


@contextmanager
def _refused_in_words(status_code: int = 400) -> Iterator[None]:
    """What the desk will not do becomes the answer, with its words."""
    try:
        yield
    except UsageError as error:
        raise ClientException(str(error), status_code=status_code) from error


def _check_known(desk: AccessDesk, name: str) -> None:
    if desk.store.accounts.named(name) is None:
        raise NotFoundException(f"There is no account {name!r}.")


def _view(desk: AccessDesk, name: str) -> AccountView:
    return next(view for view in account_views(desk) if view.name == name)


def _link(desk: AccessDesk, account: Account, request: ForPrincipal) -> LinkView:
    with _refused_in_words(HTTP_409_CONFLICT):
        secret = desk.new_link(account, request.user.name)
    return LinkView(name=account.name, path=f"/login/{secret}", ends_ns=desk.clock() + LINK_NS)
