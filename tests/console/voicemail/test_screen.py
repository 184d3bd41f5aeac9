"""The dialog of a voicemail plays it, and settles it in one moment with its ticket."""

from __future__ import annotations

import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest
from textual.widgets import Input, TextArea

from supportdesk.console.calls.read_back import ReadBackScreen
from supportdesk.console.calls.severity_wizard import SeverityWizard
from supportdesk.console.dialogs.confirm import Confirm
from supportdesk.console.dialogs.help_screen import HelpScreen
from supportdesk.console.forms.search_field import SearchField
from supportdesk.console.forms.text_fields import LineField
from supportdesk.console.intake.screen import IntakeScreen
from supportdesk.console.intake.ticket_dialog import TicketDialog
from supportdesk.console.voicemail import screen
from supportdesk.console.voicemail.addition_form import VoicemailAdditionForm
from supportdesk.console.voicemail.dismissal_form import DismissalForm
from supportdesk.console.voicemail.log_form import VoicemailLogForm
from supportdesk.console.voicemail.screen import VoicemailScreen
from supportdesk.desk import Desk
from supportdesk.settings.files import SettingsFiles
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.incoming_message import IncomingMessage, MessageState
from supportdesk.tickets.records.incoming_commands import SettleMessage
from supportdesk.tickets.records.voicemail_commands import MarkHeard
from supportdesk.tickets.voicemail import Voicemail
from tests.console.harness.console import Running, shown_keys
from tests.console.harness.dialog import words
from tests.console.voicemail.voicemails import (
    RECORDING,
    console,
    dialog,
    group,
    opened,
    status,
    voicemail,
    waited,
    waiting,
)
from tests.event_loop import Gate
from tests.store.desks import address_of, done, refused, verified

REPORT = """
import os, sys, time
path = sys.argv[-1]
with open({report!r}, "w") as report:
    print(path, oct(os.stat(path).st_mode & 0o777), open(path, "rb").read(), file=report)
print("this would be on the screen", flush=True)
{more}
"""


