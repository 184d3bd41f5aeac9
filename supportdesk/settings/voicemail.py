"""The `[watcher.voicemail]` tables of the settings file: the folders from which the watcher takes in voicemails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import Meta, Struct

from supportdesk.files import expand
from supportdesk.settings.partial_decode import decode_valid_parts
from supportdesk.settings.source_names import is_source_name
from supportdesk.toml_file.document import Fault

_PLACE = "$.watcher.voicemail"


class VoicemailSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """A folder in which a telephone system leaves recordings.

    `quiet` is for how many seconds nothing is written to a complete one. `transcribe_command` is a program with its
    arguments, to which the path of a recording is added; it is ended after `transcribe_timeout` seconds.
    """

    folder: str = ""
    quiet: Annotated[int, Meta(ge=1, le=3600)] = 10
    transcribe_command: tuple[str, ...] = ()
    transcribe_timeout: Annotated[int, Meta(ge=1, le=3600)] = 300


def decode_voicemail(value: Any) -> tuple[dict[str, VoicemailSettings], list[Fault]]:
    """Return the usable folders by their names, and the faults of all."""
    if not isinstance(value, dict):
        return {}, [Fault(_PLACE, "give a table per folder, such as [watcher.voicemail.telephone]")]
    folders: dict[str, VoicemailSettings] = {}
    faults: list[Fault] = []
    for name, table in value.items():
        place = f"{_PLACE}.{name}"
        if not is_source_name(name):
            faults.append(Fault(place, "name it with small letters, digits and dashes, such as telephone"))
        elif not isinstance(table, dict):
            faults.append(Fault(place, f"give a table, [watcher.voicemail.{name}]"))
        else:
            settings, found = decode_valid_parts(table, VoicemailSettings, place)
            found = found or [Fault(f"{place}.{key}", why) for key, why in _find_faults(settings, table)]
            faults += found
            if not found:
                folders[name] = settings
    return folders, faults


def _find_faults(settings: VoicemailSettings, table: dict[str, Any]) -> Iterator[tuple[str, str]]:
    try:
        if not expand(settings.folder).name:
            yield "folder", "give the folder of the recordings, such as /srv/voicemail"
    except OSError as error:
        yield "folder", str(error.strerror)
    if "transcribe_command" in table and not (settings.transcribe_command and settings.transcribe_command[0]):
        yield "transcribe_command", 'give a program and its arguments, such as ["/usr/local/bin/transcribe"]'
