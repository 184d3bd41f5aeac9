#!/usr/bin/env python3
"""Send a page as an SMS by a kannel gateway: a command for `[watcher.methods]`, described in README.md beside it.

Reads the page as JSON from standard input, and prints `arrived`, `not`, `never` or `perhaps` and a detail.
Uses Python's standard library only.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import stat
import sys
from pathlib import Path
from typing import NamedTuple, NoReturn
from urllib.parse import urlsplit

ARRIVED, NOT, NEVER, PERHAPS = "arrived", "not", "never", "perhaps"
EXIT_CODES = {ARRIVED: 0, NOT: 1, NEVER: 1, PERHAPS: 2}
ACCEPTED = 202
TIMEOUT = 12
"""How many seconds the gateway has to answer."""
PASSWORD = "SMS_PASSWORD"  # noqa: S105 - the name of a variable
NUMBER = re.compile(r"\+?[0-9]{5,15}")
GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€"
)
"""The characters that an SMS of 160 can hold; any other makes it one of 70."""


class Gateway(NamedTuple):
    """The `sendsms` address of a gateway, and the user that sends."""

    url: str
    user: str
    password: str


def main() -> NoReturn:
    """Send the page on standard input, and exit with the outcome."""
    parser = argparse.ArgumentParser(description="Send a page as an SMS by a kannel gateway.")
    parser.add_argument(
        "--url", default="http://127.0.0.1:13013/cgi-bin/sendsms", help="kannel's sendsms address"
    )
    parser.add_argument("--user", default="supportdesk", help="the sendsms-user of kannel.conf")
    parser.add_argument(
        "--password-file", type=Path, help=f"its password, mode 0600; else the variable {PASSWORD}"
    )
    options = parser.parse_args()
    page = json.load(sys.stdin.buffer)
    try:
        number = read_number(str(page["to"]))
    except ValueError as error:
        finish(NEVER, str(error))
    try:
        gateway = Gateway(options.url, options.user, read_password(options.password_file))
    except (ValueError, OSError) as error:
        finish(NOT, str(error))
    finish(*send(gateway, number, str(page["short"])))


def finish(outcome: str, detail: str) -> NoReturn:
    """Print the outcome and exit with its code."""
    print(outcome, " ".join(detail.split()))
    sys.exit(EXIT_CODES[outcome])


def read_number(target: str) -> str:
    """Return a telephone number as kannel expects it. Raises ValueError for anything else.

    Kannel takes a space for the start of a second number, and would send to both.
    """
    number = re.sub(r"[ ().-]", "", target)
    if not NUMBER.fullmatch(number):
        raise ValueError("the address is no telephone number; give it as +441632960001")
    return number


def read_password(file: Path | None) -> str:
    """Return the password. Raises ValueError if there is none, or if others than its owner may read its file."""
    if file is None:
        password = os.environ.get(PASSWORD, "")
    elif stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise ValueError(f"others can read {file}; run: chmod 600 {file}")
    else:
        password = file.read_text(encoding="utf-8").strip()
    if not password:
        raise ValueError(f"there is no password; set {PASSWORD} or --password-file")
    return password


def send(gateway: Gateway, number: str, text: str) -> tuple[str, str]:
    """Send one SMS; return the outcome and what the gateway said.

    Kannel's headers take the place of its query parameters, so that no password is in an address that is logged.
    """
    line = " ".join(text.split())
    headers = {
        "X-Kannel-Username": gateway.user,
        "X-Kannel-Password": gateway.password,
        "X-Kannel-To": number,
        "X-Kannel-Coding": "0" if GSM.issuperset(line) else "2",
        "Content-Type": "text/plain; charset=UTF-8",
    }
    address = urlsplit(gateway.url)
    kind = http.client.HTTPSConnection if address.scheme == "https" else http.client.HTTPConnection
    connection = kind(address.hostname or "", address.port, timeout=TIMEOUT)
    try:
        connection.connect()
    except OSError as error:
        return NOT, f"the gateway cannot be reached: {error}"
    try:
        connection.request("POST", address.path, line.encode(), headers)
        response = connection.getresponse()
        return judge(response.status, response.read(300).decode(errors="replace"))
    except (OSError, http.client.HTTPException) as error:
        return (
            PERHAPS,
            f"the gateway was given the message and did not answer: {error or type(error).__name__}",
        )
    finally:
        connection.close()


def judge(status: int, said: str) -> tuple[str, str]:
    """Return what an answer of the gateway means: "0: Accepted", "3: Queued for later", or an error."""
    if status == ACCEPTED and said.startswith("0"):
        return ARRIVED, f"the gateway has it: {said}"
    if status == ACCEPTED:
        return PERHAPS, f"the gateway sends it once the operator can be reached: {said}"
    return NOT, f"the gateway refused it: {status} {said}"


if __name__ == "__main__":
    main()
