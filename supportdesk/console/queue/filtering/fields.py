"""The fields of the language: what each asks of a ticket, and which values it understands.

`due` is the instant at which the running clock of a ticket falls due, by the wall clock: `due:<2h` is what falls due
within two hours or is overdue already. `age` counts from when the request was received, nights and holidays too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from supportdesk.console.queue.entry import Entry
from supportdesk.console.queue.filtering.conditions import (
    AnyOf,
    Attribute,
    Condition,
    InState,
    Lacks,
    Marked,
    Open,
    Reference,
    Turning,
)
from supportdesk.console.queue.filtering.faults import BadValueError
from supportdesk.console.queue.filtering.measures import length, number
from supportdesk.console.queue.filtering.vocabulary import Named, Vocabulary, likest, meant
from supportdesk.sla.clocks import State
from supportdesk.tickets import reference
from supportdesk.tickets.folding import begins
from supportdesk.tickets.ticket import WAITS, Stage

Offered = Callable[[Vocabulary], Sequence[Named]]
Values = Sequence[str]

ME = ("me", "mine")
NONE = "none"


@dataclass(frozen=True, slots=True)
class Field:
    """`read` makes a condition of the values, of which one has to be met, and raises BadValueError.

    `offered` are values to choose from, with what each stands for; `asks` says in a few words what the field is about.
    """

    name: str
    asks: str
    read: Callable[[Values, Vocabulary], Condition]
    offered: Offered


@dataclass(frozen=True, slots=True)
class Flag:
    """A word that asks something by itself."""

    name: str
    asks: str
    condition: Condition


def _choice(name: str, asks: str, read: Callable[[Entry], Any], offered: Offered, *, mine: str = "") -> Field:
    """A field whose values are few and known; `mine` names what of the vocabulary `mine` stands for."""

    def condition(values: Values, vocabulary: Vocabulary) -> Condition:
        keys = set()
        for value in values:
            if mine and value in ME and (own := getattr(vocabulary, mine)):
                keys.add(own)
            else:
                keys |= _keys(name, value, offered(vocabulary))
        return Attribute(read, keys.__contains__)

    return Field(name, asks, condition, offered)


def _keys(name: str, value: str, options: Iterable[Named]) -> set[str]:
    """The keys that a value may mean; where no options are known, it is taken for one itself."""
    known = list(options)
    if not known:
        return {value}
    found = {key for key, _ in meant(value, known)}
    if not found:
        near = likest(value, [text for each in known for text in each])
        hint = f"did you mean {near}?" if near else f"there are {', '.join(key for key, _ in known)}"
        raise BadValueError(f"no {name} begins with {value}; {hint}")
    return found


def _states(values: Values, vocabulary: Vocabulary) -> Condition:
    keys = set().union(*(_keys("state", value, _STATES) for value in values))
    return InState(tuple(state for state in State if state in keys))


def _owner(values: Values, vocabulary: Vocabulary) -> Condition:
    usernames = {username for username, _ in vocabulary.staff}

    def accepts(owner: tuple[str | None, str]) -> bool:
        username, name = owner
        for value in values:
            if value == NONE or username is None:
                if value == NONE and username is None:
                    return True
            elif value in ME and vocabulary.me:
                if username == vocabulary.me:
                    return True
            elif username == value if value in usernames else begins(value, username, name):
                return True
        return False

    return Attribute(attrgetter("row.owner", "row.owner_name"), accepts)


def _owners(vocabulary: Vocabulary) -> Sequence[Named]:
    return [("me", "yourself"), (NONE, "nobody"), *vocabulary.staff]


def _named(read: str) -> Callable[[Values, Vocabulary], Condition]:
    def condition(values: Values, vocabulary: Vocabulary) -> Condition:
        return Attribute(attrgetter(read), lambda name: any(begins(value, name) for value in values))

    return condition


def _rung(values: Values, vocabulary: Vocabulary) -> Condition:
    compared = [number(value, "rung:>0") for value in values]
    return Attribute(attrgetter("row.rung"), lambda rung: any(holds(rung) for holds in compared))


def _due(values: Values, vocabulary: Vocabulary) -> Condition:
    return _any_of([_due_by(value) for value in values])


def _due_by(value: str) -> Condition:
    if value == NONE:
        return Lacks(due_at)
    compared, seconds = length(value, "due:<2h")
    # `due:<2h` begins to hold a second after there are two hours left, and `due:<=2h` with that second.
    return Turning(due_at, int(compared in ("<", ">=")) - seconds, from_then=compared in ("<", "<="))


def _age(values: Values, vocabulary: Vocabulary) -> Condition:
    return _any_of([_age_over(value) for value in values])


def _age_over(value: str) -> Condition:
    compared, seconds = length(value, "age:>3d")
    return Turning(received_at, seconds + int(compared in (">", "<=")), from_then=compared in (">", ">="))


def _any_of(conditions: Sequence[Condition]) -> Condition:
    return conditions[0] if len(conditions) == 1 else AnyOf(tuple(conditions))


def _reference(values: Values, vocabulary: Vocabulary) -> Condition:
    parts = [part for value in values for part in (value.replace("-", ""), reference.typed_part(value))]
    return Reference(tuple(filter(None, parts)))


def due_at(entry: Entry) -> int | None:
    """When the running clock of a ticket falls due; None where none runs to a time."""
    lead = entry.row.lead
    return None if lead.verdict is not None else lead.due


def received_at(entry: Entry) -> int:
    """When the request came."""
    return entry.row.received_at


_STATES: Sequence[Named] = [(state.value, state.value) for state in State]
_STAGES: Sequence[Named] = [(stage.value, stage.value) for stage in Stage if stage is not Stage.CLOSED]
_POLICY: Sequence[Named] = [("out", "out of policy"), ("in", "as the policy asks")]
_IS: Sequence[Named] = [("open", "still to be done"), ("resolved", "done, not closed")]
_SOON: Sequence[Named] = [("<30m", ""), ("<2h", ""), ("<8h", ""), ("<1d", ""), (NONE, "no due time")]
_LONG: Sequence[Named] = [(">1d", ""), (">3d", ""), (">1w", ""), ("<1h", "")]
_RUNGS: Sequence[Named] = [(">0", "escalated"), ("0", "not escalated")]


def _policy(values: Values, vocabulary: Vocabulary) -> Condition:
    keys = set().union(*(_keys("policy", value, _POLICY) for value in values))
    return Attribute(attrgetter("row.out_of_policy"), lambda out: ("out" if out else "in") in keys)


def _is(values: Values, vocabulary: Vocabulary) -> Condition:
    keys = set().union(*(_keys("is", value, _IS) for value in values))
    return _any_of([Open(key == "open") for key in sorted(keys)])


def _names(of: Callable[[Vocabulary], Callable[[], Sequence[str]]]) -> Offered:
    return lambda vocabulary: [(name, "") for name in of(vocabulary)()]


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        _choice("severity", "how grave", attrgetter("row.severity"), lambda known: known.severities),
        Field("owner", "whose", _owner, _owners),
        Field("state", "where its clock stands", _states, lambda _: _STATES),
        Field("org", "which customer", _named("row.organisation"), _names(lambda known: known.organisations)),
        _choice("stage", "how far", attrgetter("row.stage"), lambda _: _STAGES),
        Field(
            "due", "time until it is due, by the wall clock; overdue counts as less", _due, lambda _: _SOON
        ),
        Field("age", "time since it came in", _age, lambda _: _LONG),
        _choice("channel", "how it came", attrgetter("row.channel"), lambda known: known.channels),
        _choice("team", "which line", attrgetter("row.team"), lambda known: known.teams, mine="team"),
        _choice("waiting", "on whom", attrgetter("row.waiting"), lambda _: [(on, on) for on in WAITS]),
        Field("contact", "who asked", _named("row.contact"), _names(lambda known: known.contacts)),
        Field("policy", "came as the policy asks, or not", _policy, lambda _: _POLICY),
        Field("rung", "how far up the ladder", _rung, lambda _: _RUNGS),
        Field("is", "open or resolved", _is, lambda _: _IS),
        Field("ref", "a part of the reference", _reference, lambda _: ()),
    )
}
"""Every field by its name, in the order in which they are offered."""

FLAGS: dict[str, Flag] = {
    flag.name: flag
    for flag in (
        Flag("waiting", "on anybody", Attribute(attrgetter("row.waiting"), bool)),
        Flag(
            "paged",
            "somebody was paged and has not acknowledged",
            Attribute(attrgetter("row.page_open"), bool),
        ),
        Flag("promised", "a fix is promised", Attribute(attrgetter("row.resolution.promised"), bool)),
        Flag("marked", "marked to be acted on", Marked()),
    )
}
"""Every word that asks something by itself, by that word."""
