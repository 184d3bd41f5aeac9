"""The fields of the language: what each asks of a ticket, and which values it understands.

`due` is the instant at which the running clock of a ticket falls due, by the wall clock: `due:<2h` is what falls due
within two hours or is overdue already. `age` counts from when the request was received, nights and holidays too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from supportdesk.console.queue.entry import QueueEntry
from supportdesk.console.queue.filter.comparisons import is_duration, number, parse_comparison
from supportdesk.console.queue.filter.errors import BadValueError
from supportdesk.console.queue.filter.name_index import Holds, Names
from supportdesk.console.queue.filter.predicates import (
    AnyOf,
    AtStage,
    Attribute,
    BreachedEarlier,
    Condition,
    Instant,
    InState,
    IsMissing,
    Marked,
    Open,
    Reference,
    Threshold,
)
from supportdesk.console.queue.filter.values import ME, NOBODY, NONE, Value
from supportdesk.console.queue.filter.vocabulary import Named, Vocabulary, matching, unknown
from supportdesk.sla.clocks import BREACHED_EARLIER, State
from supportdesk.tickets import reference
from supportdesk.tickets.folding import fold
from supportdesk.tickets.ticket import WAITS, Stage

Offered = Callable[[Vocabulary], Sequence[Named]]
Values = Sequence[Value]
Known = Callable[[Vocabulary], Callable[[], Sequence[str]]]


_ME = [Value(word) for word in ME]
_NOBODY = Value(NONE)


@dataclass(frozen=True, slots=True)
class Field:
    """`read` makes a condition of the values, of which one has to be met, and raises BadValueError.

    `offered` are values to choose from, with what each stands for; `asks` says in a few words what the field is about.
    """

    name: str
    asks: str
    read: Callable[[Values, Vocabulary], Condition]
    offered: Offered
    canonical: Callable[[Value, Vocabulary], Value] = lambda value, _: value


@dataclass(frozen=True, slots=True)
class Flag:
    """A word that asks something by itself."""

    name: str
    asks: str
    condition: Condition


def _choice(
    name: str, asks: str, read: Callable[[QueueEntry], Any], offered: Offered, *, mine: str = ""
) -> Field:
    """A field whose values are few and known; `mine` names what of the vocabulary `mine` stands for."""

    def condition(values: Values, vocabulary: Vocabulary) -> Condition:
        keys = set()
        for value in values:
            own = getattr(vocabulary, mine) if mine else ""
            if own and value in _ME:
                keys.add(own)
            else:
                keys |= _keys(name, value, offered(vocabulary))
        return Attribute(read, keys.__contains__)

    return Field(name, asks, condition, offered)


def _keys(name: str, value: Value, options: Iterable[Named], noun: str = "") -> set[str]:
    """The keys that a value may mean; where no options are known, it is taken for one itself."""
    known = list(options)
    if not known:
        return {value.text}
    _refuse_comparison(name, value, known)
    found = {key for key, _ in matching(value.text, known)}
    if not found:
        raise BadValueError(unknown(noun or name, value.text, known))
    return found


def _refuse_comparison(noun: str, value: Value, known: Sequence[Named]) -> None:
    """Raise BadValueError for `>high`: what stands behind the sign alone would mean something else."""
    if value.text[0] in "<>=" and not any(
        fold(text).startswith(value.text) for each in known for text in each
    ):
        keys = ",".join(key for key, _ in known[:2])
        raise BadValueError(f"{noun} cannot be compared; list the values, as in {keys}")


def _keys_only(options: Iterable[Named]) -> list[Named]:
    """The options without what they stand for: a description is not a name to match."""
    return [(key, "") for key, _ in options]


def _states(values: Values, vocabulary: Vocabulary) -> Condition:
    keys = set().union(*(_keys("state", value, _keys_only(_STATES)) for value in values))
    states = InState(tuple(state for state in State if state in keys))
    return AnyOf((states, BreachedEarlier())) if BREACHED_EARLIER in keys else states


def _owner(values: Values, vocabulary: Vocabulary) -> Condition:
    known = [*vocabulary.staff, *vocabulary.former]
    wanted = {vocabulary.me for value in values if value in _ME and vocabulary.me}
    called = [
        _called("owner", value, known)
        for value in values
        if not _is_nobody(value) and not (value in _ME and wanted)
    ]

    def accepts(owner: tuple[str | None, str]) -> bool:
        username, name = owner
        if username is None:
            return any(map(_is_nobody, values))
        return username in wanted or any(holds((username, name)) for holds in called)

    return Attribute(attrgetter("row.owner", "row.owner_name"), accepts)


def _paged(values: Values, vocabulary: Vocabulary) -> Condition:
    """Whose page is open: one that found nobody is nobody's (rule 18)."""
    known = [*vocabulary.staff, *vocabulary.former]
    names = dict(known)
    called = [
        _called("member of staff", value, known)
        for value in values
        if not _is_nobody(value) and not (value in _ME and vocabulary.me)
    ]
    mine = vocabulary.me if any(value in _ME for value in values) else None

    def accepts(page: tuple[bool, tuple[str, ...]]) -> bool:
        is_open, people = page
        if not is_open:
            return False
        if not people:
            return any(map(_is_nobody, values))
        return any(
            person == mine or any(holds((person, names.get(person, person))) for holds in called)
            for person in people
        )

    return Attribute(attrgetter("row.is_paging", "row.paged"), accepts)


