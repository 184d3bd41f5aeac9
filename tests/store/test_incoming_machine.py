"""Whatever arrives, is settled or erased: each message has one state, and all of them add up."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from supportdesk.clock import FixedClock
from supportdesk.desk import Desk
from supportdesk.desk_api import Applied
from supportdesk.tickets.actors import INTAKE
from supportdesk.tickets.incoming_message import UNSETTLED, IncomingMessage, MessageState
from supportdesk.tickets.records.commands import EraseContact
from supportdesk.tickets.records.incoming_commands import SettleMessage
from tests.seeds import examples
from tests.store.desks import database_of, furnished, logged, verified
from tests.store.exchanged import compare_round_trip
from tests.store.incoming import SUPPORT, arrival, stored
from tests.tickets.scenario import MONDAY_NINE

STATES = st.sampled_from(MessageState)


class IncomingMachine(RuleBasedStateMachine):
    """`accounted` is what the intake has recorded, by source, place in it, and number of the mail."""

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.desk = Desk.open(furnished(Path(self.folder.name)), FixedClock(MONDAY_NINE))
        self.ref = logged(self.desk, contact="kim")
        self.accounted: dict[tuple[str, str, int], MessageState] = {}

    @rule(
        source=st.sampled_from([SUPPORT, "help"]),
        number=st.integers(1, 3),
        copy=st.integers(0, 2),
        state=STATES,
        known=st.booleans(),
    )
    def arrive(self, source: str, number: int, copy: int, state: MessageState, known: bool) -> None:
        place = (source, f"{copy}", number)
        command = arrival(
            number,
            state,
            source=source,
            identity=place[1],
            ref=self.ref if known else None,
            contact="jo" if known else None,
        )
        outcome = self.desk.do(command, by=INTAKE.key)
        before = place in self.accounted
        # After an erasure, its Message-ID or sender may not be known any more, but its place is.
        assert isinstance(outcome, Applied) or not before
        if isinstance(outcome, Applied):
            assert outcome.repeated == before
            self.accounted.setdefault(place, state)

    @rule(place=st.integers(0, 30), state=STATES, by=st.sampled_from(["ann", "sam"]), known=st.booleans())
    def settle(self, place: int, state: MessageState, by: str, known: bool) -> None:
        messages = stored(self.desk)
        if not messages:
            return
        message = messages[place % len(messages)]
        outcome = self.desk.do(
            SettleMessage(message.key, state.value, self.ref if known else None, "as it is"), by=by
        )
        if isinstance(outcome, Applied):
            assert message.state in UNSETTLED
            told = next(each for each in self.accounted if self._names(each) == _name(message))
            self.accounted[told] = state

    @rule()
    def erase(self) -> None:
        self.desk.do(EraseContact("jo"), by="sue")

    def _names(self, place: tuple[str, str, int]) -> tuple[str, str, str]:
        source, identity, number = place
        return source, identity, arrival(number).message.content_digest

    @invariant()
    def every_message_has_one_state_and_they_add_up(self) -> None:
        if not hasattr(self, "desk"):
            return
        messages = stored(self.desk)
        assert len({each.key for each in messages}) == len(messages) == len(self.accounted)
        assert Counter(each.state for each in messages) == Counter(self.accounted.values())
        counts = self.desk.count_incoming()
        assert sum(sum(states.values()) for states in counts.values()) == len(messages)

    def teardown(self) -> None:
        if not hasattr(self, "desk"):
            return
        found = verified(self.desk)
        assert found.is_intact, found
        compare_round_trip(database_of(self.desk), Path(self.folder.name))
        self.desk.close()
        self.folder.cleanup()


def _name(message: IncomingMessage) -> tuple[str, str, str]:
    return message.source, message.identity, message.content_digest


@pytest.mark.slow
@pytest.mark.straggler
@pytest.mark.long_on_server
def test_no_message_is_unaccounted_for_and_none_has_two_states(database_kind: str) -> None:
    tries = examples(12 if database_kind == "sqlite" else 3)
    run_state_machine_as_test(
        IncomingMachine, settings=settings(max_examples=tries, stateful_step_count=25, deadline=None)
    )
