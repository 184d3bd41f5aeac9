"""Validates settings against the console's keys, themes, columns and filter language."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import msgspec

from supportdesk.console.keys.overrides import validate_overrides
from supportdesk.console.queue.columns import COLUMN_SPECS
from supportdesk.console.queue.filter.parser import parse
from supportdesk.console.queue.filter.vocabulary import Vocabulary
from supportdesk.console.theme.user_themes import RESERVED_NAMES, read_themes
from supportdesk.settings.load import LoadedSettings, load_settings
from supportdesk.toml_file.document import Fault

if TYPE_CHECKING:
    from supportdesk.settings.files import SettingsFiles
    from supportdesk.settings.settings import UserView
    from supportdesk.sla.policy import Policy


NAMES = ("timer", *COLUMN_SPECS)
"""The names of columns. The timer is always the first column."""


def load_validated(files: SettingsFiles) -> LoadedSettings:
    """Load the settings without the faulty parts, and all faults."""
    loaded = load_settings(files.config)
    settings = loaded.settings
    keys, faults = validate_overrides(settings.keys)
    known = RESERVED_NAMES | {read.theme.name for read in read_themes(files.themes) if read.theme is not None}
    theme = settings.theme
    if theme is not None and theme not in known:
        faults.append(Fault("$.theme", f"unknown theme {theme!r}; choose one of {', '.join(sorted(known))}"))
        theme = None
    faults += [
        Fault(
            f"{loaded.position('columns', column.name)}.name",
            f"unknown column {column.name!r}; choose from {', '.join(COLUMN_SPECS)}",
        )
        for column in settings.columns
        if column.name not in NAMES
    ]
    lock = settings.lock
    if (fault := _find_unlock_fault(loaded)) is not None:
        faults.append(fault)
        lock = msgspec.structs.replace(lock, unlock_command=())
    columns = tuple(column for column in settings.columns if column.name in NAMES)
    views, unlike = _views(loaded)
    faults += unlike
    good = msgspec.structs.replace(settings, keys=keys, theme=theme, columns=columns, views=views, lock=lock)
    return loaded.with_faults(good, faults)


def _find_unlock_fault(loaded: LoadedSettings) -> Fault | None:
    """Return what is wrong with the program that unlocks the console, or None."""
    command, place = loaded.settings.lock.unlock_command, "$.lock.unlock_command"
    table = loaded.document.get("lock")
    if not command and not (isinstance(table, dict) and table.get("unlock_command") == []):
        return None
    if not command or not command[0]:
        return Fault(place, 'give a program and its arguments, such as ["su", "-c", "true", "ann"]')
    if shutil.which(command[0]) is None:
        return Fault(
            place, f"there is no program {command[0]!r} that can be run; any key would unlock the console"
        )
    return None


def find_desk_faults(loaded: LoadedSettings, policy: Policy, vocabulary: Vocabulary) -> list[Fault]:
    """Return the severities and the names in views that a desk does not have."""
    known = [severity.key for severity in policy.severities]
    faults = [
        Fault("$.bell", f"unknown severity {key!r}; the policy has {', '.join(known)}")
        for key in loaded.settings.bell or ()
        if key not in known
    ]
    read = [(view, parse(view.filter, vocabulary).faults) for view in loaded.settings.views]
    return faults + [
        Fault(f"{loaded.position('views', view.name)}.filter", wrong[0].message)
        for view, wrong in read
        if wrong
    ]


def _views(loaded: LoadedSettings) -> tuple[tuple[UserView, ...], list[Fault]]:
    """Return the views with valid filters, and the faults; names are checked only at a desk."""
    good, faults = [], []
    for view in loaded.settings.views:
        read = parse(view.filter, Vocabulary())
        if read.filter and not read.faults:
            good.append(view)
        else:
            reason = read.faults[0].message if read.faults else "is empty; write a filter, such as 'owner:me'"
            faults.append(Fault(f"{loaded.position('views', view.name)}.filter", reason))
    return tuple(good), faults
