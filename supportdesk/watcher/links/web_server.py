"""Serves the links over HTTP in a thread, and stays up whatever it is sent.

It is meant to stand behind a TLS proxy, and still limits what one connection can do: how long it may take to say what
it wants, how long that may be, and how many there are. A connection is for one request.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from supportdesk.crash_log import log_loop_error
from supportdesk.watcher.links.web_app import make_web_app

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from supportdesk.watcher.links.addresses import ListenAddress
    from supportdesk.watcher.links.desk_connection import DeskConnection

CONNECTIONS = 200
"""Connections at a time; others are refused."""
LONGEST_HEAD = 8_192
"""Bytes of a request's first line and headers."""
PATIENCE = 10
"""Seconds for a connection to send a whole request."""
LIFETIME = 60
"""Seconds for which a connection lasts, whatever it sends."""
_STOP = 5
"""Seconds for requests that are under way when the server stops."""


class PatientProtocol(H11Protocol):
    """Closes a connection that has sent no whole request in time, or goes on, so that nobody can hold all of them."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the time for the first request, and that of the connection."""
        super().connection_made(transport)
        self.loop.call_later(PATIENCE, self._close_if_silent)
        self.loop.call_later(LIFETIME, transport.abort)

    def _close_if_silent(self) -> None:
        if getattr(self, "cycle", None) is None and not self.transport.is_closing():
            self.transport.close()


class _Server(uvicorn.Server):
    """A server that says when it has started, or why it could not."""

    def __init__(self, app: Starlette, listening: socket.socket) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=PatientProtocol,
                ws="none",
                lifespan="off",
                # The address of a link is a secret: no log has it, not even one of a fault.
                access_log=False,
                log_config=None,
                log_level="critical",
                proxy_headers=False,
                server_header=False,
                limit_concurrency=CONNECTIONS,
                h11_max_incomplete_event_size=LONGEST_HEAD,
                timeout_keep_alive=PATIENCE,
                timeout_graceful_shutdown=_STOP,
            )
        )
        self._listening = listening
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start to serve, and say so."""
        asyncio.get_running_loop().set_exception_handler(log_loop_error)
        await super().startup(sockets)
        self.ready.set()

    def serve_until_stopped(self) -> None:
        """Serve until `should_exit` is set."""
        try:
            self.run(sockets=[self._listening])
        finally:
            self.ready.set()


@contextmanager
def serve_links(desk: DeskConnection, address: ListenAddress) -> Iterator[int]:
    """Serve the links of a desk in a thread of its own while the block runs; yield the port.

    Raises OSError if the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.create_server((address.host, address.port), family=family, backlog=CONNECTIONS) as listening:
        server = _Server(make_web_app(desk), listening)
        thread = threading.Thread(target=server.serve_until_stopped, name="links", daemon=True)
        thread.start()
        server.ready.wait()
        try:
            if not server.started:
                raise OSError(f"links cannot be served on {address.host}")
            yield int(listening.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()
