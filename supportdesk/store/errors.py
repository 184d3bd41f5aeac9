"""What can go wrong with the shared database, in words on which a person can act. Light to import."""

RESTORE = "close all consoles and run `supportdesk restore BACKUP` with your newest backup"
"""What to do about a desk that is lost."""

DAMAGED = f"is damaged: {RESTORE}"
"""What is said of a desk's file, after its name, wherever the damage is noticed."""

READ_ONLY = (
    "cannot be written by you: ask its owner for the right to read and write it, or name another with --db"
)
"""What is said of a desk's file that may only be read."""


class DeskUnavailableError(Exception):
    """The database cannot be reached or used now; the text says why and what to do. Nothing was written."""


class DamagedError(Exception):
    """What was read is nothing that the program can have written."""


class DeskRestoredError(DeskUnavailableError):
    """The desk that was open is another one now: restored from a backup, or rolled back. For good."""

    def __init__(self) -> None:
        super().__init__("this desk was restored from a backup: quit and start supportdesk again")


class UnknownTicketError(LookupError):
    """No ticket has this reference."""


class AlreadyExistsError(FileExistsError):
    """There is a file of this name already; it is never written over."""


class UncleanTextError(ValueError):
    """A text that no database should hold got as far as this; whoever let it through is wrong."""
