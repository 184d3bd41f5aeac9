"""Takes in the recordings of a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from supportdesk.intake.refused_message import describe_refused
from supportdesk.intake.voicemail.folder import QUIET, UnreadableFile, list_recordings, move_handled
from supportdesk.intake.voicemail.voicemail_intake import TakenIn, VoicemailIntake, VoicemailRefusedError


def take_in_folder(
    intake: VoicemailIntake, folder: Path, now: float, quiet: float = QUIET
) -> Iterator[tuple[Path, TakenIn | str]]:
    """Take in the complete recordings of a folder, and yield what became of each, or why it stays there.

    `now` is in seconds since 1970. Raises DeskUnavailableError, and OSError where the folder cannot be listed.
    """
    for found in list_recordings(folder, now, quiet):
        if isinstance(found, UnreadableFile):
            yield found.path, f"it cannot be read: {found.reason}"
            continue
        try:
            taken = intake.take_in(found)
            move_handled(folder, found)
        except VoicemailRefusedError as error:
            yield found.path, describe_refused(error)
        except OSError as error:
            yield (
                found.path,
                f"it was accounted for, and cannot be moved to {folder.name}/Handled: {error.strerror or error}",
            )
        else:
            yield found.path, taken
