"""What the tests of faults need of a kind of database: it can be started, broken for real, and mended."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import msgspec

from tests.faults.program import Limits


class Fault(msgspec.Struct, frozen=True):
    """A fault of a database: its name in docs/faults.md, and what brings the desk back.

    While it lasts, programs run as a user whom permissions bind (`is_bound`), or can write no file that is larger than
    the desk is by then (`has_full_quota`). One that `needs_disk` breaks a disk of its own; one that `needs_proxy`, the
    way to the server. One that `is_closed` happens to a desk that nobody has open. One that `is_long` takes longer than
    the others together.
    """

    name: str
    remedy: str
    is_bound: bool = False
    has_full_quota: bool = False
    needs_disk: bool = False
    needs_proxy: bool = False
    is_closed: bool = False
    is_long: bool = False


D = TypeVar("D")
Cause = Callable[[D], AbstractContextManager[object]]
"""Causes a fault when the block begins, and does what the remedy says when it ends."""


class FaultList(Generic[D]):
    """The faults of a kind of database, in the order of the document, each with what causes it."""

    def __init__(self) -> None:
        self.causes: dict[Fault, Cause[D]] = {}

    def fault(
        self,
        name: str,
        remedy: str,
        *,
        is_bound: bool = False,
        has_full_quota: bool = False,
        needs_disk: bool = False,
        needs_proxy: bool = False,
        is_closed: bool = False,
        is_long: bool = False,
    ) -> Callable[[Callable[[D], Iterator[None]]], Cause[D]]:
        """Register a generator that causes a fault and, after its `yield`, does what the remedy says."""

        def register(cause: Callable[[D], Iterator[None]]) -> Cause[D]:
            made = contextmanager(cause)
            made_of = Fault(
                name, remedy, is_bound, has_full_quota, needs_disk, needs_proxy, is_closed, is_long
            )
            self.causes[made_of] = made
            return made

        return register


class BreakableDatabase(Protocol):
    """A database with a furnished desk, which breaks by one fault."""

    kind: str
    """The kind of database, such as `SQLite`."""
    address: str
    """The address at which the programs look for the desk, while the fault lasts perhaps a wrong one."""
    limits: Limits
    """What the programs may do that use it."""

    @classmethod
    def list_faults(cls) -> Sequence[Fault]:
        """Return the faults that can be caused on this machine, in the order of the document."""
        ...

    @classmethod
    def can_cause_all(cls) -> bool:
        """Return whether every fault can be caused on this machine."""
        ...

    @classmethod
    def started(cls, folder: Path, fault: Fault) -> AbstractContextManager[BreakableDatabase]:
        """Start one in an empty folder, with a backup of its desk; it is stopped after the block."""
        ...

    def cause(self) -> None:
        """Cause the fault. It lasts until `mend`."""
        ...

    def mend(self) -> None:
        """Do what the remedy says."""
        ...

    def anonymise(self, text: str) -> str:
        """Return a sentence without what differs from run to run, such as the names of folders."""
        ...
