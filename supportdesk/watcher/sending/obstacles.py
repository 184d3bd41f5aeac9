"""What keeps a method of the settings from sending on this machine, found without sending anything."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.util import find_spec

from supportdesk.access.secret import SetupError, secret_at
from supportdesk.settings.watcher import (
    CommandMethod,
    MailMethod,
    Method,
    ServiceMethod,
    WatcherSettings,
    WebhookMethod,
)


def find_obstacle(method: Method, settings: WatcherSettings) -> str | None:
    """Return why a method cannot send here: its secret cannot be read, or its program is missing. None where it can.

    What another machine would say is not asked.
    """
    if isinstance(method, ServiceMethod) and find_spec("apprise") is None:
        return "apprise is not installed"
    for program in _list_programs(method):
        if shutil.which(program) is None:
            return f"there is no program {program}"
    try:
        for file, variable in _list_secrets(method):
            secret = secret_at(settings.resolve(file) if file is not None else None, variable)
            if secret is not None:
                secret.read()
    except SetupError as error:
        return str(error)
    except OSError as error:
        return f"its secret cannot be read: {error.strerror}"
    return None


def _list_programs(method: Method) -> Iterator[str]:
    if isinstance(method, CommandMethod):
        yield from method.command[:1]
    elif isinstance(method, MailMethod):
        yield from method.token_command[:1]


def _list_secrets(method: Method) -> Iterator[tuple[str | None, str | None]]:
    match method:
        case MailMethod():
            yield method.password_file, method.password_env
        case ServiceMethod():
            yield method.apprise_file, method.apprise_env
        case WebhookMethod():
            yield method.url_file, method.url_env
            yield method.secret_file, method.secret_env
        case CommandMethod():
            pass
