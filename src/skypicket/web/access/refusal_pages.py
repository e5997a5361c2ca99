"""What a person reads whom a link or the identity provider does not let in; programs get JSON."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException

from skypicket.web.answers import refused
from skypicket.web.page.markup import element, page, text
from skypicket.web.page.plain_words import language_of

Handler = Callable[[Request[Any, Any, Any], HTTPException], Response[Any]]
ONWARDS = MappingProxyType({"en": "To the sign-in", "lt": "Prisijungti"})


class Words(NamedTuple):
    """A heading, what it means, and the command that helps; without one, the reason is shown."""

    title: str
    why: str
    command: str = ""


_LINK = MappingProxyType(
    {
        "en": Words(
            "This link does not let you in",
            "A link opens once, and only for a while. It is opened from the address bar, not "
            "from a page of another site. Whoever runs the system can make another:",
            "skypicket access link NAME",
        ),
        "lt": Words(
            "Ši nuoroda neįleidžia",
            "Nuoroda atsidaro vieną kartą ir tik ribotą laiką. Ji atidaroma iš adreso juostos, "
            "o ne iš kitos svetainės puslapio. Kitą gali sukurti sistemos prižiūrėtojas:",
            "skypicket access link NAME",
        ),
    }
)
_PROVIDER = MappingProxyType(
    {
        "en": Words(
            "The identity provider does not let you in",
            "Nobody was signed in. Begin again at the sign-in; if that does not help, whoever runs "
            "the system needs this reason:",
        ),
        "lt": Words(
            "Tapatybės teikėjas neįleidžia",
            "Niekas nebuvo prijungtas. Pradėkite iš naujo nuo prisijungimo; jei nepadeda, sistemos "
            "prižiūrėtojui reikės šios priežasties:",
        ),
    }
)


def _says(words: Mapping[str, Words]) -> Handler:
    """The refusal in such words: a page where a browser asks for one, else JSON."""

    def handler(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
        if "text/html" not in request.headers.get("accept", ""):
            return refused(request, error)
        language = language_of(None, request.headers.get("accept-language", ""))
        said = words[language]
        body = page(
            language,
            said.title,
            element("h1", text(said.title)),
            element("p", text(said.why)),
            element("p", element("code", said.command) if said.command else text(error.detail)),
            element("p", element("a", text(ONWARDS[language]), href="/")),
        )
        return Response(
            body,
            status_code=error.status_code,
            media_type=MediaType.HTML,
            headers=error.headers or {},
        )

    return handler


link_refused = _says(_LINK)
provider_refused = _says(_PROVIDER)
