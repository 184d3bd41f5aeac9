"""Pictures are compared by what can be seen on them."""

from __future__ import annotations

from tests.svg import with_used_styles


def picture(*styles: str, texts: str) -> str:
    rules = "".join(f".terminal-r{number} {{ {style} }}\n" for number, style in enumerate(styles, 1))
    drawn = "".join(f'<text class="terminal-r{number}">x</text>' for number in texts)
    return f"<style>\n{rules}</style>{drawn}"


def test_the_style_of_blanks_makes_no_difference() -> None:
    with_blanks = picture("fill: grey", "fill: red", "fill: blue", texts="232")
    assert with_used_styles(with_blanks) == picture("fill: red", "fill: blue", texts="121")


def test_the_order_in_which_styles_are_listed_makes_no_difference() -> None:
    other = picture("fill: blue", "fill: red", texts="212")
    assert with_used_styles(other) == picture("fill: red", "fill: blue", texts="121")


def test_another_colour_of_a_text_is_another_picture() -> None:
    assert with_used_styles(picture("fill: red", texts="1")) != with_used_styles(
        picture("fill: blue", texts="1")
    )
