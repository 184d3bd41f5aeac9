"""The links that `supportdesk watch --listen` serves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from supportdesk.cli.errors import BadRequestError, FailureError

if TYPE_CHECKING:
    from supportdesk.desk_api import DeskApi


@contextmanager
def link_service(
    connect: Callable[[], DeskApi], listen: str, say: Callable[[str], None], *, behind_proxy: bool
) -> Iterator[None]:
    """Serve the links of a desk while the block runs.

    Raises BadRequestError for an address that other machines can reach, unless it is `behind_proxy`, and FailureError
    where the address cannot be used.
    """
    from supportdesk.watcher.links.addresses import parse_listen

    try:
        address = parse_listen(listen)
    except ValueError as error:
        raise BadRequestError(f"--listen: {error}.") from error
    if not address.is_local and not behind_proxy:
        raise BadRequestError(
            f"Other machines can reach {listen}, and what they send there is not encrypted. Listen on 127.0.0.1 behind"
            " a proxy that speaks TLS; or confirm with --behind-proxy that only such a proxy can reach this address."
        )
    try:
        from supportdesk.watcher.links.desk_connection import DeskConnection
        from supportdesk.watcher.links.web_server import serve_links
    except ImportError as error:
        raise FailureError("Links need starlette and uvicorn: pip install 'supportdesk[links]'.") from error
    desk = DeskConnection(connect)
    try:
        with serve_links(desk, address) as port:
            say(f"links are served on {address.host}, port {port}")
            yield
    except OSError as error:
        raise FailureError(f"{listen} cannot be listened on: {error.strerror or error}.") from error
    finally:
        desk.close()
