"""How many messages a second are taken in, what memory a large one takes, and how soon one is in another's queue.

The messages of a maildir are taken in one after another, on a desk in a file and on a server, in turns with parsing the
same ones by Python's own `email` and with a bare transaction for each of as many statements. Processor's time is that
of the program and of the server; the least of the rounds is given. Memory is the peak of a process that takes in one
message. A watcher looks into its maildir every 5 s, as in a console, and another process waits for the ticket.
"""

from __future__ import annotations

import mailbox
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from email.message import EmailMessage
from functools import partial
from itertools import count
from pathlib import Path

from supportdesk.desk import Desk
from supportdesk.intake.mail.configured import MaildirMailbox
from supportdesk.intake.mail.mail_intake import MailIntake
from supportdesk.intake.mail.mailbox import Delivery, Mailbox
from supportdesk.intake.mail.maildir_intake import take_in_maildir
from supportdesk.intake.mail.maildir_task import MaildirTask
from supportdesk.intake.mail.parsing.parser import parse_mail
from supportdesk.tickets.documents import Contact
from supportdesk.tickets.records.commands import SaveContact
from supportdesk.watcher.hosting import start_watcher
from supportdesk.watcher.loop import INTERVAL
from supportdesk.watcher.outside import Outside
from tests import databases
from tests.bench.desks import open_desk
from tests.bench.mail_reader import read_bare
from tests.bench.scale import processor_time
from tests.bench.starting import TREE
from tests.bench.writing import bare_database, commit_bare, counted_statements
from tests.postgres import database_in, shared_server
from tests.store.desks import done, furnished, running_server
from tests.tickets.scenario import MONDAY_NINE
from tests.watcher.fast_clock import FastClock

ROUNDS, ROUND = 5, 40
"""Rounds, and the messages of each."""

DELIVERIES = 15
"""Messages whose way into a queue is measured."""

LARGE = 20 * 1024 * 1024
"""The bytes of a large message."""

_PARSE = "a bare `email` parse"
SUPPORT = Mailbox("support", "maildir")
_LINES = "The export stops at half of the orders, and the log says nothing of it.\n"

_numbers = count(1)


def report() -> str:
    """Return the messages a second, the peaks of memory, and the delays."""
    kinds = [kind for kind in databases.KINDS if kind != databases.POSTGRES or shared_server() is not None]
    lines = [f"{ROUND} messages a round", f"{'':<34}{'CPU ms':>9}{'a second':>10}"]
    for kind in kinds:
        with databases.use(kind), tempfile.TemporaryDirectory() as folder:
            lines += _rate_lines(Path(folder))
    lines += ["", f"{'peak of a process':<34}{'email MB':>9}{'intake MB':>11}{'more than empty':>17}"]
    with tempfile.TemporaryDirectory() as folder:
        lines += _memory_lines(Path(folder))
    lines += ["", f"{'delivery to another queue':<34}{'median s':>9}{'longest s':>11}"]
    for kind in kinds:
        with databases.use(kind), tempfile.TemporaryDirectory() as folder:
            delays = measure_delays(Path(folder))
        lines.append(f"{kind:<34}{statistics.median(delays):>9.1f}{max(delays):>11.1f}")
    return "\n".join(lines)


def write() -> EmailMessage:
    """Write a message as mail programs do: text and HTML, with a quoted part."""
    message = _write_head()
    text = f"Good morning,\n\n{_LINES * 5}\nJo\n\nOn Friday, Jo wrote:\n{('> ' + _LINES) * 10}"
    message.set_content(text)
    paragraphs = "".join(f"<p>{line}</p>\n" for line in text.splitlines())
    message.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")
    return message


def _write_head() -> EmailMessage:
    message = EmailMessage()
    number = next(_numbers)
    message["From"] = "Jo Park <jo@acme.example>"
    message["To"] = "support@claritum.example"
    message["Subject"] = f"Export {number} stops half-way"
    message["Message-ID"] = f"<{number}@acme.example>"
    return message


def _prepare(folder: Path) -> str:
    """Return the address of a desk that has the contact who writes the messages."""
    address = furnished(folder)
    with closing(open_desk(address, _clock())) as desk:
        done(desk, SaveContact(Contact("jo", "acme", "Jo Park", super_user=True, email="jo@acme.example")))
    return address


def _clock() -> FastClock:
    return FastClock(MONDAY_NINE, time.monotonic(), 1)


def _rate_lines(folder: Path) -> Iterator[str]:
    address, maildir = _prepare(folder), folder / "mail"
    with closing(open_desk(address, _clock())) as desk, _bare_transactions(folder) as commit:
        statements = _count_statements(desk)
        transaction = f"a transaction of {statements} statements"
        costs: dict[str, list[tuple[float, float]]] = {}
        works: dict[str, Callable[[list[bytes]], object]] = {
            _PARSE: lambda messages: list(map(read_bare, messages)),
            "our parse": lambda messages: [parse_mail(each, now=MONDAY_NINE) for each in messages],
            transaction: lambda messages: [commit(statements) for _ in messages],
            "taken in": lambda messages: _take_in(desk, maildir),
        }
        for _ in range(ROUNDS):
            messages = [write().as_bytes() for _ in range(ROUND)]
            with closing(mailbox.Maildir(maildir, create=True)) as box:
                for each in messages:
                    box.add(each)
            for name, work in works.items():
                costs.setdefault(name, []).append(_measure(partial(work, messages)))
    yield databases.chosen_kind()
    for name, rounds in costs.items():
        cpu, seconds = (min(each) / ROUND for each in zip(*rounds, strict=True))
        yield f"  {name:<32}{cpu * 1000:>9.2f}{1 / seconds:>10,.0f}"
    bare = [parsed[0] + written[0] for parsed, written in zip(costs[_PARSE], costs[transaction], strict=True)]
    ratio = statistics.median(taken[0] / each for taken, each in zip(costs["taken in"], bare, strict=True))
    yield f"  taken in, to a bare parse and a transaction: {ratio:.1f} times the CPU"


