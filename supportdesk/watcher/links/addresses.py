"""Where links are served."""

from __future__ import annotations

import re

from msgspec import Struct

from supportdesk.settings.web_address import is_this_machine

_LISTEN = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+)):([0-9]{1,5})")


class ListenAddress(Struct, frozen=True):
    """A host, name or address, and a port to listen on; port 0 takes a free one."""

    host: str
    port: int

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return is_this_machine(self.host)


def parse_listen(text: str, example: int = 8025) -> ListenAddress:
    """Return the address in `HOST:PORT` or `[ADDRESS]:PORT`. Raises ValueError, with a port as an example."""
    found = _LISTEN.fullmatch(text)
    if found is None or int(found[3]) > 65535:
        raise ValueError(f"{text} is not HOST:PORT, such as 127.0.0.1:{example}")
    return ListenAddress(found[1] or found[2], int(found[3]))
