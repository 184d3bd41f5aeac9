"""Attachments are listed, opened by the operator's own program only, and saved where the operator says."""

from __future__ import annotations

import ast
import stat
import sys
from contextlib import closing
from pathlib import Path

import pytest
from textual.widgets import Input, Static

from supportdesk.console.dialogs.help_screen import HelpScreen
from supportdesk.console.forms.value_dialog import ValueDialog
from supportdesk.console.intake.screen import IntakeScreen
from supportdesk.console.main.screen import MainScreen
from supportdesk.desk import Desk
from supportdesk.intake.mail.message_files import FilesOf, read_files
from supportdesk.past import PastDesk
from supportdesk.settings.files import SettingsFiles
from supportdesk.tickets.attached_file import FileContent
from supportdesk.tickets.process.conversation import Reply
from supportdesk.tickets.process.policy import MoveToPolicy
from supportdesk.tickets.records.commands import EraseContact, InstallPolicy
from supportdesk.tickets.refusal import Refusal
from tests.console.attachments.desks import (
    CLEAN,
    NOW,
    attached,
    console,
    dialog,
    lines,
    listed,
    on_message,
    said,
)
from tests.console.harness.console import Running, shown_keys
from tests.intake.mail.attached import PDF
from tests.store.desks import address_of, done
from tests.store.mailing import mailing_policy

REPORT = """
import os, sys, time
path = sys.argv[-1]
open({report!r} + ".new", "w").write(repr([path, os.stat(path).st_mode & 0o777, open(path, "rb").read()]))
os.rename({report!r} + ".new", {report!r})
{more}
"""


def viewing(folder: Path, more: str = "") -> SettingsFiles:
    """Settings with a program that reports what it is given."""
    files = SettingsFiles(folder / "settings", folder / "state")
    files.config.parent.mkdir(parents=True, exist_ok=True)
    program = folder / "viewer.py"
    program.write_text(REPORT.format(report=str(folder / "report"), more=more))
    files.config.write_text(f"[attachments]\nopen = [{sys.executable!r}, {str(program)!r}]\n")
    return files


async def reported(it: Running, folder: Path) -> tuple[str, int, bytes]:
    """Wait until the program has reported, and return the path, the mode and the content of its file."""
    await it.until((folder / "report").exists)
    path, mode, content = ast.literal_eval((folder / "report").read_text())
    (folder / "report").unlink()
    return path, mode, content


async def save_as(it: Running, target: str) -> None:
    """Save the attachment under the cursor."""
    await it.pilot.press("w")
    await it.until(lambda: isinstance(it.app.screen, ValueDialog))
    it.app.screen.query_one(Input).value = target
    await it.pilot.press("enter")
    await it.until(lambda: it.app.screen is dialog(it) and bool(said(it)))


def is_there(path: str | Path) -> bool:
    return Path(path).exists()


async def test_the_attachments_of_a_ticket_are_listed_with_what_their_content_is(tmp_path: Path) -> None:
    with closing(attached(tmp_path)) as desk:
        async with console(address_of(desk)) as it:
            await listed(it)
            assert lines(it) == [
                "Jo Park, Mon 23 Nov 09:00 GMT",
                "▌ invoice.pdf a PDF document 19 bytes",
                "screen.png a PNG picture, in the text 18 bytes",
                "Jo Park, Mon 23 Nov 09:10 GMT",
                f"{CLEAN} a program 14 bytes",
                "Its name says that it is a PDF document, but its content is a program.",
            ]
            picture = it.app.export_screenshot()
            assert "\u202e" not in picture
            await it.pilot.press("escape")
            await it.until(lambda: isinstance(it.app.screen, MainScreen))


async def test_what_is_read_or_opened_while_the_dialog_is_left_is_not_shown_any_more(tmp_path: Path) -> None:
    with closing(attached(tmp_path)) as desk:
        async with console(address_of(desk)) as it:
            await listed(it)
            left = dialog(it)
            await left.query("*").remove()
            left.show_status("too late")
            left._draw()
            left._show_nothing("")
            left.scroll_to_focus()


async def test_without_a_program_in_the_settings_nothing_is_opened_and_saving_works(tmp_path: Path) -> None:
    with closing(attached(tmp_path)) as desk:
        async with console(address_of(desk)) as it:
            await listed(it)
            await it.pilot.press("enter")
            await it.until(lambda: bool(said(it)))
            assert said(it) == (
                "✗ No program opens attachments. Name one in your settings, under [attachments]:"
                ' open = ["xdg-open"]. w saves it as a file.'
            )
            place = tmp_path / "saved.pdf"
            await save_as(it, str(place))
            assert said(it) == f"Saved as {place}."
            assert stat.S_IMODE(place.stat().st_mode) == 0o600
            assert place.read_bytes() == PDF
            await it.pilot.press("down")
            await save_as(it, str(place))
            assert "cannot be written: File exists. Choose another file." in said(it)
            await it.pilot.press("G")
            await save_as(it, str(tmp_path))
            assert stat.S_IMODE((tmp_path / CLEAN).stat().st_mode) == 0o600


async def test_the_program_of_the_settings_gets_a_private_file_that_is_removed(tmp_path: Path) -> None:
    with closing(attached(tmp_path)) as desk:
        async with console(address_of(desk), files=viewing(tmp_path, "time.sleep(60)")) as it:
            await listed(it)
            await it.pilot.press("enter")
            path, mode, content = await reported(it, tmp_path)
            assert (mode, content) == (0o600, PDF)
            assert path.endswith(".pdf")
            assert "invoice" not in path
            assert said(it).startswith("invoice.pdf is opened with python")
            await it.pilot.press("escape")
            await it.until(lambda: isinstance(it.app.screen, MainScreen))
            assert is_there(path)
        assert not is_there(path)


