"""A night on call, on a small screen over a slow line: woken, acknowledged, worked, handed over."""

import pytest

from tests.days.at_the_desk import at_the_desk, reference_of

pytestmark = pytest.mark.xdist_group("days")

SMALL = (80, 24)
PAGED = "Checkout hangs for every user"


async def test_the_paged_engineer_is_led_to_the_ticket_and_acknowledges_with_one_key(address: str) -> None:
    async with at_the_desk(address, "priya", SMALL) as priya:
        await priya.sees(f"{reference_of(address, PAGED)}: you were paged at 09:40 GMT", "F7 acknowledge")
        await priya.press("f7")
        await priya.sees(f"{reference_of(address, PAGED)}: you acknowledged the page")
        assert priya.keys == 1


async def test_all_that_is_known_stands_on_one_small_screen(address: str) -> None:
    async with at_the_desk(address, "priya", SMALL) as priya:
        await priya.sees("you were paged")
        await priya.press("enter")
        await priya.sees(
            *(PAGED, "The order form hangs for minutes", "09:40 GMT, by Email"),
            *("Brightwater Dairy · Peter Nowak", "+44 20 7946 0006", "Tried", "0:58:37 left, due 10:40 GMT"),
            *(
                "Priya Nair · +44 20 7946 0900 · not acknowledged (p)",
                "Karen Doyle (Support Manager)",
            ),
        )


@pytest.mark.parametrize("theme", ["supportdesk-light", "supportdesk-contrast", "supportdesk-colour-blind"])
async def test_the_state_is_reported_in_words_whatever_the_colours(address: str, theme: str) -> None:
    async with at_the_desk(address, "priya", SMALL) as priya:
        priya.app.theme = theme
        await priya.sees("✖ -0:15:29 breached", "▲ 0:04:47 resp at risk", "‖ 4:19 on hold")


async def test_a_night_is_worked_and_handed_over_in_a_key_and_a_text_each(address: str) -> None:
    async with at_the_desk(address, "priya", SMALL) as priya:
        await priya.sees("you were paged")
        await priya.press("enter", "p")
        await priya.sees("acknowledged 09:42")
        await priya.press("r")
        await priya.type("We are on it.")
        await priya.press("f2")
        await priya.sees("Response met in 0:01:23 of 1:00", "We are on it.")
        await priya.later(hours=2)
        await priya.press("H")
        await priya.sees("Hand over", "Tom Okafor")
        await priya.type("The order service is restarted; watch its queue.")
        await priya.press("f2")
        await priya.sees("offered to Tom Okafor", "watch its queue")

    async with at_the_desk(address, "tom", SMALL, now=priya.clock.now()) as tom:
        await tom.sees(f"{reference_of(address, PAGED)}: you were paged at 11:42 GMT")
        await tom.press("enter")
        await tom.sees("handed it over to Tom Okafor", "watch its queue")
        await tom.press("c")
        await tom.sees("Tom Okafor since 11:42 GMT · Technical Support")
        await tom.press("q")
        await tom.waits_for(lambda: not tom.app.is_running)


async def test_narrow_and_back_is_as_it_was(address: str) -> None:
    async with at_the_desk(address, "priya", (160, 50)) as priya:
        await priya.sees("you were paged")
        await priya.press("enter")
        await priya.sees("The order form hangs for minutes", "logged it as Critical")
        # Both come by themselves, a moment after the rest.
        await priya.sees("saw the page in the console", "in the inbox")
        before = priya.lines
        await priya.pilot.resize_terminal(40, 10)
        await priya.sees("needs more room")
        await priya.pilot.resize_terminal(*SMALL)
        await priya.sees(PAGED, "Reached on")
        await priya.pilot.resize_terminal(160, 50)
        await priya.waits_for(lambda: priya.lines == before)
