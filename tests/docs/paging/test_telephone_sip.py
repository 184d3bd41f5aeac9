"""The telephone example: a real baresip calls another one on this machine, and espeak-ng speaks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from supportdesk.clock import FixedClock, SystemClock
from tests.cli.prompt import Prompt
from tests.databases import address_at
from tests.docs.paging.programs import EXAMPLES, Answer, make_page, needs, run_example
from tests.docs.paging.registrar import registrar
from tests.docs.paging.telephone import CalledTelephone, called_telephone, likeness, loudness

SCRIPT = EXAMPLES / "telephone-sip" / "call.py"
SPOKEN = (
    "Support desk. Critical. ticket C D 4 C B 1 X. Acme. All is down. "
    "Press 1 to acknowledge, 2 for the next person. "
)

pytestmark = [needs("baresip", "espeak-ng", "sox"), pytest.mark.long]

Call = Callable[..., Future[Answer]]


@pytest.fixture(autouse=True)
def _who_speaks_fast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have espeak-ng speak twice as fast as it is told to."""
    program = shutil.which("espeak-ng")
    folder = tmp_path / "fast"
    folder.mkdir()
    fast = folder / "espeak-ng"
    fast.write_text(f'#!/bin/bash\nexec {program} "${{@/#150/300}}"\n')
    fast.chmod(0o700)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.fixture
def called(tmp_path: Path) -> Iterator[CalledTelephone]:
    """The telephone of the person who is paged."""
    with called_telephone(tmp_path / "called") as telephone:
        yield telephone


@pytest.fixture
def call(called: CalledTelephone) -> Iterator[Call]:
    """Has the example's command call that person, beside the test."""
    with ThreadPoolExecutor(1) as pool:

        def start(*options: str, **page: str) -> Future[Answer]:
            usual = ["--account", "sip:desk@127.0.0.1", "--listen", "127.0.0.1:0", "--interface", "127.0.0.1"]
            return pool.submit(
                run_example,
                SCRIPT,
                make_page(called.address, **page),
                *usual,
                "--supportdesk",
                "/bin/false",
                *options,
            )

        yield start


