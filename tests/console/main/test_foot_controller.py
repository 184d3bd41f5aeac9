"""The foot shows the message of the moment, and never a refusal of a ticket that is no longer current."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from textual.screen import Screen

from supportdesk.console.keys.keymap import KEYS
from supportdesk.console.main.foot_controller import FootController
from supportdesk.console.ticket.controller import TicketController
from supportdesk.console.widgets.footer import Footer


class FakeFoot:
    """Holds the message that would be shown."""

    def __init__(self) -> None:
        self.message = ""

    def show_message(self, text: str, *, refused: bool) -> None:
        self.message = text

    def clear_message(self) -> bool:
        self.message = ""
        return True


class Foot:
    """A controller at a screen that is in front or covered, with a current ticket."""

    def __init__(self, ref: str | None, *, in_front: bool = True) -> None:
        self.fake = FakeFoot()
        self.beside_notice: list[str] = []
        self.ticket = SimpleNamespace(row=None)
        self.go_to(ref)
        self.controller = FootController(
            cast(Screen[None], SimpleNamespace(is_active=in_front)),
            cast(Footer, self.fake),
            cast(TicketController, self.ticket),
            self.beside_notice.append,
        )

    def go_to(self, ref: str | None) -> None:
        self.ticket.row = None if ref is None else SimpleNamespace(ref=ref)


@pytest.mark.parametrize("other", ["CD-2", None])
def test_a_refusal_that_names_the_ticket_ends_when_another_one_is_shown(other: str | None) -> None:
    foot = Foot("CD-1")
    foot.controller.show_message("CD-1: it is resolved; reopen it (X).", True)
    foot.controller.on_ticket_shown()
    assert foot.fake.message
    foot.go_to(other)
    foot.controller.on_ticket_shown()
    assert not foot.fake.message


@pytest.mark.parametrize(("text", "refused"), [("CD-1: you claimed it.", False), ("No such key.", True)])
def test_any_other_message_stays_while_the_cursor_moves(text: str, refused: bool) -> None:
    foot = Foot("CD-1")
    foot.controller.show_message(text, refused)
    foot.go_to("CD-2")
    foot.controller.on_ticket_shown()
    assert foot.fake.message == text


def test_a_refusal_at_a_covered_foot_is_shown_beside_the_notice_too() -> None:
    covered, in_front = Foot("CD-1", in_front=False), Foot("CD-1")
    for foot in (covered, in_front):
        foot.controller.show_message("It was claimed.", True)
        foot.controller.show_message("Claimed.", False)
    assert covered.beside_notice == ["It was claimed."]
    assert in_front.beside_notice == []


def test_before_the_desk_is_open_nobody_can_act_and_the_keys_are_the_usual_ones() -> None:
    foot = Foot(None)
    assert not foot.controller.may_act()
    assert foot.fake.message == "The desk is not open yet."
    assert foot.controller.keys is KEYS