def _release(values: Values, vocabulary: Vocabulary) -> Condition:
    called = [_called("release", value, vocabulary.releases) for value in values if value != _NOBODY]

    def accepts(release: str | None) -> bool:
        if release is None:
            return _NOBODY in values
        return any(holds((release,)) for holds in called)

    return Attribute(attrgetter("row.release"), accepts)


def _is_nobody(value: Value) -> bool:
    return value in (_NOBODY, Value(NOBODY))


def _called(noun: str, value: Value, known: Sequence[Named]) -> Holds:
    """Return a predicate for the names that a value matches. Raises BadValueError where none matches."""
    if known:
        _refuse_comparison(noun, value, known)
    holds = Names(text for each in known for text in each).matching(value.text)
    if known and not any(map(holds, known)):
        raise BadValueError(unknown(noun, value.text, known))
    return holds


def _owners(vocabulary: Vocabulary) -> Sequence[Named]:
    return [("me", "yourself"), (NONE, "unassigned"), *vocabulary.staff]


def _named(field: str, noun: str, of: Known, read: str) -> Callable[[Values, Vocabulary], Condition]:
    """The condition of a field whose values are names; `noun` is what has such a name."""

    def condition(values: Values, vocabulary: Vocabulary) -> Condition:
        names = of(vocabulary)()
        known = names if isinstance(names, Names) else Names(names)
        for value in values:
            # What is not in the queue may be on the desk all the same, with no ticket that is not closed.
            found = None if known.has(value.text) else vocabulary.look_up(field, value.text)
            if found is not None and not found.exists:
                near = [(name, "") for name in (*known, *found.near)]
                raise BadValueError(unknown(noun, value.text, near))
        called = [known.matching(value.text) for value in values]
        return Attribute(attrgetter(read), lambda name: any(holds((name,)) for holds in called))

    return condition


def _rung(values: Values, vocabulary: Vocabulary) -> Condition:
    compared = [number(value.text, "rung:>0") for value in values]
    return Attribute(attrgetter("row.rung"), lambda rung: any(holds(rung) for holds in compared))


def _due(values: Values, vocabulary: Vocabulary) -> Condition:
    return _any_of([_due_by(value, vocabulary) for value in values])


def _due_by(value: Value, vocabulary: Vocabulary) -> Condition:
    if value == _NOBODY:
        return IsMissing(due_at)
    if not is_duration(value.text):
        return _between(due_at, value, vocabulary)
    compared, seconds = parse_comparison(value.text, "due:<2h")
    # `due:<2h` begins to hold a second after there are two hours left, and `due:<=2h` with that second.
    return Threshold(due_at, int(compared in ("<", ">=")) - seconds, from_then=compared in ("<", "<="))


def _canonical_due(value: Value, vocabulary: Vocabulary) -> Value:
    if value == _NOBODY:
        return value
    if is_duration(value.text):
        parse_comparison(value.text, "due:<2h")
        return value
    return _canonical(value, vocabulary, "future")


def _age(values: Values, vocabulary: Vocabulary) -> Condition:
    return _any_of([_age_over(value.text) for value in values])


def _age_over(value: str) -> Condition:
    compared, seconds = parse_comparison(value, "age:>3d")
    return Threshold(received_at, seconds + int(compared in (">", "<=")), from_then=compared in (">", ">="))


def _dated(instant: Instant) -> Callable[[Values, Vocabulary], Condition]:
    return lambda values, vocabulary: _any_of([_between(instant, value, vocabulary) for value in values])


def _canonical_past(value: Value, vocabulary: Vocabulary) -> Value:
    return _canonical(value, vocabulary, "past")


# What reads dates is imported when first needed: no view of the first frame has a date in it.


def _between(instant: Instant, value: Value, vocabulary: Vocabulary) -> Condition:
    from supportdesk.console.queue.filter.dates import between

    return between(instant, value, vocabulary)


def _canonical(value: Value, vocabulary: Vocabulary, direction: str) -> Value:
    from supportdesk.console.queue.filter.dates import canonical

    return canonical(value, vocabulary, direction)


def _any_of(conditions: Sequence[Condition]) -> Condition:
    return conditions[0] if len(conditions) == 1 else AnyOf(tuple(conditions))


def _reference(values: Values, vocabulary: Vocabulary) -> Condition:
    parts = [part for text, _ in values for part in (text.replace("-", ""), reference.typed_part(text))]
    return Reference(tuple(filter(None, parts)))


def due_at(entry: QueueEntry) -> int | None:
    """When the running clock of a ticket falls due; None where none runs to a time."""
    lead = entry.row.lead
    return None if lead.verdict is not None else lead.due


def received_at(entry: QueueEntry) -> int:
    """When the request came."""
    return entry.row.received_at


