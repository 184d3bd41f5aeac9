"""What is fuzzed: one module per kind of input."""

from __future__ import annotations

from tests.fuzz.target import Target
from tests.fuzz.targets import (
    cleaners,
    command_line,
    commands,
    contacts,
    files,
    filters,
    importers,
    mail,
    mail_server,
    originals,
    pages,
    searches,
    times,
    voicemail,
)

TARGETS: dict[str, Target] = {
    target.name: target
    for module in (
        cleaners,
        command_line,
        commands,
        contacts,
        files,
        filters,
        importers,
        mail,
        mail_server,
        originals,
        pages,
        searches,
        times,
        voicemail,
    )
    for target in vars(module).values()
    if isinstance(target, Target)
}
"""Every target by its name, which is that of its folder in the corpus."""
