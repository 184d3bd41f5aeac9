"""Tuesday 24 November 2026, 09:42 in the office: a desk with something in every state, by the real commands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from supportdesk.clock import SetClock
from supportdesk.tickets.case import Directory
from supportdesk.tickets.command import Command
from supportdesk.tickets.people import Article, Contact, Organisation, Person, Release, Role, Rotation
from supportdesk.tickets.process.assignment import Assign, Claim
from supportdesk.tickets.process.escalation import Escalate
from supportdesk.tickets.process.resolution import (
    PromiseFix,
    ProposeWorkaround,
    Reply,
    Resolve,
    Wait,
)
from supportdesk.tickets.process.triage import Acknowledge, Log, Note
from tests.console.fake_door import FakeDoor
from tests.tickets.story import claritum

NOW = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)
OPERATOR = "ann"

STAFF = (
    Person("ann", "Ann Lee", "user-support", (Role.AGENT, Role.SUPERVISOR), "+44 20 7946 0101"),
    Person("sam", "Sam Okoro", "user-support", (Role.AGENT,), "+44 20 7946 0102"),
    Person("lee", "Lee Wong", "user-support", (Role.AGENT,), "+44 20 7946 0103"),
    Person("priya", "Priya Nair", "technical-support", (Role.ENGINEER,), "+44 7700 900104"),
    Person("tom", "Tom Ellis", "development", (Role.ENGINEER,), "+44 20 7946 0105"),
    Person("rosa", "Rosa Lindt", "account-management", (Role.ACCOUNT_MANAGER,), "+44 20 7946 0106"),
    Person(
        "maya",
        "Maya Brandt",
        "user-support",
        (Role.SUPERVISOR, Role.ADMINISTRATOR),
        "+44 7700 900107",
        "",
        ("support-manager",),
    ),
)
ORGANISATIONS = (
    Organisation("acme", "Acme Ltd", "rosa"),
    Organisation("northwind", "Northwind Traders", "rosa"),
    Organisation("initech", "Initech", "rosa"),
    Organisation("globex", "Globex Corporation"),
    Organisation("umbra", "Umbra Print"),
)
CONTACTS = (
    Contact("jo", "acme", "Jo Park", True, "+44 20 7946 0018", "jo.park@acme.example"),
    Contact("nils", "northwind", "Nils Berg", True, "+44 20 7946 0033", "nils@northwind.example"),
    Contact("bill", "initech", "Bill Lumley", True, "+44 20 7946 0044", "bill@initech.example"),
    Contact("hana", "globex", "Hana Sato", False, "", "hana@globex.example"),
    Contact("odd", "umbra", "Odd Lie", False, "", "odd@umbra.example"),
)
RELEASES = (Release("7.4", date(2026, 12, 9)), Release("7.5", date(2027, 1, 20)))
ARTICLES = (
    Article("KB-12", "Why an export stops half-way", "Split the period in two."),
    Article("KB-31", "Printing a logo in full resolution", "Use a vector file."),
)
ROTATION = Rotation(("priya", "tom"), datetime(2026, 11, 23, 8, tzinfo=UTC), "Europe/London")


def directory() -> Directory:
    """Whom the desk knows."""
    return Directory(
        staff={person.username: person for person in STAFF},
        organisations={each.key: each for each in ORGANISATIONS},
        contacts={each.key: each for each in CONTACTS},
        releases={each.key: each for each in RELEASES},
        articles={each.key: each for each in ARTICLES},
        rotations=(ROTATION,),
        policies={claritum().version: claritum()},
    )


def empty_desk() -> FakeDoor:
    """The same morning with nothing to do."""
    return FakeDoor(SetClock(NOW), directory())


def at(day: int, clock: str) -> datetime:
    """An instant in November 2026, which is winter time in London."""
    hour, minute = clock.split(":")
    return datetime(2026, 11, day, int(hour), int(minute), tzinfo=UTC)


def night_desk() -> FakeDoor:
    """The same tickets at 22:30: the office is closed, and only the round-the-clock promises run."""
    door = desk()
    door.clock.set(at(24, "22:30"))
    return door


def calm_desk() -> FakeDoor:
    """A morning on which nothing burns."""
    door = empty_desk()
    for began, log, *_ in _requests()[6:12]:
        door.clock.set(began.replace(day=24, hour=8))
        door.by("ann", log)
    door.clock.set(NOW)
    return door


def ref_of(door: FakeDoor, summary: str) -> str:
    """The ticket whose summary begins like this."""
    (ref,) = (row.ref for row in door.queue().rows if row.summary.startswith(summary))
    return ref


def desk() -> FakeDoor:
    """The morning itself."""
    door = empty_desk()
    for began, log, *after in _requests():
        door.clock.set(began)
        ref = door.by("ann", log)
        for later, who, command, arguments in after:
            door.clock.set(began + later)
            door.by(who, command(ref, **arguments))
    door.clock.set(NOW)
    door.asked.clear()
    door.done.clear()
    return door


Step = tuple[timedelta, str, Callable[..., Command], dict[str, str]]


def _log(severity: str, channel: str, who: str, summary: str, description: str = "") -> Log:
    contact = next(each for each in CONTACTS if each.key == who)
    return Log(severity, channel, contact.organisation, who, summary, description)


def _step(minutes: int, who: str, command: Callable[..., Command], **arguments: str) -> Step:
    return (timedelta(minutes=minutes), who, command, arguments)


def _requests() -> list[tuple[datetime, Log, *tuple[Step, ...]]]:
    return [
        (
            at(24, "1:29"),
            _log(
                "critical",
                "hotline",
                "jo",
                "Checkout hangs for every user",
                "Since about 01:20 no order goes through; the page spins until it times out.\n"
                "Restarting the web servers helped for two minutes.",
            ),
            _step(2, "priya", Acknowledge),
            _step(
                9,
                "priya",
                Reply,
                text="We are on it; the log shows a lock on the stock table.",
                by="telephone",
            ),
            _step(463, "priya", Reply, text="Rolling back last night's change, 20 minutes."),
            _step(482, "ann", Escalate, way="hierarchical", reason="the rollback does not take"),
        ),
        (
            at(24, "8:48"),
            _log("critical", "hotline", "nils", "Nobody can log in since the certificate changed"),
        ),
        (
            at(20, "14:40"),
            _log("high", "phone", "jo", "Purchase order approval fails at step two"),
            _step(8, "ann", Claim),
            _step(15, "ann", Reply, text="We can reproduce it and look into the rules.", by="telephone"),
        ),
        (
            at(23, "9:20"),
            _log("high", "portal", "bill", "Export stops half-way"),
            _step(30, "sam", Claim),
            _step(31, "sam", Reply, text="Which period do you export?"),
        ),
        (
            at(23, "11:05"),
            _log("high", "email", "hana", "Invoice totals wrong after the currency update"),
            _step(30, "sam", Claim),
            _step(35, "sam", Reply, text="Please send us one such invoice."),
            _step(36, "sam", Wait, on="customer", reason="an example"),
        ),
        (at(24, "8:15"), _log("high", "phone", "nils", "Stock levels are not updated in two warehouses")),
        (
            at(20, "9:10"),
            _log("medium", "email", "bill", "Search is slow in the afternoon"),
            _step(60, "ann", Assign, owner="lee"),
        ),
        (at(20, "11:50"), _log("medium", "portal", "hana", "Two reports show different totals")),
        (
            at(23, "15:30"),
            _log("medium", "portal", "jo", "Delivery notes print the old address"),
            _step(20, "ann", Claim),
            _step(25, "ann", ProposeWorkaround, text="Print from the order instead."),
        ),
        (at(23, "16:45"), _log("medium", "phone", "odd", "Users are logged out after ten minutes")),
        (at(20, "13:00"), _log("low", "portal", "odd", "Logo blurred on the print")),
        (
            at(19, "10:00"),
            _log("low", "portal", "jo", "Wrong total in one report"),
            _step(45, "lee", ProposeWorkaround, text="Take the total of the summary page."),
            _step(50, "lee", PromiseFix, release="7.4"),
        ),
        (at(23, "14:20"), _log("change", "portal", "nils", "Approvals by mobile telephone")),
        (
            at(18, "9:00"),
            _log("high", "phone", "bill", "Payments file refused by the bank"),
            _step(12, "ann", Claim),
            _step(20, "ann", Reply, text="The bank changed its format; a corrected file is on its way."),
            _step(200, "ann", Note, text="Their bank confirms that the new file works."),
            _step(210, "ann", Resolve, text="The corrected file went through.", how="fix"),
        ),
    ]
