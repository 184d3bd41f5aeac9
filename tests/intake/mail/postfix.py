"""A postfix of the tests' own: its settings and its queue are in a temporary folder, its port is free.

That of the machine is neither used nor changed. It needs root, as a master process changes users.
"""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import smtplib
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.docs.paging.programs import free_ports, is_open
from tests.patience import wait_for

HOST = "mx.claritum.example"
"""The server's name, which it writes into the header of each message."""
DELIVERY_USER = "mail"
"""The user as whom the server starts programs: neither root nor its own."""

_PROGRAMS = Path("/usr/lib/postfix/sbin")
_MISSING = "postfix is missing" if not (_PROGRAMS / "master").exists() else ""

needs_postfix = pytest.mark.skipif(
    bool(_MISSING or os.geteuid()), reason=_MISSING or "only root can run postfix"
)
"""Skips tests where postfix is not installed, or cannot be run."""

_SETTINGS = {
    "compatibility_level": "3.6",
    "command_directory": "/usr/sbin",
    "daemon_directory": str(_PROGRAMS),
    "mail_owner": "postfix",
    "setgid_group": "postdrop",
    "myhostname": HOST,
    "mydestination": "",
    "alias_maps": "",
    "local_recipient_maps": "",
    "inet_interfaces": "127.0.0.1",
    "inet_protocols": "ipv4",
    "mynetworks": "127.0.0.0/8",
    "smtpd_peername_lookup": "no",
    "smtp_dns_support_level": "disabled",
    "smtp_host_lookup": "native",
    "default_transport": "error:no mail leaves this machine",
    # What cannot be delivered is soon tried again, but not while the program that tried it still has it locked.
    "queue_run_delay": "1s",
    "minimal_backoff_time": "3s",
    "maximal_backoff_time": "3s",
    "transport_retry_time": "1s",
}
_SERVICES = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
_QUEUE = {
    "postfix:root:700": "active bounce corrupt defer deferred flush hold incoming private saved trace",
    "postfix:postdrop:730": "maildrop",
    "postfix:postdrop:710": "public",
    "root:root:755": "pid",
}
_WAITING = ("maildrop", "incoming", "active", "deferred")


class Postfix:
    """A server, until `remove` or the end of this process.

    `routes` says how mail to a domain or an address is delivered, as in postfix's table of transports; all other mail
    is returned. `settings` are added to the usual ones, and `services`, lines of `master.cf`, to the usual ones.
    """

    def __init__(
        self, routes: Mapping[str, str], services: str = "", *, port: int | None = None, **settings: str
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="supportdesk-postfix-"))
        self.folder.chmod(0o755)
        self.port = port or free_ports(1)[0]
        self._make_queue()
        self._write_settings(routes, services, settings)
        with (self.folder / "output").open("wb") as output:
            self._process = subprocess.Popen(
                [_PROGRAMS / "master", "-c", self.folder / "etc", "-s"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        # It ends the server when its input ends, which is when this process ends in any way.
        self._guard = subprocess.Popen(
            [
                *("sh", "-c"),
                f"read never; kill -9 -- -{self._process.pid}; rm -rf {shlex.quote(str(self.folder))}",
            ],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(lambda: is_open(self.port), self.describe)

    def _make_queue(self) -> None:
        for name in ("etc", "queue", "data"):
            (self.folder / name).mkdir()
        shutil.chown(self.folder / "data", "postfix")
        for rights, names in _QUEUE.items():
            owner, group, mode = rights.split(":")
            for name in names.split():
                place = self.folder / "queue" / name
                place.mkdir()
                shutil.chown(place, owner, group)
                place.chmod(int(mode, 8))

    def _write_settings(self, routes: Mapping[str, str], services: str, settings: Mapping[str, str]) -> None:
        table = ", ".join(f"{{ {place} = {way} }}" for place, way in routes.items())
        everything = {
            **_SETTINGS,
            "queue_directory": str(self.folder / "queue"),
            "data_directory": str(self.folder / "data"),
            "maillog_file": str(self.folder / "log"),
            "maillog_file_prefixes": str(self.folder),
            "transport_maps": f"inline:{{ {table} }}",
            **settings,
        }
        lines = [f"{name} = {value}\n" for name, value in everything.items()]
        (self.folder / "etc" / "main.cf").write_text("".join(lines))
        (self.folder / "etc" / "master.cf").write_text(_SERVICES.format(port=self.port) + services)

    def remove(self) -> None:
        """End the server and remove its files."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._guard.kill()
        self._guard.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)

    def describe(self) -> str:
        """Return what the server has said."""
        files = (self.folder / "output", self.folder / "log")
        return "\n".join(path.read_text(errors="replace") for path in files if path.exists())

    def accept(self, content: bytes, recipient: str, sender: str = "jo@acme.example") -> None:
        """Give the server a message to deliver, as another server or a mail program does."""
        with smtplib.SMTP("127.0.0.1", self.port) as connection:
            connection.sendmail(sender, [recipient], content)

    def wait_until_delivered(self) -> None:
        """Wait until nothing is in the queue: all was delivered or returned, and so was what came of that."""
        wait_for(lambda: not self.list_waiting(), self.describe)

    def list_waiting(self) -> list[str]:
        """Return the identities of the messages in the queue."""
        # A message may move between two folders, but only once while these are read: it is in one of the two lists.
        return [path.name for _ in range(2) for path in self._list_files()]

    def _list_files(self) -> list[Path]:
        places = [self.folder / "queue" / name for name in _WAITING]
        return [path for place in places for path in place.rglob("*") if path.is_file()]

    def wait_until_said(self, text: str) -> str:
        """Wait until the log has a line with a text, and return that line."""
        return wait_for(
            lambda: next((line for line in self.describe().splitlines() if text in line), ""),
            lambda: f"{text!r} is not in the log: {self.describe()}",
        )
