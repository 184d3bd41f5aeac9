"""The way from a softphone to the consoles that its user has open: a socket for each, in a folder for that user alone.

`supportdesk call NUMBER` rings there. Nothing but a number comes in this way, and what it means is for the console.
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

LONGEST = 200
"""Bytes of a number; more than any has."""

PATIENCE = 5.0
"""Seconds for which somebody who rings waits to be heard."""

_LISTENS_FOR = 0.5
"""Seconds for which a line that says nothing is listened to: the next one waits meanwhile."""

_HEARD = b"heard\n"
_LONGEST_PATH = 100
"""Bytes of a socket's path that every system takes."""


def socket_folders() -> list[Path]:
    """Where the sockets of this user may be, the best place first; none of them need be there.

    A softphone and a shell over SSH do not always agree on what the environment says.
    """
    import platformdirs

    own = os.getuid()
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{own}")
    found = [runtime / "supportdesk"] if _is_ours(runtime) else []
    found.append(platformdirs.user_state_path("supportdesk") / "calls")
    found.append(Path(tempfile.gettempdir()) / f"supportdesk-{own}")
    return found


def notify_consoles(number: str, places: Sequence[Path]) -> int:
    """Tells every console that listens of a call; how many have heard it. Blocks; removes what dead ones left."""
    return sum(_told(path, number) for place in places for path in _sockets(place))


def _sockets(place: Path) -> Iterator[Path]:
    if _is_ours(place):
        yield from sorted(place.glob("*.sock"))


def _told(path: Path, number: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(PATIENCE)
        try:
            line.connect(str(path))
            line.sendall(number.encode()[:LONGEST] + b"\n")
            return line.recv(len(_HEARD)) == _HEARD
        except ConnectionRefusedError:
            with contextlib.suppress(OSError):
                path.unlink()
        except OSError:
            return False
    return False


class Listener:
    """Hears what rings at one console. `close` ends it; without a place to listen at, making one raises OSError."""

    def __init__(self, places: Sequence[Path], heard: Callable[[str], object]) -> None:
        self._heard = heard
        self._path, self._socket = _bound(places)
        self._thread = threading.Thread(target=self._listen, name="softphone", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Hears nothing any more."""
        with contextlib.suppress(OSError):
            self._path.unlink()
        # Closing alone would leave the thread waiting for a caller.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _listen(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            with line, contextlib.suppress(OSError):
                line.settimeout(_LISTENS_FOR)
                number = _number(line) if _is_our_user(line) else None
                if number is not None:
                    self._heard(number)
                    line.sendall(_HEARD)


def _number(line: socket.socket) -> str | None:
    """What is said on a line, if it is one short line of text."""
    said = b""
    while b"\n" not in said and len(said) <= LONGEST:
        more = line.recv(LONGEST + 1)
        if not more:
            return None
        said += more
    first, ended, rest = said.partition(b"\n")
    if not ended or rest or len(first) > LONGEST:
        return None
    try:
        return first.decode()
    except UnicodeDecodeError:
        return None


def _bound(places: Sequence[Path]) -> tuple[Path, socket.socket]:
    """A socket at the first place that takes one. Raises OSError where none does."""
    fault = OSError("there is no place for it")
    for place in places:
        path = place / f"{os.getpid()}-{os.urandom(3).hex()}.sock"
        if len(os.fsencode(path)) > _LONGEST_PATH:
            continue
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_ours(place):
                raise PermissionError(f"{place} is open to others")
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
    """Whether a place is a folder of this user, into which nobody else can look or put anything."""
    try:
        found = place.lstat()
    except OSError:
        return False
    open_to_others = stat.S_IMODE(found.st_mode) & 0o077
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not open_to_others


def _is_our_user(line: socket.socket) -> bool:
    """Whether the one who rings is the one who listens, where the system can tell; the folder sees to it elsewhere."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    told = line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
    _, user, _ = struct.unpack("3i", told)
    return bool(user == os.getuid())
