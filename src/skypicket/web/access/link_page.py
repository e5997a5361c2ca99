"""What a person reads who opened a link that does not let in; programs get JSON, as everywhere."""

from types import MappingProxyType
from typing import Any

from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException

from skypicket.web.answers import refused
from skypicket.web.page.markup import element, page, text
from skypicket.web.page.plain_words import language_of

_WORDS = MappingProxyType(
    {
        "en": (
            "This link does not let you in",
            (
                "A link opens once, and only for a while. It is opened from the address bar, not "
                "from a page of another site. Whoever runs the system can make another:"
            ),
            "To the sign-in",
        ),
        "lt": (
            "Ši nuoroda neįleidžia",
            (
                "Nuoroda atsidaro vieną kartą ir tik ribotą laiką. Ji atidaroma iš adreso juostos, "
                "o ne iš kitos svetainės puslapio. Kitą gali sukurti sistemos prižiūrėtojas:"
            ),
            "Prisijungti",
        ),
    }
)


def not_let_in(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """The refusal of a link: a page where a browser asks for one, else JSON."""
    if "text/html" not in request.headers.get("accept", ""):
        return refused(request, error)
    language = language_of(None, request.headers.get("accept-language", ""))
    title, why, onwards = _WORDS[language]
    body = page(
        language,
        title,
        element("h1", text(title)),
        element("p", text(why)),
        element("p", element("code", "skypicket access link NAME")),
        element("p", element("a", text(onwards), href="/")),
    )
    return Response(
        body, status_code=error.status_code, media_type=MediaType.HTML, headers=error.headers or {}
    )
