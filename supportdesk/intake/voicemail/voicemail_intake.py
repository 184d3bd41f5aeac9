"""Takes in voicemails: each is recorded with its caller and its one state. No ticket is ever logged for one here.

The id of the command follows from the recording. So an intake that was killed repeats nothing.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Protocol

from msgspec import Struct, structs

from supportdesk.desk_api import Commands, PolicyQueries
from supportdesk.intake.voicemail.call_details import CallDetails, read_name, read_sidecar
from supportdesk.intake.voicemail.folder import FoundRecording
from supportdesk.intake.voicemail.recording import (
    Recording,
    UnreadableRecording,
    digest_content,
    measure_speech,
    read_recording,
)
from supportdesk.store.read_models import Caller
from supportdesk.tickets import telephone
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.incoming_message import (
    ERASED_BEFORE,
    IncomingMessage,
    MessageState,
    find_same,
    has_same_content,
)
from supportdesk.tickets.plain_text import clean_line
from supportdesk.tickets.records.incoming_commands import AccountMessage
from supportdesk.tickets.refusal import Refusal
from supportdesk.tickets.voicemail import Voicemail

_TRIES = 3
_NAME_LIMIT = 80
_ALL = 1_000
_UNREAD = "The file beside it, {}, says nothing of the call that can be read: look there for the caller."


class CallerQueries(PolicyQueries, Protocol):
    """What is asked of a desk about a caller."""

    def find_callers(self, text: str, limit: int = 8) -> list[Caller]:
        """Return the contacts that match a number, the likeliest first."""
        ...


class Desk(Commands, CallerQueries, Protocol):
    """What the intake of voicemails needs of a desk."""

    def find_incoming(self, *, message_id: str = "", content_digest: str = "") -> list[IncomingMessage]:
        """Return the messages with a digest of their content, the oldest first."""
        ...


class VoicemailRefusedError(Exception):
    """The desk does not let the intake account for a voicemail; the text says why."""


class TakenIn(Struct, frozen=True):
    """A voicemail that is accounted for: its key, its state, and why. `repeated` where that was done before."""

    key: str
    state: MessageState
    reason: str = ""
    repeated: bool = False


class Carrier(Struct, frozen=True):
    """The mail that brought a recording: all of it, and its Message-ID, empty where it has none."""

    content: bytes
    message_id: str = ""


class VoicemailSource(Struct, frozen=True):
    """Where voicemails come from: its name, how it is read, and the time zone of its files' names."""

    name: str
    kind: str = "folder"
    zone: str = "UTC"


