"""Finds the SQLSTATE with which a server refuses a connection.

The driver has only the words for it then, which are in the server's language. libpq knows the state, and says it when
it is asked to: so the connection is tried once more.
"""

from __future__ import annotations

import ctypes
import re
import selectors
import sys
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

from psycopg import conninfo, pq
from psycopg.pq import ConnStatus, PollingStatus

_PATIENCE = 1.0
"""Seconds for which the connection is tried: a server that refuses does so at once."""

_SQLSTATE_ONLY = 3
"""The verbosity of libpq in which an error of the server is its state (PQERRORS_SQLSTATE)."""

_STATE = re.compile(rb":\s+([0-9A-Z]{5})\s*$", re.MULTILINE)

_WITHOUT_PASSWORD = "28P01"  # noqa: S105 - a state
"""The state of a login for which a password is asked, and none is given: libpq sends nothing then."""

_TO_WRITE = {"read-write", "primary"}
"""The servers that are asked for in order to write."""

_READ_ONLY = "25006"
"""The state of a server that may only be read, as libpq does not tell."""

_ACCEPTED = "57P03"
"""The state of a server that was not ready a moment ago, and is by now."""


def find_refusal(parameters: Mapping[str, Any]) -> str:
    """Return the state with which a server refuses a connection; empty where none answers, or libpq does not tell."""
    connection: Any = pq.PGconn.connect_start(conninfo.make_conninfo("", **parameters).encode())
    try:
        if (set_verbosity := _find_setter()) is not None:
            set_verbosity(connection.pgconn_ptr, _SQLSTATE_ONLY)
        _finish_connecting(connection)
        if connection.status == ConnStatus.OK:
            return _ACCEPTED
        states = _STATE.findall(connection.error_message)
        if states:
            return str(states[-1].decode())
        if connection.needs_password:
            return _WITHOUT_PASSWORD
    finally:
        connection.finish()
    if parameters.get("target_session_attrs") in _TO_WRITE:
        # Where one to read would do, it was libpq that turned away.
        reading = {**parameters, "target_session_attrs": "any"}
        return _READ_ONLY if find_refusal(reading) == _ACCEPTED else ""
    return ""


def _finish_connecting(connection: Any) -> None:
    give_up_at = time.monotonic() + _PATIENCE
    while connection.status != ConnStatus.BAD:
        wanted = connection.connect_poll()
        left = give_up_at - time.monotonic()
        if wanted not in (PollingStatus.READING, PollingStatus.WRITING) or left <= 0:
            break
        with selectors.DefaultSelector() as selector:
            reads = wanted is PollingStatus.READING
            selector.register(connection.socket, selectors.EVENT_READ if reads else selectors.EVENT_WRITE)
            selector.select(left)


@cache
def _find_setter() -> Any:
    """Return libpq's function that sets how much an error says; the driver does not offer it. None without one."""
    module = sys.modules[pq.PGconn.__module__]
    try:
        # The driver in C is linked with its libpq, the one in Python has loaded it.
        library = module.impl.pq if hasattr(module, "impl") else ctypes.CDLL(module.__file__)
        return ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)(("PQsetErrorVerbosity", library))
    except (OSError, AttributeError):
        return None