def resolved_at(entry: QueueEntry) -> int | None:
    """When the ticket was resolved; None for one that is open."""
    return None if entry.is_open else entry.row.resolution.stopped_at


_STATES: Sequence[Named] = [
    *((state.value, state.value) for state in State),
    (BREACHED_EARLIER, "breached under another promise, in time for the present one"),
]
_STAGES: Sequence[Named] = [(stage.value, stage.value) for stage in Stage if stage is not Stage.CLOSED]
_POLICY: Sequence[Named] = [("out", "out of policy"), ("in", "in policy")]
_IS: Sequence[Named] = [
    ("open", "not resolved"),
    ("resolved", "resolved, not yet closed"),
    ("closed", "the newest 500 closed tickets"),
]
_IN_IS: dict[str, Condition] = {
    "open": Open(open=True),
    "resolved": AtStage(Stage.RESOLVED),
    "closed": AtStage(Stage.CLOSED),
}
_SOON: Sequence[Named] = [("<30m", ""), ("<2h", ""), ("<8h", ""), ("<1d", ""), (NONE, "no due time")]
_LONG: Sequence[Named] = [(">1d", ""), (">3d", ""), (">1w", ""), ("<1h", "")]
_DAYS: Sequence[Named] = [("today", ""), ("yesterday", ""), (">yesterday", "")]
_RUNGS: Sequence[Named] = [(">0", "escalated"), ("0", "not escalated")]


def _policy(values: Values, vocabulary: Vocabulary) -> Condition:
    keys = set().union(*(_keys("policy", value, _keys_only(_POLICY)) for value in values))
    return Attribute(attrgetter("row.out_of_policy"), lambda out: ("out" if out else "in") in keys)


def _is(values: Values, vocabulary: Vocabulary) -> Condition:
    keys = set().union(*(_keys("is", value, _keys_only(_IS), "value of is:") for value in values))
    return _any_of([_IN_IS[key] for key in sorted(keys)])


def _offers(of: Known) -> Offered:
    return lambda vocabulary: [(name, "") for name in of(vocabulary)()]


_ORGANISATIONS: Known = attrgetter("organisations")
_CONTACTS: Known = attrgetter("contacts")

FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        _choice("severity", "how severe", attrgetter("row.severity"), lambda known: known.severities),
        Field("owner", "who is responsible", _owner, _owners),
        Field("state", "state of its clock", _states, lambda _: _STATES),
        Field(
            "org",
            "customer",
            _named("org", "customer", _ORGANISATIONS, "row.organisation"),
            _offers(_ORGANISATIONS),
        ),
        _choice("stage", "new, assigned, resolved …", attrgetter("row.stage"), lambda _: _STAGES),
        Field(
            "due",
            "time until it is due, or the day it is due; overdue counts as less",
            _due,
            lambda _: _SOON,
            _canonical_due,
        ),
        Field("age", "time since it was received", _age, lambda _: _LONG),
        Field(
            "received",
            "day or time received",
            _dated(received_at),
            lambda _: _DAYS,
            _canonical_past,
        ),
        Field(
            "resolved",
            "day or time resolved",
            _dated(resolved_at),
            lambda _: _DAYS,
            _canonical_past,
        ),
        _choice("channel", "how it was received", attrgetter("row.channel"), lambda known: known.channels),
        _choice("team", "assigned team", attrgetter("row.team"), lambda known: known.teams, mine="team"),
        _choice("waiting", "on hold for …", attrgetter("row.waiting"), lambda _: [(on, on) for on in WAITS]),
        Field(
            "contact",
            "who requested it",
            _named("contact", "contact", _CONTACTS, "row.contact"),
            _offers(_CONTACTS),
        ),
        Field(
            "release",
            "release of the promised fix",
            _release,
            lambda known: [*known.releases, (NONE, "no fix promised")],
        ),
        Field(
            "paged",
            "who was paged and has not acknowledged; none: nobody could be paged",
            _paged,
            lambda known: [(NONE, "nobody was paged"), ("me", "yourself"), *known.staff],
        ),
        Field("policy", "in policy or out of policy", _policy, lambda _: _POLICY),
        Field("rung", "steps up the escalation ladder", _rung, lambda _: _RUNGS),
        Field("is", "open, resolved or closed", _is, lambda _: _IS),
        Field("ref", "part of the reference", _reference, lambda _: ()),
    )
}
"""Every field by its name, in the order in which they are offered."""

FLAGS: dict[str, Flag] = {
    flag.name: flag
    for flag in (
        Flag("overdue", "past its due time", Threshold(due_at, 1, from_then=True)),
        Flag("waiting", "on hold", Attribute(attrgetter("row.waiting"), bool)),
        Flag(
            "paged",
            "paged and not acknowledged",
            Attribute(attrgetter("row.is_paging"), bool),
        ),
        Flag("promised", "has a promised fix", Attribute(attrgetter("row.resolution.promised"), bool)),
        Flag("marked", "marked tickets", Marked()),
    )
}
"""Every word that asks something by itself, by that word."""
