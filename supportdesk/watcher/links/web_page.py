"""The web pages behind a link, for a telephone and without script. Everything that people wrote is escaped."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from http import HTTPStatus

from msgspec import Struct

STYLE = (
    "body{font:1.1em/1.4 system-ui,sans-serif;max-width:34em;margin:0 auto;padding:1em;color:#111;background:#fff}"
    "h1{font-size:1.5em;margin:.3em 0}dl{margin:1em 0}dt{color:#555;font-size:.9em}"
    "dd{margin:0 0 .7em;overflow-wrap:anywhere}"
    "button{font:inherit;font-weight:700;width:100%;padding:.9em;border:0;border-radius:.4em;color:#fff;"
    "background:#0b5cad}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#111}dt{color:#aaa}}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()

HEADERS = {
    "Connection": "close",
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
}
"""The headers of every answer."""


class PageFacts(Struct, frozen=True):
    """What the page behind a link shows of a ticket. `facts` are headings with their texts."""

    title: str
    facts: tuple[tuple[str, str], ...]


def page_to_acknowledge(facts: PageFacts) -> str:
    """Return the page with the facts and the button, which posts to the address of the page itself."""
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in facts.facts)
    button = '<form method="post"><button>Acknowledge</button></form>'
    return _document(facts.title, f"<dl>{listed}</dl>{button}")


def page_after(facts: PageFacts, sentence: str) -> str:
    """Return the page that says what became of the button."""
    return _document(facts.title, f"<p>{escape(sentence)}</p>")


def page_of_status(status: HTTPStatus) -> str:
    """Return the page for a link that is not valid, and for everything else that goes wrong. It tells no facts."""
    title, sentence = _STATUS_TEXTS.get(status, _NOT_VALID)
    return _document(title, f"<p>{escape(sentence)}</p>")


_NOT_VALID = (
    "This link is not valid",
    "It was used, it has expired, or the page was acknowledged by other means. The ticket is in the console.",
)
_STATUS_TEXTS = {
    HTTPStatus.METHOD_NOT_ALLOWED: ("This is not possible", "A link can be opened, and its button pressed."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("This is not possible", "The request is too long."),
    HTTPStatus.TOO_MANY_REQUESTS: (
        "Too many links that are not valid",
        "Wait a minute, and open your link again.",
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("Something went wrong", "Acknowledge the page in the console."),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "The desk cannot be reached just now",
        "The page is not acknowledged. Try again in a moment, or use the console.",
    ),
}


def _document(title: str, content: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main><h1>{escape(title)}</h1>{content}</main></body></html>"
    )
