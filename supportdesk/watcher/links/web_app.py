"""The web application behind links: GET shows a page and never acts, POST acknowledges."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from supportdesk.crash_log import write_crash
from supportdesk.desk_api import DeskApi, DeskUnavailableError
from supportdesk.sla.formatting import clock_time, near_time
from supportdesk.tickets.refusal import Refusal
from supportdesk.watcher.links.desk_connection import DeskConnection
from supportdesk.watcher.links.guess_limit import PERIOD, GuessLimit
from supportdesk.watcher.links.link_desk import LinkFault, OpenLink, acknowledge, find_expiry, open_link
from supportdesk.watcher.links.web_page import HEADERS, page_after, page_of_status, page_to_acknowledge

if TYPE_CHECKING:
    from starlette.requests import Request

Responder = Callable[[DeskApi, str, str], Response]
"""Answers a request on a desk for a token, from the address of a client."""

LARGEST_REQUEST = 4_096
"""Bytes that the content of a request may have; nothing in it is read."""


def make_web_app(desk: DeskConnection, clock: Callable[[], float] = time.monotonic) -> Starlette:
    """Return the application that serves the links of a desk. `clock` returns seconds that never go back."""
    pages = LinkPages(desk, GuessLimit(clock))
    return Starlette(
        routes=[Route("/p/{token}", pages.serve, methods=["GET", "HEAD", "POST"])],
        exception_handlers={HTTPException: _answer_fault, Exception: _answer_crash},
    )


class LinkPages:
    """Serves the pages of a desk's links."""

    def __init__(self, desk: DeskConnection, limit: GuessLimit) -> None:
        self._desk = desk
        self._limit = limit

    async def serve(self, request: Request) -> Response:
        """Answer a request: the page of a link, or what its button did."""
        if not _is_small(request):
            return answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        work = self._press if request.method == "POST" else self._show
        client = request.client.host if request.client else ""
        return await run_in_threadpool(self._guarded, work, request.path_params["token"], client)

    def _guarded(self, work: Responder, token: str, client: str) -> Response:
        try:
            return self._desk.use(lambda desk: work(desk, token, client))
        except DeskUnavailableError:
            return answer(HTTPStatus.SERVICE_UNAVAILABLE)

    def _show(self, desk: DeskApi, token: str, client: str) -> Response:
        link = open_link(desk, token)
        if isinstance(link, LinkFault):
            return self._refuse(link, client)
        return _html(page_to_acknowledge(link.facts), HTTPStatus.OK)

    def _press(self, desk: DeskApi, token: str, client: str) -> Response:
        link = open_link(desk, token)
        if isinstance(link, LinkFault):
            return self._refuse(link, client)
        outcome = acknowledge(desk, link)
        if isinstance(outcome, Refusal):
            # Somebody else may have been faster; else the reason helps.
            fault = open_link(desk, token)
            if isinstance(fault, LinkFault):
                return self._refuse(fault, client)
            said = f"The page is not acknowledged: {outcome.reason}"
            return _html(page_after(link.facts, said), HTTPStatus.CONFLICT)
        return _html(page_after(link.facts, _describe_acknowledgement(desk, link)), HTTPStatus.OK)

    def _refuse(self, fault: LinkFault, client: str) -> Response:
        if fault is LinkFault.OVER:
            return answer(HTTPStatus.GONE)
        if self._limit.count_wrong(client):
            return answer(HTTPStatus.NOT_FOUND)
        return answer(HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": str(int(PERIOD))})


def _describe_acknowledgement(desk: DeskApi, link: OpenLink) -> str:
    now, until = desk.now(), find_expiry(desk, link)
    zone = desk.policy_at(now).timezone
    sentence = f"You acknowledged the page at {clock_time(now, zone)}."
    if until is None:
        return sentence
    return f"{sentence} That is valid until {near_time(until, zone, now)}; then it escalates further."


def answer(status: HTTPStatus, headers: dict[str, str] | None = None) -> Response:
    """Return an answer that tells nothing but what went wrong."""
    return _html(page_of_status(status), status, headers)


def _html(page: str, status: HTTPStatus, headers: dict[str, str] | None = None) -> Response:
    return HTMLResponse(page, status, {**HEADERS, **(headers or {})})


def _is_small(request: Request) -> bool:
    """Return whether the request says that its content is short. The content itself is never read."""
    length = request.headers.get("content-length", "0")
    return length.isascii() and length.isdigit() and int(length[:10]) <= LARGEST_REQUEST and len(length) < 10


async def _answer_fault(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    allowed = {"Allow": "GET, HEAD, POST"} if status is HTTPStatus.METHOD_NOT_ALLOWED else {}
    return answer(status, allowed)


async def _answer_crash(_: Request, error: Exception) -> Response:
    write_crash(error)
    return answer(HTTPStatus.INTERNAL_SERVER_ERROR)
