"""Posts pages to a web address, as JSON."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import http.client
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

from supportdesk import __version__
from supportdesk.access.connection import Deadline, describe_error, trust
from supportdesk.access.secret import SetupError
from supportdesk.clock import Clock
from supportdesk.watcher.sending.page import OutgoingPage
from supportdesk.watcher.sending.page_text import to_json
from supportdesk.watcher.sending.sender import (
    TIMEOUT,
    SendResult,
    delivered,
    not_delivered,
    possibly_delivered,
)

_SENDABLE = re.compile(r"[!-~]+")
_NO_WORD_OF_THE_RECEIVER = (http.HTTPStatus.BAD_GATEWAY, http.HTTPStatus.GATEWAY_TIMEOUT)
"""Statuses by which something in between says that the receiver did not answer; it may have the page."""

PERMANENT = (400, 401, 403, 404, 405, 410, 413, 415, 422)
"""Statuses that another attempt would get as well."""


class WebhookSender(Struct, frozen=True):
    """Posts to one address, which `url` reads, since it may grant access. `url` and `secret` raise SetupError.

    With a secret, the request is signed as *Standard Webhooks* describes. A redirect is not followed.
    """

    url: Callable[[], str]
    clock: Clock
    secret: Callable[[], str] | None = None
    ca_file: Path | None = None
    timeout: float = TIMEOUT

    def send(self, page: OutgoingPage) -> SendResult:
        """Send a page; see `Sender`. The status of the answer decides; without one, it is possibly delivered."""
        try:
            address = _parse(self.url())
            content = to_json(page)
            headers = self._headers(page, content)
        except SetupError as error:
            return not_delivered(str(error))
        with Deadline(self.timeout) as deadline:
            try:
                connection = self._connect(address, deadline)
            except SetupError as error:
                return not_delivered(str(error))
            except OSError as error:
                return not_delivered(f"{address.hostname}: {_describe(error, deadline)}")
            try:
                return self._post(connection, deadline, address, content, headers)
            finally:
                connection.close()

    def _post(
        self,
        connection: http.client.HTTPConnection,
        deadline: Deadline,
        address: SplitResult,
        content: bytes,
        headers: dict[str, str],
    ) -> SendResult:
        target = f"{address.path or '/'}{f'?{address.query}' if address.query else ''}"
        try:
            connection.request("POST", target, content, headers)
            status = connection.getresponse().status
        except (http.client.HTTPException, OSError, ValueError) as error:
            return possibly_delivered(f"{address.hostname} did not confirm it: {_describe(error, deadline)}")
        return _judge(status, str(address.hostname))

    def _headers(self, page: OutgoingPage, content: bytes) -> dict[str, str]:
        """Return the headers of a request. Raises SetupError."""
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"supportdesk/{__version__}",
            "Idempotency-Key": page.idempotency_key,
            "Connection": "close",
        }
        if self.secret is not None:
            key = _signing_key(self.secret())
            headers |= _signature(key, page.idempotency_key, int(self.clock.now().timestamp()), content)
        return headers

    def _connect(self, address: SplitResult, deadline: Deadline) -> http.client.HTTPConnection:
        """Return a connection to the host of the address. Raises OSError."""
        host = str(address.hostname)
        secure = address.scheme == "https"
        context = trust(self.ca_file) if secure else None
        raw = deadline.connect(host, address.port or (443 if secure else 80))
        connection = http.client.HTTPConnection(host, address.port)
        try:
            connection.sock = context.wrap_socket(raw, server_hostname=host) if context else raw
        except BaseException:
            raw.close()
            raise
        return connection


def _judge(status: int, host: str) -> SendResult:
    said = f"{host} answered {status}"
    if 200 <= status < 300:
        return delivered(said)
    if 300 <= status < 400:
        return not_delivered(
            f"{said}, a redirect, which is not followed; give the final address", permanent=True
        )
    if status in _NO_WORD_OF_THE_RECEIVER:
        return possibly_delivered(said)
    return not_delivered(said, permanent=status in PERMANENT)


def _parse(url: str) -> SplitResult:
    """Return the parts of an address. Raises SetupError, which does not quote it."""
    try:
        address = urlsplit(url)
        if (
            _SENDABLE.fullmatch(url)
            and address.scheme in ("http", "https")
            and address.hostname
            and not address.username
            and address.port != 0
        ):
            return address
    except ValueError:
        pass
    raise SetupError("the webhook's address is not a web address such as https://hooks.example.com/page")


def _signing_key(secret: str) -> bytes:
    """Return the key of a secret: the bytes that `whsec_` and base64 encode, or else the text itself."""
    if not secret.startswith("whsec_"):
        return secret.encode()
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raise SetupError("the webhook's secret begins with whsec_, and what follows is not base64") from None


def _signature(key: bytes, identity: str, at: int, content: bytes) -> dict[str, str]:
    signed = f"{identity}.{at}.".encode() + content
    digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return {"webhook-id": identity, "webhook-timestamp": str(at), "webhook-signature": f"v1,{digest}"}


def _describe(error: Exception, deadline: Deadline) -> str:
    if deadline.is_over:
        return "no answer in time"
    if isinstance(error, http.client.HTTPException):
        return "it ended the connection, or what it said was not HTTP"
    return describe_error(error)
