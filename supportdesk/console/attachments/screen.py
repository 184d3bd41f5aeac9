"""The dialog that lists the attachments of messages, opens one with the operator's own program, or saves it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.geometry import Region
from textual.widgets import Static

from supportdesk.access.file_program import FileProgram
from supportdesk.attachments.file_kind import choose_extension, describe_type, is_program
from supportdesk.console.attachments.text import FileLine, file_lines, list_files
from supportdesk.console.commands.feature_dialog import FeatureDialog
from supportdesk.console.dialogs.dialog import DialogBody
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.forms.save_dialog import save_dialog, try_save
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.console.messages import DeskReconnected, IncomingChanged
from supportdesk.console.results import VisitResult
from supportdesk.console.terminal.safe_text import safe
from supportdesk.console.widgets.line_list import LineList
from supportdesk.console.workers import start_worker
from supportdesk.intake.mail.message_files import FilesOf, MessageFiles, read_content, read_files
from supportdesk.tickets.refusal import Refusal

if TYPE_CHECKING:
    from textual.binding import BindingType

    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.keys.type_ahead import KeyHold, SerializedKeys
    from supportdesk.console.session import Session

IN_THE_PAST = "Attachments are shown at the present desk only."
NOTHING_CHOSEN = "There is no attachment to choose."
NO_PROGRAM = (
    'No program opens attachments. Name one in your settings, under [attachments]: open = ["xdg-open"].'
)
LINGER = 60.0
"""Seconds for which a file is there at least, as a program such as xdg-open hands it to another one and ends."""


class AttachmentsDialog(FeatureDialog[VisitResult]):
    """Lists attachments, with the cursor on one of them. What is opened stays open when the dialog is left."""

    SCOPE = Scope.ATTACHMENTS
    BINDINGS: ClassVar[list[BindingType]] = bindings(SCOPE)
    app: SerializedKeys

    def __init__(self, session: Session, client: ScreenClient, wanted: FilesOf) -> None:
        super().__init__(session)
        self.add_class("attachments")
        self._wanted = wanted
        self._client = client.for_screen(self, self.show_status)
        self._found: tuple[MessageFiles, ...] | None = None
        self._list = LineList(classes="files")

    def heading(self) -> Content:
        """Return what is listed."""
        return Content("Attachments")

    def subject(self) -> Content:
        """Return the reference of the ticket; nothing for a message."""
        return safe(self._wanted.ref)

    def body(self) -> ComposeResult:
        """Yield the line that says that nothing is there, or is being read, and the list."""
        yield Static("reading …", classes="nothing")
        yield self._list

    def keys(self) -> Content:
        """Return the key hints."""
        hints = (
            ("attachments.open", "open"),
            ("attachments.save", "save as a file"),
            ("attachments.help", "help"),
            ("dialog.leave", "leave"),
        )
        return key_hints(*((key_for(self, name), does) for name, does in hints))

    def on_mount(self) -> None:
        """Read the attachments."""
        self._list.display = False
        if self.session.replay is not None:
            self._show_nothing(IN_THE_PAST)
        else:
            self._read()

    def on_resize(self) -> None:
        """Draw the lines for the new width."""
        super().on_resize()
        self.call_after_refresh(self._draw)

    @property
    def is_read(self) -> bool:
        """Whether the attachments are shown."""
        return self._found is not None

    # Reading and drawing.

    @on(IncomingChanged)
    @on(DeskReconnected)
    @work(group="look up", exclusive=True)
    async def _read(self) -> None:
        """Read the attachments; what cannot be read leaves them as they are."""
        if self.session.replay is not None:
            return
        read = partial(read_files, self.session.desk, self._wanted)
        found = await self._client.in_thread(read, "attachments")
        if isinstance(found, Refusal):
            self.show_status(found.reason, refused=True)
            if self._found is None:
                self._show_nothing("")
        elif found != self._found:
            self._found = found
            self._draw()

    def _draw(self) -> None:
        """Draw the lines, or say that there is nothing."""
        if self._found is None or self.is_being_left:
            return
        if not self._found:
            whose = (
                "No message or reply on this ticket has an attachment."
                if self._wanted.ref
                else "This message has no attachment."
            )
            self._show_nothing(whose)
            return
        body = self.query_one(DialogBody)
        lines = file_lines(self._found, self.session.zone, body.content_size.width)
        self._show_nothing("")
        self._list.display = True
        self._list.styles.height = len(lines)
        self._list.show(lines)
        self.fit_to_screen()
        self.call_after_refresh(self.scroll_to_focus)

    def _show_nothing(self, text: str) -> None:
        if self.is_being_left:
            return
        nothing = self.query_one(".nothing", Static)
        nothing.update(safe(text))
        nothing.display = bool(text)
        self._list.display = False

    @on(LineList.Moved)
    def scroll_to_focus(self) -> None:
        """Scroll the line with the cursor into view, with the heading above it and what is said below it."""
        if not self.is_being_left:
            self.query_one(DialogBody).scroll_to_region(Region(0, max(0, self._list.place - 1), 1, 3))

    # Movement.

    def action_line(self, by: int) -> None:
        """Move the cursor by so many attachments."""
        self._list.move(by)

    def action_page(self, by: int) -> None:
        """Move the cursor by so many pages."""
        self._list.move(by * max(1, self.query_one(DialogBody).size.height - 1))

    def action_top(self) -> None:
        """Move the cursor to the first attachment."""
        self._list.move_to_end(-1)

    def action_bottom(self) -> None:
        """Move the cursor to the last attachment."""
        self._list.move_to_end(1)

    @property
    def chosen(self) -> FileLine | None:
        """The attachment under the cursor; None where there is none."""
        return next((each for each in list_files(self._found or ()) if each.key == self._list.key), None)

    # The attachment under the cursor.

    @on(LineList.Opened)
    @work(group="open", exclusive=False)
    async def action_open(self) -> None:
        """Open it with the program of the settings; without one, nothing is opened."""
        chosen, command = self.chosen, self.session.settings.attachments.open
        if chosen is None:
            self.show_status(NOTHING_CHOSEN, refused=True)
        elif not command:
            self._refuse(NO_PROGRAM)
        elif is_program(chosen.attachment.sniffed_type):
            self._refuse(f"It is {describe_type(chosen.attachment.sniffed_type)}, which is never opened.")
        elif (content := await self._read_content(chosen)) is not None:
            name, media_type = chosen.attachment.name, chosen.attachment.sniffed_type
            program = FileProgram(
                command,
                content,
                prefix="attachment-",
                extension=choose_extension(name, media_type),
                linger=LINGER,
            )
            self.show_status(f"{name} is opened with {program.name}.")
            if fault := await self.session.open_files.show(program):
                self._refuse(fault)

    def _refuse(self, why: str) -> None:
        self.show_status(f"{why} {key_for(self, 'attachments.save')} saves it as a file.", refused=True)

    def action_save(self) -> None:
        """Save it as a new file that only the operator can read."""
        chosen = self.chosen
        if chosen is None:
            self.show_status(NOTHING_CHOSEN, refused=True)
            return
        self.show_status("")
        start_worker(self, self._save_as, chosen, self.app.typed.hold(), group="dialog")

    async def _save_as(self, chosen: FileLine, typed: KeyHold) -> None:
        """Ask for a file, and save the attachment there."""
        name = chosen.attachment.name
        target: str | None = await self._client.push_screen(save_dialog("Save the attachment", name), typed)
        if target is None or (content := await self._read_content(chosen)) is None:
            return
        saved = await self._client.in_thread(partial(try_save, content, name, target), "save")
        self.show_status(saved.text, refused=not saved.is_saved)

    async def _read_content(self, chosen: FileLine) -> bytes | None:
        """Return the content of an attachment; None, with the reason at the foot, where it cannot be read."""
        read = partial(read_content, self.session.desk, chosen.message, chosen.attachment)
        content = await self._client.in_thread(read, "attachment")
        if isinstance(content, Refusal):
            self.show_status(content.reason, refused=True)
            return None
        return content
