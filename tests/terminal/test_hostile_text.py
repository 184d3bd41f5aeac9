"""Text from outside that would like to steer the program or the terminal."""

from tests.terminal.conftest import Command, Console

POISON = "[/oops] [@click=app.quit]x[/] \x1b]0;owned\x07\x1b[31mred\x9b2J \u202egnp.exe"


def test_a_poisoned_summary_crashes_nothing_runs_nothing_and_is_shown_as_it_is(
    desk: Command, console: Console
) -> None:
    desk(
        *("log", "--severity", "critical", "--channel", "hotline", "--organisation", f"Evil {POISON}"),
        *(
            "--new-organisation",
            "--contact",
            f"Mallory {POISON}",
            "--summary",
            POISON,
            "--description",
            POISON,
        ),
    )
    with console() as screen:
        screen.wait_for("[/oops]")
        screen.wait_for_line("▌", "CD-")
        screen.press("/")
        screen.type("oops")
        screen.press("Enter")
        screen.wait_for("Evil")
        screen.press("Enter")
        shown = screen.wait_for("[/oops] [@click=app.quit]x[/]")
        assert not screen.has_ended
        assert "\u202e" not in shown
        assert "owned" not in screen.title
        screen.press("e")
        screen.wait_for("Escalate", "[/oops]")
        screen.press("Escape")
        screen.press("q")
