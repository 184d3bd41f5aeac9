#!/usr/bin/env python3
"""Page somebody by telephone over SIP: a command for `[watcher.methods]`, described in README.md beside it.

Reads the page as JSON from standard input, has espeak-ng speak it and baresip call the person, who acknowledges with 1
or passes the page on with 2. Prints `arrived`, `not`, `never` (do not try again), `perhaps` or `declined` and a detail;
the exit code is 0, 1, 1, 2 or 0. Uses Python's standard library only.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

ARRIVED, NOT, NEVER, PERHAPS, DECLINED = "arrived", "not", "never", "perhaps", "declined"
EXIT_CODES = {ARRIVED: 0, NOT: 1, NEVER: 1, PERHAPS: 2, DECLINED: 0}
PASSWORD = "SIP_PASSWORD"  # noqa: S105 - the name of a variable
ADDRESS = re.compile(
    r"sips?:[A-Za-z0-9+_.%-]{1,80}@(?:[A-Za-z0-9.-]{1,200}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?"
)
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,30}")
USERNAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,60}")
RATE = 8000
"""Samples per second of a telephone call."""
OPENINGS = {
    "page": "Support desk",
    "notice": "Support desk. A notice",
    "test": "Support desk. This is a test",
}
READINGS = 6
"""How often the message is read, with a pause after each."""
PAUSE = 2
"""Seconds."""
START = 20
"""Seconds that baresip may take to start, and the telephone system to know the account."""
ACKNOWLEDGE = 60
"""Seconds that supportdesk may take."""

CONFIGURATION = """\
sip_listen {listen}
audio_source aufile,{folder}/message.wav
audio_player aubridge,nil
audio_alert aubridge,nil
ausrc_srate {rate}
auplay_srate {rate}
audio_channels 1
module_path {modules}
module_tmp uuid.so
module_tmp account.so
module g711.so
module aufile.so
module aubridge.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{control}
"""


class Options(argparse.Namespace):
    """The options of this program."""

    account: str
    user: str
    password_file: Path | None
    voice: str
    ring: float
    talk: float
    listen: str
    interface: str
    modules: str
    supportdesk: str


class Event(NamedTuple):
    """Something that happened to the call: the type that baresip gives it, such as CALL_CLOSED, and its parameter."""

    kind: str
    parameter: str


def main() -> NoReturn:
    """Call about the page on standard input, and exit with the outcome."""
    options = parse_options()
    signal.signal(signal.SIGTERM, lambda *_: finish(PERHAPS, "stopped while calling"))
    page = json.load(sys.stdin.buffer)
    target = str(page["to"])
    if not ADDRESS.fullmatch(target):
        finish(NEVER, "the address is no SIP address; give it as sip:ann@pbx.example.com")
    try:
        password = read_password(options)
        with tempfile.TemporaryDirectory(prefix="page-") as name:
            folder = Path(name)
            say(folder, options.voice, messages(page))
            with baresip(folder, options, password) as telephone:
                outcome = call(telephone, target, folder, page, options)
    except (ValueError, OSError, subprocess.SubprocessError) as error:
        finish(NOT, str(error) or type(error).__name__)
    finish(*outcome)


def parse_options() -> Options:
    """Return the options that were given."""
    parser = argparse.ArgumentParser(description="Page somebody by telephone over SIP.")
    parser.add_argument("--account", required=True, help="who calls, such as sip:desk@pbx.example.com")
    parser.add_argument(
        "--user", default="", help="the account's name at the telephone system, if it is another one"
    )
    parser.add_argument(
        "--password-file", type=Path, help=f"its password, mode 0600; else the variable {PASSWORD}"
    )
    parser.add_argument("--voice", default="en-gb", help="a voice of espeak-ng")
    parser.add_argument("--ring", type=float, default=30, help="seconds to ring")
    parser.add_argument(
        "--talk", type=float, default=60, help="seconds to wait for a key once somebody answered"
    )
    parser.add_argument("--listen", default="0.0.0.0:0", help="address and port that baresip takes for SIP")
    parser.add_argument("--interface", default="", help="the network interface or address to call from")
    parser.add_argument("--modules", default="/usr/lib/baresip/modules", help="baresip's modules")
    parser.add_argument("--supportdesk", default="supportdesk", help="the program that acknowledges")
    return parser.parse_args(namespace=Options())


def finish(outcome: str, detail: str) -> NoReturn:
    """Print the outcome and exit with its code."""
    print(outcome, " ".join(detail.split()))
    sys.exit(EXIT_CODES[outcome])


def read_password(options: Options) -> str:
    """Return the account's password, empty where the telephone system asks for none.

    Raises ValueError if others than its owner may read its file, or it would end baresip's line.
    """
    file = options.password_file
    if file is None:
        password = os.environ.get(PASSWORD, "")
    elif stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise ValueError(f"others can read {file}; run: chmod 600 {file}")
    else:
        password = file.read_text(encoding="utf-8").strip()
    if re.search(r"[\s;\"<>]", password):
        raise ValueError("baresip takes no password with a space, a quotation mark, ; < or >")
    return password


def messages(page: dict[str, Any]) -> dict[str, str]:
    """Return what is spoken, by the name of its file: the page, and what follows a key."""
    reference = " ".join(str(page.get("reference", "")).replace("-", " "))
    parts = [
        OPENINGS.get(str(page.get("kind")), OPENINGS["page"]),
        page.get("severity"),
        f"ticket {reference}" if reference else "",
        page.get("company"),
        page.get("summary"),
        "Press 1 to acknowledge, 2 for the next person"
        if what_to_acknowledge(page)
        else "Press 1 to confirm",
    ]
    return {
        "message": "".join(f"{part}. " for part in parts if part),
        "acknowledged": "Thank you. It is acknowledged.",
        "failed": "The page could not be acknowledged. Please use the console.",
        "next": "The next person will be called.",
    }


def say(folder: Path, voice: str, texts: dict[str, str]) -> None:
    """Write what espeak-ng makes of each text to a file for the call; the message is read several times.

    The text goes in by standard input, without the brackets that would begin phonemes. Raises OSError where espeak-ng
    or sox is missing, SubprocessError where one fails.
    """
    for name, text in texts.items():
        spoken, sound = folder / f"{name}-spoken.wav", folder / f"{name}.wav"
        plain = re.sub(r"[\[\]<>\x00-\x1f]+", " ", text)
        _run("espeak-ng", "-v", voice, "-s", "150", "-w", str(spoken), "--stdin", text=plain)
        repeated = ["pad", "0", str(PAUSE), "repeat", str(READINGS - 1)] if name == "message" else []
        _run("sox", str(spoken), "-r", str(RATE), "-c", "1", "-b", "16", str(sound), *repeated)


def _run(*command: str, text: str = "") -> None:
    subprocess.run(command, input=text.encode(), check=True, capture_output=True, timeout=20)


class Telephone:
    """A running baresip that is told what to do, and tells what happens, over its control port (netstrings of JSON)."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._received = b""

    def tell(self, command: str, parameter: str = "") -> None:
        """Give baresip a command."""
        text = json.dumps({"command": command, "params": parameter}).encode()
        self._connection.sendall(b"%d:%s," % (len(text), text))

    def wait(self, seconds: float, *kinds: str) -> Event | None:
        """Return the next event of one of these kinds; None if there is none in time.

        Raises OSError if baresip ended.
        """
        ends = time.monotonic() + seconds
        while True:
            while (event := self._next()) is not None:
                if event.kind in kinds:
                    return event
            left = ends - time.monotonic()
            if left <= 0:
                return None
            self._connection.settimeout(left)
            try:
                data = self._connection.recv(65536)
            except TimeoutError:
                return None
            if not data:
                raise OSError("baresip ended")
            self._received += data

    def _next(self) -> Event | None:
        length, colon, rest = self._received.partition(b":")
        if not colon or len(rest) <= int(length):
            return None
        self._received = rest[int(length) + 1 :]
        document = json.loads(rest[: int(length)])
        return Event(str(document.get("type", "")), str(document.get("param", "")))


