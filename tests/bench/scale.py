"""What a desk costs that has grown: opening its queue, giving a command, verifying it, and having it open for nothing.

The desks are those of `large_desks` that have been made; the smallest is made here. Costs are the processor's time, of
the program and of the server, so that they depend little on what else the machine does. Commands on the smallest and on
the largest desk are given in turns. Memory is what the process of a console has, without its screen.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from statistics import median
from unittest.mock import patch

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied
from supportdesk.store import ledger
from supportdesk.store.closure import open_head
from supportdesk.store.database import create_with_records, open_database
from supportdesk.store.exchange.facts import fill_desk, read_facts
from supportdesk.store.verification.verify import verify
from supportdesk.tickets.command import Command
from supportdesk.tickets.process.assignment import Claim
from supportdesk.tickets.process.conversation import Note
from supportdesk.tickets.process.triage import Log
from tests import databases
from tests.bench.large_desks import NOW, OPERATOR, SIZES, find_desk, large_desk
from tests.bench.pty import Program
from tests.bench.starting import TREE
from tests.postgres import database_in
from tests.store.desks import running_server

ROUNDS, ROUND = 15, 6
"""Rounds of which the median is the cost of a command, and the commands of each kind in each."""
FLAT_GOAL = 1.2
"""The greatest ratio of a command's cost on the largest desk to that on the smallest."""
IDLE = 30.0
"""Seconds for which a console is left alone."""
MINUTE_OF_EVENTS = 1_000_000


def report() -> str:
    """Return the figures of both kinds of database."""
    large_desk(SIZES[0])
    sizes = [size for size in SIZES if find_desk(size) is not None]
    missing = [f"{size:,}" for size in SIZES if size not in sizes]
    lines = []
    if missing:
        lines.append(f"not made yet (python -m tests.bench.large_desks): {', '.join(missing)} open tickets\n")
    for kind in databases.KINDS:
        with databases.use(kind), ExitStack() as stack:
            addresses = {size: stack.enter_context(_copied(size)) for size in sizes}
            lines += [
                kind,
                *_queue_lines(addresses),
                *_flat_lines(addresses),
                *_idle_lines(addresses[sizes[0]]),
            ]
            lines += [*_verify_lines(addresses[sizes[-1]]), ""]
    return "\n".join(lines)


@contextmanager
def _copied(size: int) -> Iterator[str]:
    """Yield the address of a copy of a large desk on the chosen kind of database."""
    source = large_desk(size)
    if databases.chosen_kind() == databases.SQLITE:
        with tempfile.TemporaryDirectory(dir=source.parent) as folder:
            yield str(shutil.copy(source, folder))
        return
    server = running_server()
    address = server.address(server.make_database())
    try:
        create_with_records(address, lambda unfinished: _fill(source, unfinished))
        _analyse(address)
        yield address
    finally:
        server.drop_database(database_in(address))


def _fill(source: Path, address: str) -> None:
    with closing(open_database(str(source))) as database, closing(open_database(address)) as copy:
        wrong = fill_desk(copy, read_facts(database, database.read(ledger.read_head).seq))
        assert wrong is None, wrong
        copy.write(open_head)


def _analyse(address: str) -> None:
    """Gather the statistics that autovacuum gathers on a server that is not one of tests."""
    with running_server().connect(database_in(address)) as connection:
        connection.execute("VACUUM ANALYZE")


def _queue_lines(addresses: dict[int, str]) -> Iterator[str]:
    yield f"  {'open tickets':>14}{'events':>12}{'queue':>10}{'CPU':>10}{'memory':>10}{'of it queue':>13}"
    for address in addresses.values():
        with closing(open_database(address)) as database:
            events = database.read(ledger.read_head).seq
        said = subprocess.run(
            [sys.executable, "-m", "tests.bench.queue_loader", address],
            check=True,
            capture_output=True,
            text=True,
            cwd=TREE,
        ).stdout
        seconds, cpu, before, after, tickets = map(float, said.split())
        yield (
            f"  {tickets:>14,.0f}{events:>12,}{seconds:>8.2f} s{cpu:>8.2f} s{after:>7.0f} MB{after - before:>10.0f} MB"
        )


