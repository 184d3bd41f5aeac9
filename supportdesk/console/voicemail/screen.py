"""The dialog of a voicemail: its recording is played, and the operator decides what becomes of it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Static

from supportdesk.access.file_program import FileProgramError
from supportdesk.console.commands.feature_dialog import FeatureDialog
from supportdesk.console.dialogs.key_hints import key_for, key_hints
from supportdesk.console.forms.field_dialog import FieldDialog
from supportdesk.console.forms.save_dialog import save_dialog, try_save
from supportdesk.console.intake.drafts import Decision, UnfinishedDecision, find_unfinished
from supportdesk.console.keys.key import Scope
from supportdesk.console.keys.keymap import bindings
from supportdesk.console.messages import DeskReconnected, IncomingChanged
from supportdesk.console.results import VisitResult
from supportdesk.console.terminal.safe_text import safe_lines
from supportdesk.console.voicemail.decision_runner import DecisionRunner
from supportdesk.console.voicemail.drafts import forget_drafts
from supportdesk.console.voicemail.player import find_player
from supportdesk.console.voicemail.reader import OpenedVoicemail, open_voicemail
from supportdesk.console.voicemail.text import describe_facts, describe_kind, describe_settlement
from supportdesk.console.widgets.labelled_line import LabelledLine
from supportdesk.console.workers import start_worker
from supportdesk.tickets.incoming_message import NOT_HEARD
from supportdesk.tickets.records.voicemail_commands import MarkHeard
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.rota.data import name_of

if TYPE_CHECKING:
    from textual.await_complete import AwaitComplete
    from textual.binding import BindingType

    from supportdesk.access.file_program import FileProgram
    from supportdesk.console.commands.screen_client import ScreenClient
    from supportdesk.console.keys.type_ahead import KeyHold, SerializedKeys
    from supportdesk.console.session import Session
    from supportdesk.tickets.incoming_message import IncomingMessage

_FACTS = ("Caller", "Number", "Left", "Called", "Length", "State", "Transcript", "Mail", "Files")


class VoicemailScreen(FeatureDialog[VisitResult]):
    """Plays the voicemail once it is read, and stays open until the operator leaves or has decided about it.

    `target` is its key, or the reference of the draft of a decision on it, whose form opens then. It is dismissed with
    the command that settled it, whose ticket the console goes to.
    """

    SCOPE = Scope.LISTENING
    BINDINGS: ClassVar[list[BindingType]] = bindings(SCOPE)
    app: SerializedKeys

    def __init__(self, session: Session, client: ScreenClient, target: str) -> None:
        super().__init__(session)
        self.add_class("voicemail")
        self._unfinished = find_unfinished(target)
        self._key = self._unfinished.key if self._unfinished is not None else target
        self._client = client.for_screen(self, self.show_status)
        self._show_behind = client.show_message
        self._runner = DecisionRunner(session, self._client, partial(self.show_status, refused=True))
        self.opened: OpenedVoicemail | None = None
        self._playback: FileProgram | None = None
        self._facts = {each: LabelledLine(each, Content()) for each in _FACTS}

    def heading(self) -> Content:
        """Return which of both it is."""
        return Content(
            describe_kind(self.opened.message).capitalize() if self.opened is not None else "Voicemail"
        )

    def body(self) -> ComposeResult:
        """Yield a line for each thing that is known."""
        yield from self._facts.values()

    def keys(self) -> Content:
        """Return the key hints in two lines; without a recording, those that need none."""
        playing = [("play", "play"), ("stop", "stop"), ("save", "save as a file")]
        deciding = [("log", "log ticket"), ("add", "add to a ticket"), ("dismiss", "dismiss")]
        lines = (
            [deciding] if self.opened is not None and self.opened.recording is None else [playing, deciding]
        )
        hints = [[(key_for(self, f"listening.{name}"), does) for name, does in line] for line in lines]
        hints[-1] += [(key_for(self, "listening.help"), "help"), (key_for(self, "dialog.leave"), "leave")]
        return Content("\n").join(key_hints(*line) for line in hints)

    def on_mount(self) -> None:
        """Read the voicemail; then play it, or go on with the decision that was begun."""
        for line in self._facts.values():
            line.display = False
        start_worker(self, self._begin, self.app.typed.hold(), group="dialog")

    def dismiss(self, result: VisitResult = None) -> AwaitComplete:
        """Stop playing, and leave."""
        self.action_stop()
        return super().dismiss(result)

    def on_unmount(self) -> None:
        """Stop playing, where the console ends."""
        self.action_stop()

    # Reading.

    async def _begin(self, typed: KeyHold) -> None:
        unfinished = self._unfinished
        try:
            if not await self._read() or self.opened is None or self.opened.message.is_settled:
                return
        finally:
            if unfinished is None:
                typed.release()
        if unfinished is not None:
            await self._decide(unfinished, typed)
        elif self.opened.recording is not None:
            self.action_play()

    async def _read(self) -> bool:
        """Read the voicemail and show it, or why it cannot be read; return whether it was read."""
        opened = await self._client.in_thread(
            partial(open_voicemail, self.session.desk, self._key), "voicemail"
        )
        if self.is_being_left:
            return False
        if isinstance(opened, Refusal):
            self.show_status(opened.reason, refused=True)
            return False
        self.opened = opened
        session, message = self.session, opened.message
        facts = describe_facts(opened, session.zone, session.now(), self._name_of)
        for label, line in self._facts.items():
            line.show(safe_lines(facts.get(label, "")))
        self.query_one(".title", Static).update(self.heading())
        self.query_one(".keys", Static).update(self.keys())
        if message.is_settled:
            forget_drafts(session.drafts, message.key)
            self._say_settled(message)
        self.fit_to_screen()
        return True

    def _say_settled(self, message: IncomingMessage) -> None:
        """Say who settled it meanwhile, and what became of it; also in the form that would have settled it."""
        said = describe_settlement(message, self._name_of(message.decided_by))
        self.show_status(said, refused=True)
        front, person = self.app.screen, self.session.person
        if isinstance(front, FieldDialog) and person is not None and message.decided_by != person.username:
            front.show_status(said, refused=True)

    @on(IncomingChanged)
    @on(DeskReconnected)
    @work(group="look up", exclusive=True)
    async def _read_again(self) -> None:
        """Show what others did with it meanwhile."""
        await self._read()

    def _name_of(self, username: str) -> str:
        return name_of(self.session.roster.reference_data, username)

    # Playing.

    @work(group="play", exclusive=False)
    async def action_play(self) -> None:
        """Play the recording from its beginning, and record that it was heard once it was."""
        opened = self.opened
        if opened is None or opened.recording is None or opened.message.voicemail is None:
            why = opened.fault or "There is no recording to play." if opened is not None else ""
            self.show_status(why, refused=True)
            return
        self.action_stop()
        wanted, media = self.session.settings.voicemail.play, opened.message.voicemail.media
        try:
            playback = self._playback = find_player(wanted, opened.recording, media)
        except FileProgramError as error:
            self._show_fault(str(error))
            return
        self.show_status(f"Playing with {playback.name} …  {key_for(self, 'listening.stop')} stops it")
        fault = await self._client.in_thread(playback.try_run, "play", "player")
        if self._playback is playback:
            self._playback = None
            if fault:
                self._show_fault(fault)
            else:
                self.show_status(f"Played. {key_for(self, 'listening.play')} plays it again.")
        if not fault:
            await self._mark_heard(opened)

    def _show_fault(self, fault: str) -> None:
        save = key_for(self, "listening.save")
        self.show_status(f"{fault} {save} saves the recording as a file.", refused=True)

    def action_stop(self) -> None:
        """Stop playing."""
        if self._playback is not None:
            self._playback.stop()

    async def _mark_heard(self, opened: OpenedVoicemail) -> None:
        """Record that somebody listened; that another did so first needs no word."""
        if opened.message.state in NOT_HEARD:
            context = self._client.context_for(self.session)
            await context.submit(MarkHeard(opened.message.key))
            await self._read()

    def action_save(self) -> None:
        """Save the recording as a file that only the operator can read."""
        opened = self.opened
        if opened is None or opened.recording is None or opened.message.voicemail is None:
            why = opened.fault if opened is not None else ""
            self.show_status(why or "There is no recording to save.", refused=True)
            return
        media = opened.message.voicemail.media
        start_worker(
            self, self._save_as, opened, opened.recording, media, self.app.typed.hold(), group="dialog"
        )

    async def _save_as(self, opened: OpenedVoicemail, recording: bytes, media: str, typed: KeyHold) -> None:
        """Ask for a file, and save the recording there."""
        name = f"voicemail-{opened.message.key}{f'.{media}' if media else ''}"
        answer: str | None = await self._client.push_screen(save_dialog("Save the recording", name), typed)
        if answer is None:
            return
        saved = await self._client.in_thread(partial(try_save, recording, name, answer), "save")
        self.show_status(saved.text, refused=not saved.is_saved)
        if saved.is_saved:
            await self._mark_heard(opened)

    # Deciding.

    def action_log(self) -> None:
        """Log a ticket for it."""
        self._start(Decision.LOG)

    def action_add(self) -> None:
        """Add it to a ticket."""
        self._start(Decision.ADD)

    def action_settle_dismissed(self) -> None:
        """Dismiss it, with a reason."""
        self._start(Decision.REFUSE)

    def _start(self, decision: Decision) -> None:
        opened = self.opened
        if opened is None:
            return
        if opened.message.is_settled:
            self._say_settled(opened.message)
            return
        unfinished = UnfinishedDecision(self._key, decision)
        start_worker(self, self._decide, unfinished, self.app.typed.hold(), group="dialog")

    async def _decide(self, decision: UnfinishedDecision, typed: KeyHold) -> None:
        """Open the form of a decision, and leave with what was applied."""
        assert self.opened is not None
        applied = await self._runner.run(self.opened, decision.decision, decision.ref, typed)
        if applied is None:
            return
        if decision.decision is Decision.REFUSE:
            self._show_behind(f"The {str(self.heading()).lower()} is dismissed.", False)
        self.dismiss(applied)
