"""The administration: accounts with one-time links, and sensors' tokens. Changes need a step-up."""

from typing import Any

import msgspec
from litestar import Response, delete, get, post
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, JSONBody
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED
from litestar.types import ControllerRouterHandler

from skypicket.domain.errors import UsageError
from skypicket.engine.runtime import Runtime
from skypicket.links import HttpSettings
from skypicket.store.access import Account, AuditLine, digest_of
from skypicket.web.access.account_views import (
    AccountForm,
    AccountView,
    LinkView,
    NewToken,
    TokenForm,
    TokenView,
    account_of,
    account_view,
)
from skypicket.web.access.desk import LINK_NS, AccessDesk
from skypicket.web.access.views import SMALL_BODY_BYTES, ForPrincipal


class Accounts(msgspec.Struct, frozen=True, kw_only=True):
    """All accounts, and the newest lines of the audit."""

    items: list[AccountView]
    audit: list[AuditLine]


class TokenList(msgspec.Struct, frozen=True, kw_only=True):
    """All tokens, and the sources that one can be made for."""

    items: list[TokenView]
    sources: list[str]


def account_routes(desk: AccessDesk) -> list[ControllerRouterHandler]:
    """`/api/v1/accounts`: list, make with a link, another link, disable."""
    return [*_listing(desk), *_links(desk), *_disabling(desk)]


def _listing(desk: AccessDesk) -> list[ControllerRouterHandler]:
    @get(
        "/api/v1/accounts",
        permission="accounts.read",
        summary="Who has access, and who changed it",
        sync_to_thread=True,
    )
    def accounts() -> Accounts:
        known = [account_view(desk, account) for account in desk.store.accounts.all()]
        return Accounts(items=known, audit=desk.store.audit(200))

    return [accounts]


def _links(desk: AccessDesk) -> list[ControllerRouterHandler]:
    @post(
        "/api/v1/accounts",
        permission="accounts.write",
        summary="A one-time link that makes an account when it is used",
        status_code=HTTP_201_CREATED,
        request_max_body_size=SMALL_BODY_BYTES,
        sync_to_thread=True,
    )
    def make(data: JSONBody[AccountForm], request: ForPrincipal) -> LinkView:
        account = _asked(data)
        if desk.store.accounts.named(account.name) is not None:
            raise ClientException(f"There is an account {account.name!r} already.", status_code=409)
        return _link(desk, account, request)

    @post(
        "/api/v1/accounts/{name:str}/link",
        permission="accounts.write",
        summary="Another one-time link to an account",
        status_code=HTTP_201_CREATED,
        request_max_body_size=SMALL_BODY_BYTES,
        sync_to_thread=True,
    )
    def link(name: FromPath[str], request: ForPrincipal) -> LinkView:
        _known(desk, name)
        return _link(desk, Account(name=name, roles=()), request)

    return [make, link]


def _disabling(desk: AccessDesk) -> list[ControllerRouterHandler]:
    @post(
        "/api/v1/accounts/{name:str}/disable",
        permission="accounts.write",
        summary="Let an account sign in no longer; its sessions end",
        status_code=HTTP_200_OK,
        request_max_body_size=SMALL_BODY_BYTES,
        sync_to_thread=True,
    )
    def disable(name: FromPath[str], request: ForPrincipal) -> AccountView:
        _known(desk, name)
        if name == request.user.name:
            raise ClientException("Nobody disables the account in use.", status_code=409)
        desk.store.accounts.disable(name)
        desk.say(request.user.name, "account disabled", name)
        return account_view(desk, _known(desk, name))

    return [disable]


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
        known = [
            TokenView(token_id=token.token_id, source=token.source, created_ns=token.created_ns)
            for token in desk.store.tokens.all()
        ]
        return TokenList(items=known, sources=sources)

    return [tokens]


def _token_making(desk: AccessDesk, sources: list[str]) -> list[ControllerRouterHandler]:
    @post(
        "/api/v1/tokens",
        permission="tokens.write",
        summary="A token for one source; its secret is shown once",
        status_code=HTTP_201_CREATED,
        request_max_body_size=SMALL_BODY_BYTES,
        sync_to_thread=True,
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
        return NewToken(
            token_id=token.token_id,
            source=token.source,
            created_ns=token.created_ns,
            secret=secret,
        )

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


def _asked(form: AccountForm) -> Account:
    try:
        return account_of(form)
    except UsageError as error:
        raise ClientException(str(error)) from error


def _known(desk: AccessDesk, name: str) -> Account:
    account = desk.store.accounts.named(name)
    if account is None:
        raise NotFoundException(f"There is no account {name!r}.")
    return account


def _link(desk: AccessDesk, account: Account, request: ForPrincipal) -> LinkView:
    try:
        secret = desk.new_link(account, request.user.name)
    except UsageError as error:
        raise ClientException(str(error), status_code=409) from error
    return LinkView(name=account.name, path=f"/login/{secret}", ends_ns=desk.clock() + LINK_NS)