def _flat_lines(addresses: dict[int, str]) -> Iterator[str]:
    """Yield what commands cost on the smallest and the largest desk."""
    ends = [addresses[min(addresses)], addresses[max(addresses)]]
    with ExitStack() as stack:
        desks = [stack.enter_context(closing(Desk.open(each, FixedClock(NOW)))) for each in ends]
        logs = [_find_log(desk) for desk in desks]
        yield f"  {'command':>14}{'smallest':>12}{'largest':>12}{'ratio':>8}   (goal: at most {FLAT_GOAL})"
        for name, make in _COMMANDS.items():
            costs: list[list[float]] = [[], []]
            for _ in range(ROUNDS):
                for place, desk in enumerate(desks):
                    commands = [make(_do(desk, logs[place])) if make else logs[place] for _ in range(ROUND)]
                    began = processor_time()
                    for command in commands:
                        _do(desk, command)
                    costs[place].append((processor_time() - began) / ROUND)
            small, large = (median(each) for each in costs)
            ratio = median(large / small for small, large in zip(*costs, strict=True))
            yield f"  {name:>14}{small * 1000:>9.2f} ms{large * 1000:>9.2f} ms{ratio:>8.2f}"


_COMMANDS: dict[str, Callable[[str], Command] | None] = {
    "log": None,
    "claim": Claim,
    "note": lambda ref: Note(ref, "it is the usual thing"),
}


def _find_log(desk: Desk) -> Log:
    """Return a request of one of the demo's customers."""
    known = desk.queue().rows[0]
    organisation = desk.find_organisations(known.organisation)[0]
    contact = desk.contacts(organisation.key)[0]
    return Log("medium", "email", organisation.key, contact.key, "Export stops half-way")


def _do(desk: Desk, command: Command) -> str:
    outcome = desk.do(command, by=OPERATOR)
    assert isinstance(outcome, Applied), outcome
    assert outcome.ref is not None
    return outcome.ref


def processor_time() -> float:
    """Return the seconds of the processor that this process and the server have used so far."""
    return time.process_time() + server_time()


def server_time() -> float:
    """Return the seconds of the processor that the server's processes have used, also those that have ended; 0 for a
    file.
    """
    if databases.chosen_kind() != databases.POSTGRES:
        return 0.0
    first = (running_server().data / "postmaster.pid").read_text(encoding="utf-8").split()[0]
    used = 0
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parent = (each / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1]
            if first in {parent, each.name}:
                used += int((each / "schedstat").read_text(encoding="ascii").split()[0])
    return used / 1e9 + _time_of(int(first), _OF_ENDED)


_OWN, _OF_ENDED = (11, 12), (13, 14)
"""The places of the times in `/proc/PID/stat`, after the name: of itself, and of its children that ended."""


def _time_of(pid: int, places: tuple[int, int] = _OWN) -> float:
    """Return the seconds of the processor that a process has used, with those of threads that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(int(fields[place]) for place in places) / os.sysconf("SC_CLK_TCK")


def _idle_lines(address: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as home:
        own = {"HOME": home, "XDG_STATE_HOME": home, "XDG_CONFIG_HOME": home}
        with patch.dict(os.environ, own):
            console = Program([sys.executable, "-m", "supportdesk", "--db", address, "--as", OPERATOR], TREE)
        try:
            console.until(b"CD-")
            console.quiet(5.0)
            before, before_server = _time_of(console.pid), server_time()
            console.quiet(IDLE)
            ours, server = _time_of(console.pid) - before, server_time() - before_server
        finally:
            console.stop()
    yield f"  an idle console for a minute: {ours * 60 / IDLE:.2f} s CPU, the server {server * 60 / IDLE:.3f} s CPU"


def _verify_lines(address: str) -> Iterator[str]:
    with closing(open_database(address)) as database:
        began, began_cpu = time.perf_counter(), processor_time()
        found = verify(database)
        seconds, cpu = time.perf_counter() - began, processor_time() - began_cpu
    assert found.is_intact, found.findings
    times = MINUTE_OF_EVENTS / found.events
    yield (
        f"  verify of {found.events:,} events: {seconds:.1f} s, {cpu:.1f} s CPU; of a million"
        f" {seconds * times:.0f} s, {cpu * times:.0f} s CPU"
    )


if __name__ == "__main__":
    print(report())