class VoicemailIntake:
    """Accounts for the voicemails of one source."""

    def __init__(self, desk: Desk, source: VoicemailSource) -> None:
        self._desk = desk
        self._source = source

    def take_in(self, found: FoundRecording) -> TakenIn:
        """Account for a recording that was found in a folder.

        Raises DeskUnavailableError and VoicemailRefusedError, and then nothing was written.
        """
        zone = self._source.zone
        sidecar = read_sidecar(found.sidecar, zone) if found.sidecar else CallDetails()
        details = sidecar.or_else(read_name(found.path.stem, zone))
        is_lost = bool(found.sidecar_name) and sidecar == CallDetails()
        return self.record(
            read_recording(found.content),
            details,
            found.path.name,
            found.written_at,
            remark=_UNREAD.format(clean_line(found.sidecar_name, _NAME_LIMIT).text) if is_lost else "",
        )

    def record(
        self,
        recording: Recording | UnreadableRecording,
        details: CallDetails,
        identity: str,
        written_at: datetime,
        *,
        carrier: Carrier | None = None,
        remark: str = "",
    ) -> TakenIn:
        """Account for a recording, and keep the mail that brought it, if one did. Raises as `take_in`.

        `remark` is what has to be said of it besides, in a sentence.
        """
        now = self._desk.now()
        at = (details.at or written_at).replace(microsecond=0)
        # Never later than now: another machine's clock may be ahead.
        message = self._make_message(recording, details, identity, at, min(at, now.replace(microsecond=0)))
        content = recording.content
        if carrier is not None:
            message, content = _bring(message, recording, carrier), carrier.content
        message = structs.replace(
            message,
            original=hashlib.sha256(content).hexdigest(),
            reason=" ".join(filter(None, (message.reason, remark))),
        )
        why = ""
        told = (self._source.name, identity, message.content_digest, message.sender_address, message.original)
        identity_of_command = f"voicemail {_digest(*told, message.message_id)}"
        for attempt in range(_TRIES):
            earlier = self._desk.find_incoming(content_digest=message.content_digest)
            if (known := find_same(earlier, message)) is not None:
                return TakenIn(known.key, known.state, known.reason, repeated=True)
            # As a duplicate, the recording and its caller would be back.
            same = [each for each in earlier if has_same_content(each, message)]
            if (erased := next((each for each in same if each.is_erased), None)) is not None:
                return TakenIn(erased.key, erased.state, ERASED_BEFORE, repeated=True)
            outcome = self._desk.do(
                AccountMessage(_mark_duplicate(message, same), content),
                by=INTAKE.key,
                command_id=f"{identity_of_command} {attempt}" if attempt else identity_of_command,
            )
            if not isinstance(outcome, Refusal):
                known = find_same(self._desk.find_incoming(content_digest=message.content_digest), message)
                assert known is not None, "it was just recorded"
                return TakenIn(known.key, known.state, known.reason, outcome.repeated)
            # Perhaps another intake has recorded it since this one looked.
            why = outcome.reason
        raise VoicemailRefusedError(why)

    def _make_message(
        self,
        recording: Recording | UnreadableRecording,
        details: CallDetails,
        identity: str,
        at: datetime,
        received_at: datetime,
    ) -> IncomingMessage:
        """Return a recording as a message; `at` is when it was left by the clock of the telephone system."""
        number, contact = identify_caller(self._desk, details.caller)
        message = IncomingMessage(
            key="",
            source=self._source.name,
            source_kind=self._source.kind,
            identity=make_storable(identity),
            state=MessageState.SET_ASIDE,
            received_at=received_at,
            content_digest=digest_content(recording, number, at.isoformat()),
            sender_address=number,
            sender_name=clean_line(details.name, _NAME_LIMIT).text,
            subject="Voicemail",
            contact=contact,
            voicemail=Voicemail(seconds=details.seconds, is_withheld=details.is_withheld),
        )
        if isinstance(recording, UnreadableRecording):
            return structs.replace(message, reason=recording.reason)
        speech = measure_speech(recording)
        seconds = round(recording.seconds, 1) if recording.seconds is not None else details.seconds
        is_empty = speech is not None and speech.is_empty
        return structs.replace(
            message,
            state=MessageState.EMPTY if is_empty else MessageState.NOT_HEARD,
            reason="A voice detector found nobody who speaks." if is_empty else "",
            voicemail=Voicemail(
                recording.media,
                seconds,
                speech.percent if speech is not None else None,
                is_withheld=details.is_withheld,
            ),
        )


def identify_caller(desk: CallerQueries, number: str) -> tuple[str, str | None]:
    """Return a number as it is shown, and the key of the contact whose number it is.

    None where nobody or several have it, or it is no complete number: a wrong caller is worse than none.
    """
    if not number:
        return "", None
    home = telephone.home_region(desk.policy_at(desk.now()))
    wanted = telephone.parse(number, home)
    if wanted is None:
        return "", None
    callers = desk.find_callers(number, _ALL) if wanted.international is not None else []
    same = {
        each.contact.key
        for each in callers
        if telephone.likeness(wanted, each.contact.telephone, home) is telephone.Likeness.SAME
    }
    return telephone.format_number(number, home), same.pop() if len(same) == 1 else None


def make_storable(identity: str) -> str:
    """Return the name of a file as it is stored, so that both can be compared: a digest for an odd one."""
    if len(identity) <= _NAME_LIMIT and identity.isascii() and identity.isprintable():
        return identity
    return hashlib.sha256(identity.encode(errors="surrogateescape")).hexdigest()


def _bring(
    message: IncomingMessage, recording: Recording | UnreadableRecording, carrier: Carrier
) -> IncomingMessage:
    """Return a voicemail that mail has brought."""
    assert message.voicemail is not None
    digest = hashlib.sha256(recording.content).hexdigest()
    return structs.replace(
        message,
        message_id=carrier.message_id,
        voicemail=structs.replace(message.voicemail, recording=digest),
    )


def _mark_duplicate(message: IncomingMessage, same: list[IncomingMessage]) -> IncomingMessage:
    if not same:
        return message
    return structs.replace(
        message,
        state=MessageState.DUPLICATE,
        reason=f"The same recording arrived before and is {same[0].key}.",
    )


def _digest(*parts: str) -> str:
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode(errors="surrogateescape")
        digest.update(b"%d:" % len(data))
        digest.update(data)
    return digest.hexdigest()