@pytest.fixture(autouse=True)
def silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test makes a sound: no player is installed."""
    monkeypatch.setattr("shutil.which", lambda _name: None)


def playing(folder: Path, more: str = "") -> SettingsFiles:
    """Settings with a player that reports what it is given."""
    files = SettingsFiles(folder / "settings", folder / "state")
    files.config.parent.mkdir(parents=True, exist_ok=True)
    program = folder / "player.py"
    program.write_text(REPORT.format(report=str(folder / "report"), more=more))
    files.config.write_text(f"[voicemail]\nplay = [{sys.executable!r}, {str(program)!r}]\n")
    return files


def stored(desk: Desk, key: str) -> IncomingMessage:
    message = desk.incoming_message(key)
    assert message is not None
    return message


def is_there(path: str) -> bool:
    return Path(path).exists()


async def press(it: Running, key: str, form: type) -> None:
    """Press a key of the dialog, and wait until its form is open."""
    await it.pilot.press(key)
    await it.until(lambda: isinstance(it.app.screen, form))
    await it.pilot.pause()


async def test_enter_plays_the_recording_from_a_private_file_and_records_that_it_was_heard(
    tmp_path: Path,
) -> None:
    with closing(waited(tmp_path)) as desk:
        first = waiting(desk)[0]
        async with console(address_of(desk), files=playing(tmp_path)) as it:
            await opened(it)
            await it.until(lambda: stored(desk, first.key).state is MessageState.HEARD)
            path, mode, content = (tmp_path / "report").read_text().split(" ", 2)
            assert (mode, content.strip()) == ("0o600", repr(RECORDING + b"5"))
            assert path.endswith(".wav")
            assert not is_there(path)
            await it.until(lambda: "Played. enter plays it again." in status(it))
            await it.until(lambda: "heard, by Ann" in words(it.pilot))
            (tmp_path / "report").unlink()
            await it.pilot.press("p")
            await it.until((tmp_path / "report").exists)
            await it.until(lambda: "Played." in status(it))
            await it.press("escape")
            await it.until(lambda: group(it)[0] == "VOICEMAIL, NOT HEARD YET 2 · 2 more to decide")


class EndlessPlayback:
    """Plays until it is stopped."""

    name = "player"

    def __init__(self, *_: object) -> None:
        self._gate = Gate()
        running.append(self)

    def try_run(self) -> str:
        self._gate.wait()
        return ""

    def stop(self) -> None:
        self._gate.open()
        if self in running:
            running.remove(self)


running: list[EndlessPlayback] = []


async def test_what_plays_is_stopped_by_a_key_and_when_the_dialog_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "find_player", EndlessPlayback)
    with closing(waited(tmp_path)) as desk:
        async with console(address_of(desk), files=playing(tmp_path)) as it:
            await opened(it)
            await it.until(lambda: len(running) == 1)
            assert "Playing with" in status(it)
            await it.pilot.press("s")
            await it.until(lambda: "heard, by Ann" in words(it.pilot))
            assert not running
            await it.pilot.press("enter")
            await it.until(lambda: len(running) == 1)
            await it.pilot.press("escape")
            await it.until(lambda: not running)


async def test_a_player_that_fails_is_said_in_words_and_nobody_has_heard_it(tmp_path: Path) -> None:
    with closing(waited(tmp_path)) as desk:
        first = waiting(desk)[0]
        files = playing(tmp_path, 'sys.exit("no \\x1b[2Jsound card [/oops]")')
        async with console(address_of(desk), files=files) as it:
            await opened(it)
            await it.until(lambda: "ended with exit code 1: no sound card [/oops]." in status(it))
            assert "w saves the recording as a file." in status(it)
            assert stored(desk, first.key).state is MessageState.NOT_HEARD


async def test_without_a_player_the_recording_is_saved_as_a_new_private_file(tmp_path: Path) -> None:
    with closing(waited(tmp_path)) as desk:
        first, path = waiting(desk)[0], tmp_path / "saved.wav"
        path.write_text("mine")
        async with console(address_of(desk)) as it:
            await opened(it)
            await it.until(lambda: "No player is installed: install mpv" in status(it))
            for expected in ("File exists", "Saved as"):
                await it.pilot.press("w")
                await it.until(lambda: bool(it.app.screen.query(LineField)))
                it.app.screen.query_one(Input).value = str(path)
                await it.pilot.press("enter")
                await it.until(lambda: expected in status(it))  # noqa: B023 - it is waited for here
                if expected == "File exists":
                    assert path.read_text() == "mine"
                    path.unlink()
            assert path.read_bytes() == RECORDING + b"5"
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
            await it.until(lambda: stored(desk, first.key).state is MessageState.HEARD)


async def test_a_ticket_is_logged_for_it_with_the_caller_and_the_time(tmp_path: Path) -> None:
    with closing(waited(tmp_path)) as desk:
        first = waiting(desk)[0]
        async with console(address_of(desk)) as it:
            await opened(it)
            await press(it, "n", VoicemailLogForm)
            form = it.app.screen
            assert form.query_one("#organisation", SearchField).value == "acme"
            assert form.query_one("#contact", SearchField).value == "jo"
            assert "The voicemail of Jo Park, Acme Ltd is settled with this ticket." in words(it.pilot)
            form.query_one("#summary Input", Input).value = "The server is down"
            form.query_one(SeverityWizard).questions.choose("high")
            await it.pilot.pause()
            await it.pilot.press("f2")
            await it.until(lambda: isinstance(it.app.screen, ReadBackScreen))
            await it.pilot.press("enter")
            await it.until(lambda: it.app.screen is it.screen)
            message = stored(desk, first.key)
            assert (message.state, message.contact, message.decided_by) == (MessageState.TICKET, "jo", "ann")
            assert message.ref is not None
            view = desk.ticket(message.ref)
            assert (view.ticket.received_at, view.row.channel) == (first.received_at, "voicemail")
            await it.until(lambda: len(group(it)) == 4)
        assert verified(desk).is_intact


async def test_what_the_caller_said_is_added_to_a_ticket(tmp_path: Path) -> None:
    with closing(waited(tmp_path)) as desk:
        first, ref = waiting(desk)[0], desk.queue().rows[0].ref
        async with console(address_of(desk)) as it:
            await opened(it)
            await press(it, "a", TicketDialog)
            await it.pilot.press(*ref.lower(), "enter")
            await it.until(lambda: isinstance(it.app.screen, VoicemailAdditionForm))
            it.app.screen.query_one(TextArea).text = "It is down again."
            await it.pilot.pause()
            await it.pilot.press("f2")
            await it.until(lambda: it.app.screen is it.screen)
            message = stored(desk, first.key)
            assert (message.state, message.ref) == (MessageState.MESSAGE, ref)
            sentences = [line.sentence for line in desk.ticket(ref).timeline]
            assert any("Jo Park said by voicemail" in each for each in sentences), sentences
        assert verified(desk).is_intact


async def test_whoever_withholds_their_number_is_an_unknown_caller(tmp_path: Path) -> None:
    with closing(waited(tmp_path)) as desk:
        async with console(address_of(desk)) as it:
            await opened(it, 2)
            await press(it, "a", TicketDialog)
            assert "The voicemail of an unknown caller" in words(it.pilot)
            await it.pilot.press(*"4c00w", "enter")
            await it.until(lambda: isinstance(it.app.screen, VoicemailAdditionForm))
            await it.until(lambda: "Add what an unknown caller said" in words(it.pilot))


async def test_one_to_which_nobody_has_listened_is_dismissed_after_a_question_only(tmp_path: Path) -> None:
    with closing(waited(tmp_path)) as desk:
        unheard = waiting(desk)[0]
        async with console(address_of(desk)) as it:
            await opened(it)
            await press(it, "x", DismissalForm)
            await it.pilot.press(*"advertising", "enter")
            await it.until(lambda: isinstance(it.app.screen, Confirm))
            assert "Dismiss it although nobody has listened to it?" in words(it.pilot)
            await it.pilot.press("enter")
            await it.until(lambda: isinstance(it.app.screen, DismissalForm))
            assert stored(desk, unheard.key).state is MessageState.NOT_HEARD
            # A colleague listens to it meanwhile: nothing is left to ask.
            done(desk, MarkHeard(unheard.key), by="sam")
            await it.pilot.press("f2")
            await it.until(lambda: it.app.screen is it.screen)
            assert stored(desk, unheard.key).state is MessageState.DISMISSED


async def test_the_help_shows_the_keys_of_the_dialog(tmp_path: Path) -> None:
    with closing(waited(tmp_path)) as desk:
        async with console(address_of(desk)) as it:
            await opened(it)
            await it.pilot.press("question_mark")
            await it.until(lambda: isinstance(it.app.screen, HelpScreen))
            keys = shown_keys(it)
            assert "Dismiss it, with a reason" in keys
            assert "Leave a dialog" in keys
            await it.pilot.press("escape")
            await it.until(lambda: isinstance(it.app.screen, VoicemailScreen))


async def test_from_the_intake_a_voicemail_leads_back_to_the_intake(tmp_path: Path) -> None:
    with closing(waited(tmp_path)) as desk:
        async with console(address_of(desk)) as it:
            await it.pilot.press("Q", "shift+tab")
            await it.until(lambda: isinstance(it.app.screen, IntakeScreen) and it.app.screen.is_read)
            intake = it.app.screen
            assert isinstance(intake, IntakeScreen)
            await it.until(lambda: len(intake.listed) == len(waiting(desk)))
            await it.pilot.press("down", "enter")
            await it.until(lambda: isinstance(it.app.screen, VoicemailScreen))
            await it.until(lambda: dialog(it).opened is not None)
            await it.pilot.press("escape")
            await it.until(lambda: it.app.screen is intake)
            chosen = intake.selected
            assert chosen is not None
            assert (intake.wanted.view.name, chosen.key) == ("Voicemail", intake.listed[1].key)


async def test_a_missed_call_is_dismissed_with_a_reason(tmp_path: Path) -> None:
    with closing(waited(tmp_path)) as desk:
        call = waiting(desk)[3]
        async with console(address_of(desk)) as it:
            await opened(it, 3)
            assert "Missed call" in words(it.pilot)
            await it.pilot.press("enter")
            await it.until(lambda: "There is no recording to play." in status(it))
            assert "Called" in words(it.pilot)
            await press(it, "x", DismissalForm)
            assert "The missed call of +44 20 7946 0021" in words(it.pilot)
            await it.pilot.press(*"called back", "enter")
            await it.until(lambda: it.app.screen is it.screen)
            message = stored(desk, call.key)
            assert (message.state, message.reason) == (MessageState.DISMISSED, "called back")
            assert "The missed call is dismissed." in it.foot
            assert it.screen.voicemails.has_focus


async def test_what_a_colleague_settled_meanwhile_is_said_and_not_settled_again(tmp_path: Path) -> None:
    with closing(waited(tmp_path)) as desk:
        first, second = waiting(desk)[:2]
        async with console(address_of(desk)) as it:
            await opened(it)
            done(desk, SettleMessage(first.key, "dismissed", reason="called back"), by="sam")
            said = "It is recorded as dismissed already, by Sam (called back)."
            await it.until(lambda: said in status(it))
            await it.pilot.press("n")
            await it.pilot.pause()
            assert isinstance(it.app.screen, VoicemailScreen)
            await it.press("escape")
            await it.until(lambda: len(group(it)) == 4)
            await opened(it)
            await press(it, "x", DismissalForm)
            await it.pilot.press(*"called back")
            done(desk, SettleMessage(second.key, "dismissed", reason="a wrong number"), by="sam")
            # The form says so before it is sent.
            await it.until(lambda: "dismissed already, by Sam (a wrong number)" in words(it.pilot))
            assert isinstance(it.app.screen, DismissalForm)
            await it.pilot.press("enter")
            await it.until(lambda: "that is final" in words(it.pilot))
            assert stored(desk, second.key).decided_by == "sam"
            await it.pilot.press("escape")
            await it.until(lambda: isinstance(it.app.screen, VoicemailScreen))
            assert "dismissed, by Sam at 09:42 GMT" in words(it.pilot)


async def test_one_that_cannot_be_read_is_opened_from_the_intake_and_dismissed(tmp_path: Path) -> None:
    with closing(waited(tmp_path)) as desk:
        broken = voicemail(
            40, MessageState.SET_ASIDE, reason="It is no whole WAV file.", voicemail=Voicemail()
        )
        done(desk, broken, by=INTAKE.key)
        [message] = desk.incoming_messages(states=(MessageState.SET_ASIDE,))
        assert "dismiss a voicemail" in refused(
            desk, SettleMessage(message.key, MessageState.REFUSED, reason="noise"), by="ann"
        )
        async with console(address_of(desk)) as it:
            await it.pilot.press("Q")
            await it.until(
                lambda: isinstance(it.app.screen, IntakeScreen) and it.app.screen.selected is not None
            )
            intake = it.app.screen
            assert isinstance(intake, IntakeScreen)
            await it.until(lambda: "enter plays and settles it" in words(it.pilot))
            for key in ("n", "a", "e", "x"):
                await it.pilot.press(key)
                await it.until(lambda: intake.foot.message.startswith("This is a voicemail: enter opens it"))
                await it.pilot.press("escape")
            await it.pilot.press("enter")
            await it.until(lambda: isinstance(it.app.screen, VoicemailScreen))
            await it.until(lambda: "set aside: It is no whole WAV file." in words(it.pilot))
            await press(it, "x", DismissalForm)
            await it.pilot.press(*"noise", "enter")
            await it.until(lambda: it.app.screen is intake)
            assert intake.foot.message == "The voicemail is dismissed."
            assert stored(desk, message.key).state is MessageState.DISMISSED


async def test_what_is_read_or_played_while_the_dialog_is_left_is_not_shown_any_more(tmp_path: Path) -> None:
    with closing(waited(tmp_path)) as desk:
        async with console(address_of(desk)) as it:
            await opened(it)
            left = dialog(it)
            await left.query("*").remove()
            left.show_status("Played.")
            assert not await left._read()


async def test_a_callers_name_and_a_transcript_are_text_and_nothing_else(tmp_path: Path) -> None:
    with closing(waited(tmp_path)) as desk:
        async with console(address_of(desk), (80, 24)) as it:
            await opened(it, 1)
            shown = " ".join(words(it.pilot).split())
            assert "Zoë [/oops] [@click=app.quit]x, +44 20 7946 0018" in shown
            assert "Machine transcript, may be wrong: [red]red[/] [/oops] ]0;title back é" in shown


async def test_a_form_that_was_left_is_continued_where_it_was(tmp_path: Path) -> None:
    with closing(waited(tmp_path)) as desk:
        drafts = tmp_path / "drafts"
        async with console(address_of(desk), drafts=drafts) as it:
            await opened(it)
            await press(it, "x", DismissalForm)
            await it.pilot.press(*"wrong")
            await it.pilot.press("escape")
            await it.until(lambda: isinstance(it.app.screen, VoicemailScreen))
            await it.press("escape")
        async with console(address_of(desk), drafts=drafts) as it:
            await it.until(lambda: "Unfinished decision on a voicemail" in it.notice)
            await it.pilot.press("f7")
            await it.until(lambda: isinstance(it.app.screen, DismissalForm))
            await it.until(lambda: it.app.screen.query_one(Input).value == "wrong")
