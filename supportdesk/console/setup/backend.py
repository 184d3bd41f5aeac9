"""The values that the set-up asks for, and the protocol by which the command line creates the desk."""

from __future__ import annotations

from typing import Protocol

import msgspec


class NewDesk(msgspec.Struct, frozen=True):
    """A desk to create: its first member of staff, and its first customer if one is named."""

    name: str
    team: str
    telephone: str = ""
    organisation: str = ""
    contact: str = ""
    super_user: bool = True
    contact_telephone: str = ""


class SetupResult(msgspec.Struct, frozen=True):
    """The desk to open after the set-up: the demo, or the desk at an address."""

    address: str = ""
    demo: bool = False


class SetupBackend(Protocol):
    """What the set-up needs from the command line. All methods block; none raises."""

    @property
    def address(self) -> str:
        """The address at which a new desk is created."""
        ...

    @property
    def name(self) -> str:
        """The operator's full name, as the operating system has it."""
        ...

    @property
    def teams(self) -> tuple[tuple[str, str], ...]:
        """The keys and names of the teams in the built-in policy, the first line first."""
        ...

    def fault_of(self, path: str) -> str | None:
        """Return why there is no desk to open at a path; None if there is one."""
        ...

    def telephone_fault(self, number: str) -> str | None:
        """Return why a text is not a telephone number; None if it is."""
        ...

    def create(self, plan: NewDesk) -> str | None:
        """Create the desk in one transaction. Returns why it cannot be created, or None."""
        ...
