"""The senders that the settings describe, by the names of their methods."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from supportdesk.access.login import make_login
from supportdesk.access.secret import Secret, SetupError, secret_at
from supportdesk.clock import Clock
from supportdesk.settings.mail_server import split_server
from supportdesk.settings.watcher import (
    CommandMethod,
    MailMethod,
    Method,
    ServiceMethod,
    WatcherSettings,
    WebhookMethod,
)
from supportdesk.watcher.sending.command_sender import CommandSender
from supportdesk.watcher.sending.mail_header import find_address_fault
from supportdesk.watcher.sending.mail_sender import MailSender
from supportdesk.watcher.sending.page import OutgoingPage
from supportdesk.watcher.sending.sender import Sender, SendResult, not_delivered
from supportdesk.watcher.sending.service_sender import ServiceSender
from supportdesk.watcher.sending.webhook_sender import WebhookSender

_log = logging.getLogger(__name__)


class UnusableSender(Struct, frozen=True):
    """Sends nothing, and says why: its method is not set up, or not correctly."""

    reason: str

    def send(self, page: OutgoingPage) -> SendResult:
        """Return that the page was not delivered, and why."""
        return not_delivered(self.reason, permanent=True)


class CarefulSender(Struct, frozen=True):
    """Sends by another sender, and turns an error that nobody expected into a result."""

    method: str
    sender: Sender

    def send(self, page: OutgoingPage) -> SendResult:
        """Send a page; see `Sender`."""
        try:
            return self.sender.send(page)
        except Exception as error:  # noqa: BLE001 - a fault in one method must not end the others
            # Neither text nor traceback: they could quote a password or a customer.
            _log.error("sending by %s failed: %s", self.method, type(error).__name__)
            return not_delivered(f"a fault in the program: {type(error).__name__}")


class Senders:
    """Finds the sender of a method; there is one for every name."""

    def __init__(self, settings: WatcherSettings, clock: Clock, *, show_errors: bool = False) -> None:
        """Make the senders of the settings. `show_errors` shows the standard error of programs on this one."""
        self._path = settings.path
        self._senders: dict[str, Sender] = {
            name: UnusableSender(reason) for name, reason in settings.faulty.items()
        }
        for name, method in settings.methods.items():
            self._senders[name] = CarefulSender(name, _make_sender(method, settings, clock, show_errors))

    @property
    def names(self) -> tuple[str, ...]:
        """The methods of the settings, in their order, with those that are faulty first."""
        return tuple(self._senders)

    def find(self, method: str) -> Sender:
        """Return the sender of a method; where the settings have none, one that says so."""
        return self._senders.get(method) or UnusableSender(
            f"no method {method!r} is set up: [watcher.methods.{method}] is missing in {self._path}"
        )


def _make_sender(method: Method, settings: WatcherSettings, clock: Clock, show_errors: bool) -> Sender:
    try:
        match method:
            case MailMethod():
                return make_mail_sender(method, settings)
            case ServiceMethod():
                url = _required(_secret(settings, method.apprise_file, method.apprise_env))
                return ServiceSender(url, method.text)
            case WebhookMethod():
                return _webhook_sender(method, settings, clock)
            case CommandMethod():
                return CommandSender(method.command, method.timeout, show_errors)
    except SetupError as error:
        return UnusableSender(str(error))


def make_mail_sender(method: MailMethod, settings: WatcherSettings) -> MailSender:
    """Return what sends mail by the server of the settings. Raises SetupError."""
    fault = find_address_fault(method.sender)
    server = split_server(method.smtp)
    if fault is not None or server is None:
        raise SetupError(f"the sender of mail cannot be used: {fault}")
    password = _secret(settings, method.password_file, method.password_env)
    login = make_login(method.user, password, method.token_command)
    host, port = server
    return MailSender(host, method.sender, method.security, port, login, _resolved(settings, method.ca_file))


def _webhook_sender(method: WebhookMethod, settings: WatcherSettings, clock: Clock) -> Sender:
    plain = method.url
    url = (
        (lambda: plain)
        if plain is not None
        else _required(_secret(settings, method.url_file, method.url_env))
    )
    secret = _secret(settings, method.secret_file, method.secret_env)
    return WebhookSender(
        url, clock, secret.read if secret is not None else None, _resolved(settings, method.ca_file)
    )


def _secret(settings: WatcherSettings, file: str | None, variable: str | None) -> Secret | None:
    return secret_at(_resolved(settings, file), variable)


def _required(secret: Secret | None) -> Callable[[], str]:
    if secret is None:
        raise SetupError("the settings name no file and no variable for its secret")
    return secret.read


def _resolved(settings: WatcherSettings, path: str | None) -> Path | None:
    """Return a path of the settings. Raises SetupError for one that is not possible."""
    try:
        return settings.resolve(path) if path is not None else None
    except OSError as error:
        raise SetupError(f"{path}: {error.strerror}") from error
