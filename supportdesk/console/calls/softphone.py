"""The connection from a softphone to the user's open consoles: one socket each, in a folder private to that user.

`supportdesk call NUMBER` writes to them, and so does a console that answers, to silence the others. Only a number
passes this way, with its owner's name if the softphone knows it; the console decides what it means.
"""

from __future__ import annotations

import contextlib
import os
import socket
import stat
import struct
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from supportdesk.files import make_folder

LONGEST = 200
"""The longest number accepted, in bytes."""

PATIENCE = 5.0
"""Seconds for which the sender waits for a console's answer."""

_LISTENS_FOR = 0.5
"""Seconds after which a silent connection is dropped: the next one waits meanwhile."""

_RECEIVED = b"heard\n"
_LONGEST_PATH = 100
"""The longest socket path that every system accepts, in bytes."""


def socket_folders() -> list[Path]:
    """Return the folders that may hold this user's sockets, the preferred one first; none needs to exist.

    There are several because a softphone and a shell over SSH may see different environments.
    """
    import platformdirs

    own = os.getuid()
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{own}")
    found = [runtime / "supportdesk"] if _is_ours(runtime) else []
    found.append(platformdirs.user_state_path("supportdesk") / "calls")
    found.append(Path(tempfile.gettempdir()) / f"supportdesk-{own}")
    return found


def notify_consoles(number: str, places: Sequence[Path]) -> int:
    """Report a call to every listening console and remove sockets of dead ones; return how many received it. Blocks."""
    return sum(_notify(path, number) for place in places for path in _sockets(place))


def _sockets(place: Path) -> Iterator[Path]:
    if _is_ours(place):
        yield from sorted(place.glob("*.sock"))


def _notify(path: Path, number: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(PATIENCE)
        try:
            connection.connect(str(path))
            connection.sendall(number.encode()[:LONGEST] + b"\n")
            return connection.recv(len(_RECEIVED)) == _RECEIVED
        except ConnectionRefusedError:
            with contextlib.suppress(OSError):
                path.unlink()
        except OSError:
            return False
    return False


class Listener:
    """Listens for calls at one console until `close`. Raises OSError if none of `places` is usable."""

    def __init__(self, places: Sequence[Path], on_call: Callable[[str], object]) -> None:
        self._on_call = on_call
        self._path, self._socket = _bind(places)
        self._thread = threading.Thread(target=self._listen, name="softphone", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening and remove the socket."""
        with contextlib.suppress(OSError):
            self._path.unlink()
        # Closing alone would leave the thread waiting for a caller.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                connection.settimeout(_LISTENS_FOR)
                number = _number(connection) if _is_our_user(connection) else None
                if number is not None:
                    self._on_call(number)
                    connection.sendall(_RECEIVED)


def _number(connection: socket.socket) -> str | None:
    """Return what a connection sends, if it is one short line of UTF-8; None otherwise."""
    received = b""
    while b"\n" not in received and len(received) <= LONGEST:
        more = connection.recv(LONGEST + 1)
        if not more:
            return None
        received += more
    first, ended, rest = received.partition(b"\n")
    if not ended or rest or len(first) > LONGEST:
        return None
    try:
        return first.decode()
    except UnicodeDecodeError:
        return None


def _bind(places: Sequence[Path]) -> tuple[Path, socket.socket]:
    """Return a listening socket in the first usable folder, and its path. Raises OSError where there is none."""
    fault = OSError("no usable folder for its socket")
    for place in places:
        path = place / f"{os.getpid()}-{os.urandom(3).hex()}.sock"
        if len(os.fsencode(path)) > _LONGEST_PATH:
            continue
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            make_folder(place)
            if not _is_ours(place):
                raise PermissionError(f"other users can access {place}")
            listening.bind(str(path))
            path.chmod(0o600)
            listening.listen(8)
        except OSError as error:
            listening.close()
            fault = error
        else:
            return path, listening
    raise fault


def _is_ours(place: Path) -> bool:
    """Return whether a path is a folder of this user that no other user can read or write."""
    try:
        found = place.lstat()
    except OSError:
        return False
    open_to_others = stat.S_IMODE(found.st_mode) & 0o077
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not open_to_others


def _is_our_user(connection: socket.socket) -> bool:
    """Return whether the sender is this user, where the system reports it; elsewhere the folder's mode ensures it."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, user, _ = struct.unpack("3i", credentials)
    return bool(user == os.getuid())