def _take_in(desk: Desk, maildir: Path) -> list[object]:
    accounted = list(take_in_maildir(MailIntake(desk, SUPPORT), maildir))
    assert len(accounted) == ROUND, len(accounted)
    assert all(not isinstance(each, str) and each.ref for _, each in accounted), accounted
    return [*accounted]


def _count_statements(desk: Desk) -> int:
    """Return how many statements taking in a message needs, once what is read once has been."""
    intake = MailIntake(desk, SUPPORT)
    intake.take_in(Delivery(write().as_bytes()))
    with counted_statements() as statements:
        intake.take_in(Delivery(write().as_bytes()))
    return len(statements)


def _measure(work: Callable[[], object]) -> tuple[float, float]:
    """Return the seconds of the processor and of the clock."""
    began, began_cpu = time.perf_counter(), processor_time()
    work()
    return processor_time() - began_cpu, time.perf_counter() - began


@contextmanager
def _bare_transactions(folder: Path) -> Iterator[Callable[[int], None]]:
    """Yield what commits a transaction of a number of statements to a database of the chosen kind, and nothing else."""
    if databases.chosen_kind() == databases.SQLITE:
        with bare_database(folder / "bare.db") as file:
            yield lambda statements: commit_bare(file, statements)
        return
    with running_server().connect(database_in(databases.address_at(folder / "bare"))) as server:
        server.execute("CREATE TABLE bare (number SERIAL PRIMARY KEY, text TEXT)")

        def commit(statements: int) -> None:
            with server.transaction():
                server.execute("INSERT INTO bare (text) VALUES (%s)", ("x" * 400,))
                for _ in range(statements - 1):
                    server.execute("SELECT text FROM bare WHERE number = %s", (1,)).fetchone()

        yield commit


def _memory_lines(folder: Path) -> Iterator[str]:
    address, file = _prepare(folder), folder / "message.eml"
    empty = None
    for name, message in _large_messages():
        file.write_bytes(message.as_bytes())
        email, intake = (_find_peak(file, *more) for more in ((), (address,)))
        empty = empty or (email, intake)
        grown = f"{email - empty[0]:,.0f} / {intake - empty[1]:,.0f} MB"
        yield f"{name:<34}{email:>9.0f}{intake:>11.0f}{grown:>17}"


def _large_messages() -> Iterator[tuple[str, EmailMessage]]:
    yield "an empty message", _write_head()
    attached = write()
    # In base64 four bytes stand for three.
    data = random.Random(1).randbytes(LARGE * 3 // 4)
    attached.add_attachment(data, maintype="application", subtype="zip", filename="logs.zip")
    yield "20 MB, an attachment", attached
    for subtype, name in (("plain", "20 MB of text"), ("html", "20 MB of HTML")):
        message = _write_head()
        line = _LINES if subtype == "plain" else f"<p>{_LINES}</p>"
        message.set_content(line * (LARGE // len(line)), subtype=subtype, cte="7bit")
        yield name, message


def _find_peak(*arguments: object) -> float:
    """Return the peak of a process that reads a message, in MB."""
    command = [sys.executable, "-m", "tests.bench.mail_reader", *map(str, arguments)]
    return float(subprocess.run(command, check=True, cwd=TREE, text=True, stdout=subprocess.PIPE).stdout)


def measure_delays(folder: Path) -> list[float]:
    """Return the seconds from the delivery of each message until another process has its ticket in the queue."""
    address, maildir, clock, chance = _prepare(folder), folder / "mail", _clock(), random.Random(1)
    watched = [MaildirMailbox(SUPPORT, maildir)]
    outside = Outside(make_more_tasks=lambda say: [MaildirTask(say, lambda: watched)])
    delays = []
    with closing(mailbox.Maildir(maildir, create=True)) as box:
        watcher = start_watcher(lambda: open_desk(address, clock), None, outside=outside)
        command = [sys.executable, "-m", "tests.bench.observer", address, str(DELIVERIES)]
        other = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=TREE)
        assert other.stdout is not None
        try:
            assert other.stdout.readline() == "ready\n"
            for _ in range(DELIVERIES):
                time.sleep(chance.uniform(0, INTERVAL))
                message = write().as_bytes()
                delivered = time.monotonic()
                box.add(message)
                delays.append(float(other.stdout.readline()) - delivered)
        finally:
            other.kill()
            other.communicate()
            watcher.stop()
    return delays


if __name__ == "__main__":
    print(report())
