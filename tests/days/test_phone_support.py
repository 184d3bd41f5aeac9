"""A morning at the telephone: who rings, what about, and the reference read back, without the mouse."""

import pytest

from tests.days.at_the_desk import at_the_desk, reference_of

pytestmark = pytest.mark.xdist_group("days")

BURNING = "Nobody can log in"
SIZES = [(160, 50), (80, 24)]


@pytest.mark.parametrize("size", SIZES)
async def test_a_new_request_is_logged_and_read_back_within_eight_keys(
    address: str, size: tuple[int, int]
) -> None:
    async with at_the_desk(address, size=size) as ann:
        await ann.sees("CRITICAL")
        await ann.press("n")
        await ann.type("aisha")
        await ann.sees("Calder Textiles", "super user")
        await ann.press("enter")
        await ann.sees("New request", "Nobody can log in")
        await ann.press("enter")
        await ann.sees("Summary")
        await ann.type("Labels print twice")
        await ann.press("enter", "2", "f2")
        await ann.sees("Charlie Delta", "We will respond by 12:42 today, and resolve it by 13:42 on Thursday")
        assert ann.keys <= 8
        await ann.press("enter")
        await ann.sees("Labels print twice", "61 open")


async def test_a_caller_is_found_by_number_company_and_reference(address: str) -> None:
    ref = reference_of(address, BURNING)
    read_out = ref.replace("-", "").casefold()
    async with at_the_desk(address) as ann:
        for typed in ("020 7946 0007", "+442079460007", "aish cald", ref, read_out):
            await ann.press("n")
            await ann.type(typed)
            await ann.sees("Aisha Rahman", "Calder Textiles")
            await ann.press("enter")
            await ann.sees("About", "Account manager", "David Osei", "Last contact")
            await ann.press("escape")
            await ann.sees("CRITICAL")


async def test_a_reference_that_was_misheard_is_said_at_once(address: str) -> None:
    right = reference_of(address, BURNING)
    wrong = right[:-1] + ("A" if right[-1] != "A" else "B")
    async with at_the_desk(address) as ann:
        await ann.press("n")
        await ann.type(wrong)
        await ann.sees(f"{wrong} is not a reference: the check character is wrong; ask for it again")


async def test_a_call_about_a_ticket_is_on_its_timeline(address: str) -> None:
    async with at_the_desk(address) as ann:
        await ann.press("n")
        await ann.type(reference_of(address, BURNING))
        await ann.press("enter", "enter")
        await ann.sees("Record that the customer rang about the ticket")
        await ann.type("She asks when it is back.")
        await ann.press("f2")
        await ann.sees("CRITICAL")
        await ann.press("enter")
        await ann.sees("took a call from Aisha Rahman", "She asks when it is back.")


async def test_what_the_policy_asks_is_said_and_the_call_is_logged_all_the_same(address: str) -> None:
    async with at_the_desk(address) as ann:
        await ann.press("n")
        await ann.type("+44 1632 960999")
        await ann.sees("a new number")
        await ann.press("enter")
        await ann.sees("Customer")
        await ann.type("Zephyr Kites")
        await ann.press("enter")
        await ann.type("Mo Kite")
        await ann.press("enter")
        await ann.sees("+44 1632 960999")
        await ann.press("f2")
        await ann.type("The help page opens the wrong chapter")
        await ann.press("enter", "4")
        await ann.sees(
            "Out of policy, but it can be logged", "Low must come by support portal", "not a super user"
        )
        await ann.press("f2")
        await ann.sees("Charlie Delta", "Tell the caller")
        await ann.press("enter")
        await ann.sees("Zephyr Kites")


async def test_a_known_answer_is_sent_with_the_request(address: str) -> None:
    async with at_the_desk(address) as ann:
        await ann.press("n")
        await ann.type("aisha")
        await ann.sees("Calder Textiles")
        await ann.press("enter", "enter")
        await ann.sees("Summary")
        await ann.type("Exporting a list to a spreadsheet")
        await ann.sees("KB-027")
        await ann.press("down")
        while "▸" not in next(line for line in ann.lines if "KB-027" in line):
            await ann.press("down")
        await ann.press("enter", "3", "f2")
        await ann.sees("Charlie Delta")
        await ann.press("enter")
        await ann.sees("to customer: KB-027", "response met")


async def test_a_slip_is_undone(address: str) -> None:
    async with at_the_desk(address) as ann:
        ref = reference_of(address, "System so slow that orders time out")
        await ann.press("slash")
        await ann.type(ref)
        await ann.press("enter", "c")
        await ann.sees(f"{ref}: you claimed it")
        await ann.press("u")
        await ann.sees("undid the last action: claimed it")
        await ann.press("q")
        await ann.waits_for(lambda: not ann.app.is_running)
