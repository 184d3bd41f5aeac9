"""Errors of the shared database, with messages that say what to do. Light to import."""

RESTORE = "close all consoles and run `supportdesk restore BACKUP` with your newest backup"
"""The advice for a lost desk."""

DAMAGED = f"is damaged: {RESTORE}"
"""The message for a damaged desk, after the name of its file."""

CHECK = "check the file and its folder, or choose another with --db"
"""The advice for a file that cannot be used as it is."""

READ_ONLY = (
    "cannot be written by you: ask its owner for permission to read and write it and its folder, or choose another with"
    " --db"
)
"""The message for a desk that may only be read, after the name of its file."""


class DeskUnavailableError(Exception):
    """The database cannot be reached or used now; the message says why and what to do. Nothing was written."""


class OutcomeUnknownError(DeskUnavailableError):
    """The database was lost during a commit: it may have been written. The command's id settles it later."""


class ForbiddenError(DeskUnavailableError):
    """The database itself does not let this login do that; the message says why. Nothing was written."""


class OvertakenError(Exception):
    """Others changed meanwhile what a transaction was decided on: it has to be run again as a whole."""


class NewerDataError(Exception):
    """A change would lose what a newer program wrote, which this one does not know. Nothing was written."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} was changed by a newer version of supportdesk: quit and start supportdesk again to change it here"
        )
        self.what = what


class DamagedError(Exception):
    """The database contains what the program cannot have written."""


class DeskReplacedError(DeskUnavailableError):
    """The open desk is no longer the one that was opened, and cannot be used unless that is put back.

    `headline` says so in short.
    """

    headline = "desk replaced: quit and start again"


class DeskUpgradedError(DeskReplacedError):
    """The open desk was upgraded by a newer program, whose data this one does not know."""

    def __init__(self) -> None:
        super().__init__("this desk was upgraded by a newer supportdesk: quit and start supportdesk again")


class DeskRestoredError(DeskReplacedError):
    """The open desk was restored from a backup, or rolled back."""

    def __init__(self) -> None:
        super().__init__("this desk was restored from a backup: quit and start supportdesk again")


class DeskMovedError(DeskReplacedError):
    """The desk was moved to another place, where everybody goes on."""

    headline = "desk moved: quit and open it there"

    def __init__(self, place: str) -> None:
        super().__init__(f"this desk has moved to {place}: open it there, by --db or SUPPORTDESK_DB")


class DeskUnfinishedError(DeskUnavailableError):
    """The desk is being made by a move, or was left by one that failed."""

    def __init__(self) -> None:
        super().__init__(
            "this is an unfinished copy of a desk: run `supportdesk db copy` again to finish it, or remove it"
        )


class UnknownTicketError(LookupError):
    """No ticket has this reference."""


class AlreadyExistsError(FileExistsError):
    """There is already a file of this name, which is never overwritten."""


class UncleanTextError(ValueError):
    """A text contains characters that no database should contain; the caller should have cleaned it."""