async def test_a_program_that_came_with_a_mail_is_not_opened(tmp_path: Path) -> None:
    with closing(attached(tmp_path)) as desk:
        async with console(address_of(desk), files=viewing(tmp_path)) as it:
            await listed(it)
            await it.pilot.press("G", "enter")
            await it.until(lambda: bool(said(it)))
            assert said(it) == "✗ It is a program, which is never opened. w saves it as a file."
            assert not (tmp_path / "report").exists()


@pytest.mark.slow
async def test_why_a_program_cannot_show_a_file_is_said(tmp_path: Path) -> None:
    with closing(attached(tmp_path)) as desk:
        async with console(address_of(desk), files=viewing(tmp_path, "sys.exit('no display')")) as it:
            await listed(it)
            await it.pilot.press("o")
            path, *_ = await reported(it, tmp_path)
            await it.until(lambda: "ended with exit code 1: no display. w saves it as a file." in said(it))
            assert not is_there(path)


async def test_a_file_that_went_with_a_reply_is_listed_opened_and_saved_as_well(tmp_path: Path) -> None:
    guide = FileContent("guide.pdf", "application/pdf", b"%PDF-1.7 guide")
    with closing(attached(tmp_path)) as desk:
        ref = next(each.ref for each in desk.incoming_messages() if each.ref is not None)
        done(desk, InstallPolicy(mailing_policy()), by="sue")
        done(desk, MoveToPolicy(ref, "2"), by="sue")
        done(desk, Reply(ref, text="See the guide.", attachments=(guide,)))
        async with console(address_of(desk), files=viewing(tmp_path, "time.sleep(60)")) as it:
            await listed(it)
            assert lines(it)[-2:] == [
                "Ann (sent), Mon 23 Nov 09:42 GMT",
                "guide.pdf a PDF document 14 bytes",
            ]
            await it.pilot.press("G", "enter")
            path, mode, content = await reported(it, tmp_path)
            assert (mode, content, path[-4:]) == (0o600, guide.content, ".pdf")
            await save_as(it, str(tmp_path / "saved.pdf"))
            assert (tmp_path / "saved.pdf").read_bytes() == guide.content


async def test_a_message_in_the_intake_has_its_attachments_a_key_away(tmp_path: Path) -> None:
    with closing(attached(tmp_path)) as desk:
        async with console(address_of(desk), (80, 24)) as it:
            await on_message(it, "A log")
            page = " ".join(str(it.app.screen.query_one(".page", Static).visual).split())
            assert "attached: log.txt (a plain text, 12 bytes) (A opens or saves them)" in page
            await listed(it)
            assert lines(it)[1] == "▌ log.txt a plain text 12 bytes"
            await it.pilot.press("escape")
            await it.until(lambda: isinstance(it.app.screen, IntakeScreen))
            await it.pilot.press("down")
            await listed(it)
            assert str(dialog(it).query_one(".nothing", Static).visual) == "This message has no attachment."
            await it.pilot.press("enter")
            await it.until(lambda: said(it) == "✗ There is no attachment to choose.")


@pytest.mark.slow
async def test_somebody_who_may_change_nothing_can_list_and_save(tmp_path: Path) -> None:
    with closing(attached(tmp_path)) as desk:
        async with console(address_of(desk), username="nobody") as it:
            await listed(it)
            await save_as(it, str(tmp_path / "saved.pdf"))
            assert (tmp_path / "saved.pdf").read_bytes() == PDF


def test_what_was_erased_is_said_to_be(tmp_path: Path) -> None:
    with closing(attached(tmp_path)) as desk:
        ref = next(each.ref for each in desk.incoming_messages() if each.ref is not None)
        done(desk, EraseContact("jo"), by="sue")
        found = read_files(desk, FilesOf(ref=ref))
        assert not isinstance(found, Refusal)
        assert {(each.attachments, each.fault) for each in found} <= {
            ((), "The message itself is not here any more: it was erased.")
        }


def test_at_a_past_moment_no_message_is_there_to_be_read(tmp_path: Path) -> None:
    with closing(attached(tmp_path)) as desk:
        ref = next(each.ref for each in desk.incoming_messages() if each.ref is not None)
        with closing(PastDesk.open(address_of(desk), NOW)) as past:
            found = read_files(past, FilesOf(ref=ref))
        assert not isinstance(found, Refusal)
        assert all(each.fault and not each.attachments for each in found)


def test_a_desk_that_cannot_be_reached_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from supportdesk.desk_api import DeskUnavailableError

    def fail(*_: object, **__: object) -> None:
        raise DeskUnavailableError("The desk cannot be reached.")

    with closing(attached(tmp_path)) as desk:
        monkeypatch.setattr(Desk, "find_incoming", fail)
        assert read_files(desk, FilesOf(ref="CD-4C00-W")) == Refusal("The desk cannot be reached.")


async def test_the_help_shows_the_keys_of_the_list(tmp_path: Path) -> None:
    with closing(attached(tmp_path)) as desk:
        async with console(address_of(desk)) as it:
            await listed(it)
            await it.pilot.press("question_mark")
            await it.until(lambda: isinstance(it.app.screen, HelpScreen))
            assert "Save it as a file" in shown_keys(it)