@contextmanager
def baresip(folder: Path, options: Options, password: str) -> Iterator[Telephone]:
    """A baresip with a configuration of its own and no sound card, ended with the block. Raises OSError."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        control = free.getsockname()[1]
    lines = CONFIGURATION.format(
        folder=folder, rate=RATE, listen=options.listen, modules=options.modules, control=control
    )
    if options.interface:
        lines += f"net_interface {options.interface}\n"
    for name, text in {"config": lines, "accounts": "", "contacts": ""}.items():
        (folder / name).write_text(text, encoding="utf-8")
    nothing = subprocess.DEVNULL
    running = subprocess.Popen(["baresip", "-f", str(folder)], stdin=nothing, stdout=nothing, stderr=nothing)
    try:
        with _connect(control, running) as connection:
            telephone = Telephone(connection)
            _add_account(telephone, options, password)
            yield telephone
    finally:
        running.terminate()
        try:
            running.wait(3)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _connect(control: int, running: subprocess.Popen[bytes]) -> socket.socket:
    ends = time.monotonic() + START
    while running.poll() is None and time.monotonic() < ends:
        try:
            return socket.create_connection(("127.0.0.1", control), timeout=START)
        except OSError:
            time.sleep(0.05)
    raise OSError("baresip did not start; are its modules g711, aufile, aubridge and ctrl_tcp installed?")


def _add_account(telephone: Telephone, options: Options, password: str) -> None:
    """Let baresip call from the account; the password is in no file that could outlive a killed program.

    With a password it is registered: telephone systems take calls only from those they know. Raises OSError.
    """
    user = f";auth_user={options.user}" if options.user else ""
    if not password:
        telephone.tell("uanew", f"<{options.account}>;regint=0{user}")
        return
    telephone.tell("uanew", f"<{options.account}>;regint=3600{user};auth_pass={password}")
    registered = telephone.wait(START, "REGISTER_OK", "REGISTER_FAIL")
    if registered is None or registered.kind == "REGISTER_FAIL":
        raise OSError(
            f"the telephone system refuses the account: {registered.parameter if registered else 'no answer'}"
        )


def call(
    telephone: Telephone, target: str, folder: Path, page: dict[str, Any], options: Options
) -> tuple[str, str]:
    """Call the person and wait for a key; return the outcome and a detail.

    Nobody answered: not. 2 was pressed: declined. Answered, but no key was pressed: perhaps, since it may be an
    answering machine.
    """
    telephone.tell("dial", target)
    answered = telephone.wait(options.ring, "CALL_ESTABLISHED", "CALL_CLOSED")
    if answered is None:
        telephone.tell("hangup")
        return NOT, f"nobody answered in {options.ring:g} s"
    if answered.kind == "CALL_CLOSED":
        return NOT, f"the call was not answered: {answered.parameter}"
    try:
        return _take_key(telephone, folder, page, options)
    except OSError as error:
        return PERHAPS, f"the call was answered and broke off: {error}"


def _take_key(telephone: Telephone, folder: Path, page: dict[str, Any], options: Options) -> tuple[str, str]:
    ends = time.monotonic() + options.talk
    while (left := ends - time.monotonic()) > 0:
        event = telephone.wait(left, "CALL_DTMF_START", "CALL_CLOSED")
        if event is None:
            break
        if event.kind == "CALL_CLOSED":
            return PERHAPS, "somebody answered and hung up without pressing a key"
        if event.parameter == "1":
            refused = acknowledge(page, options.supportdesk)
            _answer(telephone, folder, "failed" if refused else "acknowledged")
            return ARRIVED, f"1 was pressed, but {refused}" if refused else "acknowledged with 1"
        if event.parameter == "2":
            _answer(telephone, folder, "next")
            return DECLINED, "2 was pressed: the next person, please"
    telephone.tell("hangup")
    return PERHAPS, f"somebody answered and pressed no key in {options.talk:g} s"


def what_to_acknowledge(page: dict[str, Any]) -> str | None:
    """Return what `supportdesk acknowledge` is given: a reference or `--test`; None where there is nothing for it."""
    reference = str(page.get("reference", ""))
    if not USERNAME.fullmatch(str(page.get("username", ""))):
        return None
    if page.get("kind") == "test":
        return "--test"
    return reference if page.get("kind") == "page" and REFERENCE.fullmatch(reference) else None


def acknowledge(page: dict[str, Any], program: str) -> str:
    """Acknowledge the page for the person called; return why that was refused, empty if it was not.

    What cannot be acknowledged, such as a notice, is only confirmed.
    """
    what = what_to_acknowledge(page)
    if what is None:
        return ""
    command = [program, "--as", str(page["username"]), "acknowledge", what]
    try:
        ran = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            timeout=ACKNOWLEDGE,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError) as error:
        return str(error)
    return "" if ran.returncode == 0 else ran.stderr.strip() or f"supportdesk failed with {ran.returncode}"


def _answer(telephone: Telephone, folder: Path, name: str) -> None:
    """Speak what follows a key, and hang up."""
    file = folder / f"{name}.wav"
    with wave.open(str(file)) as sound:
        seconds = sound.getnframes() / sound.getframerate()
    telephone.tell("ausrc", f"aufile,{file}")
    telephone.wait(seconds, "CALL_CLOSED")
    telephone.tell("hangup")
    telephone.wait(1, "CALL_CLOSED")


if __name__ == "__main__":
    main()