def speak(text: str, file: Path) -> list[int]:
    """Return the loudness of a text that espeak-ng speaks."""
    raw = file.with_suffix(".raw.wav")
    command = ["espeak-ng", "-v", "en-gb", "-s", "150", "-w", str(raw), "--stdin"]
    subprocess.run(command, input=text.encode(), check=True)
    subprocess.run(["sox", raw, "-r", "8000", "-c", "1", "-b", "16", file], check=True)
    return loudness(file)


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The command line of a desk of its own, as one program."""
    file = tmp_path / "supportdesk"
    file.write_text(
        f'#!/bin/sh\nexec {sys.executable} -m supportdesk --db {address_at(tmp_path / "desk.db")} "$@"\n'
    )
    file.chmod(0o700)
    return file


@pytest.fixture
def ann(tmp_path: Path, program: Path) -> Prompt:
    """Ann, who is paged for a Critical."""
    ann = Prompt(address_at(tmp_path / "desk.db"), "ann", FixedClock(SystemClock().now()))
    for line in (
        ["init"],
        [
            "staff",
            "change",
            "ann",
            "--role",
            "administrator",
            "--role",
            "supervisor",
            "--rung",
            "support-manager",
        ],
        ["organisation", "add", "Acme Ltd"],
        ["contact", "add", "Jo Park", "--organisation", "Acme Ltd", "--email", "jo@acme.example"],
    ):
        ann.done(*line)
    return ann


def test_the_person_hears_the_page_and_acknowledges_it_with_1(
    ann: Prompt, program: Path, called: CalledTelephone, call: Call, tmp_path: Path
) -> None:
    ref = ann.log("critical", channel="hotline", summary="All is down")
    assert ann.ticket(ref)["page_open"]
    answer = call("--supportdesk", str(program), reference=ref)
    called.answer()
    called.do("sndcode", "1")
    assert answer.result() == (0, "arrived", "acknowledged with 1")
    assert not ann.ticket(ref)["page_open"]
    # ... and is told so.
    thanks = speak("Thank you. It is acknowledged.", tmp_path / "thanks.wav")
    called.wait_for("CALL_CLOSED")
    assert likeness(called.heard(), thanks) > 0.9


def test_reference_severity_company_and_summary_are_spoken(
    called: CalledTelephone, call: Call, tmp_path: Path
) -> None:
    answer = call()
    spoken = speak(SPOKEN, tmp_path / "spoken.wav")
    other = speak(SPOKEN.replace("4 C B 1 X", "9 F F 7 K"), tmp_path / "other.wav")
    called.answer()
    called.wait_until_heard(len(spoken) / 50 + 1)
    called.do("sndcode", "2")
    assert answer.result() == (0, "declined", "2 was pressed: the next person, please")
    assert likeness(called.heard(), spoken) > 0.9
    assert likeness(called.heard(), other) < 0.8


def test_a_page_that_the_desk_does_not_take_has_arrived_and_says_why(
    called: CalledTelephone, call: Call
) -> None:
    answer = call("--supportdesk", "/bin/false")
    called.answer()
    called.do("sndcode", "1")
    assert answer.result()[:2] == (0, "arrived")
    assert answer.result().detail == "1 was pressed, but supportdesk failed with 1"


def test_who_answers_and_presses_no_key_has_perhaps_got_the_page(called: CalledTelephone, call: Call) -> None:
    answer = call()
    called.answer()
    called.do("hangup")
    assert answer.result()[:2] == (2, "perhaps")
    answer = call("--talk", "1")
    called.answer()
    assert answer.result() == (2, "perhaps", "somebody answered and pressed no key in 1 s")


def test_who_does_not_answer_has_not_got_the_page(called: CalledTelephone, call: Call) -> None:
    answer = call("--ring", "1")
    called.wait_for("CALL_INCOMING")
    assert answer.result() == (1, "not", "nobody answered in 1 s")
    answer = call()
    called.wait_for("CALL_INCOMING")
    called.do("hangup")
    assert answer.result()[:2] == (1, "not")
    assert "486" in answer.result().detail


def test_what_customers_wrote_is_spoken_and_never_obeyed(
    called: CalledTelephone, call: Call, tmp_path: Path
) -> None:
    victim = tmp_path / "victim.wav"
    answer = call(summary=f"-w {victim} --help [[x]] <speak> $(id)\n/quit\r\nmodule_app x.so {'long ' * 50}")
    called.answer()
    called.wait_until_heard(1)
    called.do("sndcode", "2")
    assert answer.result().outcome == "declined"
    assert max(called.heard()) > 500
    assert not victim.exists()


@pytest.mark.parametrize(
    "target", ["", "+441632960001", "sip:a@b\n/quit", "sip:a@b>;x", "sip:a b@c", "sip:a@b /hangup"]
)
def test_only_one_sip_address_is_called(target: str) -> None:
    answer = run_example(SCRIPT, make_page(target), "--account", "sip:desk@127.0.0.1")
    assert answer[:2] == (1, "never")
    assert "no SIP address" in answer.detail


def test_a_password_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("secret")
    secret.chmod(0o644)
    page = make_page("sip:ann@127.0.0.1:9")
    answer = run_example(SCRIPT, page, "--account", "sip:desk@127.0.0.1", "--password-file", str(secret))
    assert answer[:2] == (1, "not")
    assert "chmod 600" in answer.detail


def test_no_file_of_a_call_stays_behind_or_has_the_password(
    called: CalledTelephone, call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "files").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "files"))
    monkeypatch.setenv("SIP_PASSWORD", "open-sesame")
    with registrar("desk", "open-sesame") as system:
        answer = call("--account", f"sip:desk@127.0.0.1:{system.port}")
        called.wait_for("CALL_INCOMING")
    (folder,) = (tmp_path / "files").iterdir()
    assert folder.stat().st_mode & 0o077 == 0
    assert "open-sesame" not in "".join(file.read_text(errors="replace") for file in folder.iterdir())
    called.do("hangup")
    answer.result()
    assert not [*(tmp_path / "files").iterdir()]


def test_a_test_page_is_acknowledged_with_1_and_a_notice_only_confirmed(
    called: CalledTelephone, call: Call, tmp_path: Path
) -> None:
    program, arguments = tmp_path / "supportdesk", tmp_path / "arguments"
    program.write_text(f'#!/bin/sh\necho "$@" >> {arguments}\n')
    program.chmod(0o700)
    for kind in ("test", "notice"):
        answer = call("--supportdesk", str(program), kind=kind, reference="")
        called.answer()
        called.do("sndcode", "1")
        assert answer.result()[:2] == (0, "arrived")
        called.wait_for("CALL_CLOSED")
    assert arguments.read_text() == "--as ann acknowledge --test\n"


def test_with_a_password_the_account_is_registered_first(
    called: CalledTelephone, call: Call, tmp_path: Path
) -> None:
    secret = tmp_path / "password"
    secret.write_text("open-sesame\n")
    secret.chmod(0o600)
    with registrar("desk", "open-sesame") as system:
        account = ("--account", f"sip:desk@127.0.0.1:{system.port}", "--password-file", str(secret))
        answer = call(*account)
        called.wait_for("CALL_INCOMING")
        called.do("hangup")
        assert answer.result()[:2] == (1, "not")
        assert system.attempts[0]


def test_an_account_that_is_refused_calls_nobody(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIP_PASSWORD", "wrong")
    with registrar("desk", "open-sesame") as system:
        answer = call("--account", f"sip:desk@127.0.0.1:{system.port}").result()
        assert answer[:2] == (1, "not")
        assert "the telephone system refuses the account: 403" in answer.detail
        assert "wrong" not in answer.detail
        assert not any(system.attempts)
