"""What the set-up asks for, and what it needs done: the command line lends it the means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class NewDesk:
    """A desk that is to be made: who its first person is, and its first customer, if one is named already."""

    name: str
    team: str
    telephone: str = ""
    organisation: str = ""
    contact: str = ""
    super_user: bool = True
    contact_telephone: str = ""


@dataclass(frozen=True, slots=True)
class SetupResult:
    """How the set-up ends: with the demo, or with the desk at an address."""

    address: str = ""
    demo: bool = False


class SetupBackend(Protocol):
    """The means of the set-up. All methods block; none of them raises."""

    @property
    def address(self) -> str:
        """Where a desk of one's own is made."""
        ...

    @property
    def name(self) -> str:
        """What the operating system calls the person."""
        ...

    @property
    def teams(self) -> tuple[tuple[str, str], ...]:
        """The teams of the policy that comes with the program, by key and name; the first line first."""
        ...

    def fault_of(self, path: str) -> str | None:
        """Why there is no desk to open at a path; None where there is one."""
        ...

    def telephone_fault(self, number: str) -> str | None:
        """Why a text cannot be kept as a telephone number; None where it can."""
        ...

    def create(self, plan: NewDesk) -> str | None:
        """Makes the desk, whole or not at all; returns why it cannot be made."""
        ...
