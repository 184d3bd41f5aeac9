"""A dovecot of the tests' own: IMAP and LMTP in a temporary folder, on free ports of this machine."""

from __future__ import annotations

import getpass
import grp
import json
import os
import shlex
import shutil
import signal
import smtplib
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.docs.paging.programs import free_ports, is_open
from tests.patience import wait_for
from tests.watcher.sending.mail_server import make_certificate

USER, PASSWORD = "support@claritum.example", "open 'sesame\""
"""A mailbox, and a password that must be quoted."""

_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/lib/dovecot"
_MISSING = [each for each in ("dovecot", "imap", "lmtp", "openssl") if shutil.which(each, path=_PATH) is None]

needs_dovecot = pytest.mark.skipif(bool(_MISSING), reason=f"missing: {', '.join(_MISSING)}")
"""Skips tests where dovecot is not installed."""

needs_sieve = pytest.mark.skipif(
    not Path("/usr/lib/dovecot/modules/lib90_sieve_plugin.so").exists(), reason="missing: dovecot-sieve"
)
"""Skips tests where its sieve is not installed."""

_SETTINGS = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap lmtp
listen = 127.0.0.1
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {internal_group}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:~/mail
mail_fsync = never
auth_mechanisms = plain login
auth_failure_delay = 0
ssl = yes
ssl_cert = <{folder}/both.pem
ssl_key = <{folder}/both.pem
passdb {{
  driver = passwd-file
  args = scheme=plain {folder}/users
}}
userdb {{
  driver = static
  args = uid={owner} gid={group} home={folder}/home allow_all_users=yes
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp}
  }}
}}
{more}
"""


class Dovecot:
    """A server with one mailbox, until `remove` or the end of this process. `settings` are added to the usual ones."""

    def __init__(self, settings: str = "") -> None:
        # The name of a socket has at most some hundred characters.
        self.folder = Path(tempfile.mkdtemp(prefix="supportdesk-dovecot-"))
        self._is_root = os.geteuid() == 0
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None
        self.imap, self.imaps, self.lmtp = free_ports(3)
        make_certificate(self.folder)
        (self.folder / "users").write_text(f"{USER}:{PASSWORD}\n")
        (self.folder / "home").mkdir()
        if self._is_root:
            # The server's processes give up the rights of root.
            self.folder.chmod(0o755)
            shutil.chown(self.folder / "home", "mail", "mail")
        self.start()

    @property
    def certificate(self) -> Path:
        """A file with the certificate, which signs itself, for 127.0.0.1."""
        return self.folder / "both.pem"

    @property
    def mail(self) -> Path:
        """The folder of the mailbox, a maildir."""
        return self.folder / "home" / "mail"

    def start(self) -> None:
        """Start the server and wait until it listens."""
        own, group = getpass.getuser(), grp.getgrgid(os.getgid()).gr_name
        configuration = self.folder / "dovecot.conf"
        configuration.write_text(
            _SETTINGS.format(
                folder=self.folder,
                internal="dovecot" if self._is_root else own,
                internal_group="dovecot" if self._is_root else group,
                login="dovenull" if self._is_root else own,
                owner="mail" if self._is_root else own,
                group="mail" if self._is_root else group,
                imap=self.imap,
                imaps=self.imaps,
                lmtp=self.lmtp,
                more=self._settings,
            )
        )
        (self.folder / "run" / "master.pid").unlink(missing_ok=True)
        with (self.folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                [str(shutil.which("dovecot", path=_PATH)), "-F", "-c", configuration],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        process = self._process.pid
        # It ends the server when its input ends, which is when this process ends in any way.
        self._guard = subprocess.Popen(
            ["sh", "-c", f"read never; kill -9 -- -{process}; rm -rf {shlex.quote(str(self.folder))}"],
            stdin=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(lambda: all(map(is_open, (self.imap, self.imaps, self.lmtp))), self.describe, 60)

    def stop(self) -> None:
        """End the server, and with it every connection."""
        if self._process is not None and self._guard is not None:
            # A server that is asked to end leaves a client that waits its connection for ten seconds.
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._guard.kill()
            self._guard.communicate()
            self._process = None

    def remove(self) -> None:
        """End the server and remove its files."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def describe(self) -> str:
        """Return what the server has said."""
        files = (self.folder / "output", self.folder / "log")
        return "\n".join(path.read_text(errors="replace") for path in files if path.exists())

    def deliver(self, *messages: bytes) -> None:
        """Deliver messages as a mail server does."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as connection:
            for message in messages:
                connection.sendmail("sender@elsewhere.example", [USER], message)

    def write_settings(self, folder: Path, name: str = "support", **changes: str) -> Path:
        """Write a settings file with this mailbox, and its password beside it; return its path."""
        password = folder / "imap-password"
        password.write_text(PASSWORD)
        password.chmod(0o600)
        settings = {
            "imap": f"127.0.0.1:{self.imaps}",
            "user": USER,
            "password_file": str(password),
            "ca_file": str(self.certificate),
            **changes,
        }
        path = folder / "config.toml"
        lines = [f"{key} = {json.dumps(value)}\n" for key, value in settings.items()]
        path.write_text(f"[watcher.mailboxes.{name}]\n{''.join(lines)}")
        return path

    def renumber(self) -> None:
        """Give all messages of INBOX other numbers, with another UIDVALIDITY."""
        for each in ("dovecot-uidlist", "dovecot.index", "dovecot.index.log", "dovecot.index.cache"):
            (self.mail / each).unlink(missing_ok=True)

    def list_files(self, folder: str = "") -> list[Path]:
        """Return the files of the messages in INBOX, or in another folder."""
        place = self.mail / f".{folder}" if folder else self.mail
        return [
            path for name in ("new", "cur") if (place / name).exists() for path in (place / name).iterdir()
        ]

    def empty(self) -> None:
        """Delete all mail."""
        shutil.rmtree(self.mail, ignore_errors=True)

    def flag_all(self, flags: str) -> None:
        """Set flags of all messages of INBOX, as a mail program does that shares the maildir."""
        for path in self.list_files():
            path.rename(self.mail / "cur" / f"{path.name.partition(':')[0]}:2,{flags}")
