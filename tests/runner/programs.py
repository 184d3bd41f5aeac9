"""Programs that some tests need, and how they are installed."""

import os
import shutil
import subprocess
from collections.abc import Mapping

from tests.runner import say

POSTGRES = "/usr/lib/postgresql/15/bin/postgres"
PROGRAMS = {
    "/usr/bin/prometheus-alertmanager": "prometheus-alertmanager",
    "/usr/lib/kannel/test/fakesmsc": "kannel-extras",
    "/usr/sbin/bearerbox": "kannel",
    "/usr/lib/dovecot/imap": "dovecot-imapd",
    "/usr/lib/dovecot/lmtp": "dovecot-lmtpd",
    "/usr/lib/dovecot/modules/lib90_sieve_plugin.so": "dovecot-sieve",
    "baresip": "baresip-core",
    "espeak-ng": "espeak-ng",
    "faketime": "faketime",
    "sox": "sox",
    "openssl": "openssl",
    "pgbouncer": "pgbouncer",
    "/usr/lib/postfix/sbin/master": "postfix",
    POSTGRES: "postgresql",
    "tmux": "tmux",
}
"""Programs that some tests need, and Debian's package for each."""

LONG_PROGRAMS = {"etcd": "etcd-server", "patroni": "patroni"}
"""What only the long tests need."""

_ANSWERS = "postfix postfix/main_mailer_type select No configuration\n"
"""The answers to what Debian's packages ask: no mail server of the machine's own is set up or started."""


def install_programs(programs: Mapping[str, str]) -> None:
    """Install the programs that are missing, as root where there is apt-get; tests that lack one are skipped."""
    missing = [package for program, package in programs.items() if not shutil.which(program)]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        say("programs", f"{', '.join(missing)} missing: the tests that need it are skipped")
        return
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    steps = (
        ["debconf-set-selections"],
        ["apt-get", "update", "-qq"],
        # Without `--no-remove`, postfix would replace another mail server that the machine has.
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "--no-remove", *missing],
    )
    done = all(
        subprocess.run(
            step, check=False, env=quiet, input=_ANSWERS, text=True, stdout=subprocess.DEVNULL
        ).returncode
        == 0
        for step in steps
    )
    say("programs", f"{', '.join(missing)} {'installed' if done else 'could not be installed'}")
