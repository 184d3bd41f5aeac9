"""The attainment of the month, over all and by severity."""

from __future__ import annotations

from supportdesk.console.board.context import BoardContext
from supportdesk.console.charts.bars import bar
from supportdesk.console.charts.blocks import (
    Block,
    Hotspot,
    TextLine,
    TextRun,
    figure_runs,
    fit,
    panel_heading,
)
from supportdesk.console.terminal.big_font import half_block_lines
from supportdesk.console.terminal.symbols import NARROW
from supportdesk.reports.attainment import Attainment, SeverityAttainment
from supportdesk.reports.figure import Figure, combine_figures
from supportdesk.reports.load import Urgency
from supportdesk.sla.clocks import ClockKind

_CLOCKS = {ClockKind.RESPONSE: "respond", ClockKind.RESOLUTION: "resolve"}
_FIGURE, _PERCENT, _CLOCK = 8, 7, 9
_NAME = 16


def draw_masthead(context: BoardContext) -> Block:
    """Return the attainment of the month in large letters, its verdict, and the counts of open tickets."""
    overall = context.board.month.overall
    verdict = f"{overall.percent}%" if overall.percent is not None else "-"
    large = ["", verdict, "", ""] if context.plain else half_block_lines(verdict)
    width = max(map(len, large))
    style_name = "strong" if overall.on_target else "breached"
    texts = (_settled(context), _verdict(overall, context), _counts(context), _now(context))
    return [
        [TextRun(row.ljust(width), style_name), TextRun("   "), *text]
        for row, text in zip(large, texts, strict=True)
    ]


def _settled(context: BoardContext) -> TextLine:
    settled = context.board.month.overall.settled
    if not settled:
        return [TextRun(f"No target met or missed in {context.month} yet", "strong")]
    targets = "target" if settled == 1 else "targets"
    return [TextRun(f"of {settled:,} {targets} met in {context.month}", "strong")]


def _signed(text: str, style_name: str, context: BoardContext) -> str:
    return f"{context.symbol(style_name)} {text}".lstrip()


def _verdict(overall: Attainment, context: BoardContext) -> TextLine:
    target, margin = f"the target of {overall.target} %", overall.margin
    if not overall.settled:
        return [TextRun(f"The target is {overall.target} %", "quiet")]
    if margin < 0:
        # The margin counts the running targets as met.
        best = "at best " if overall.running.value else ""
        noun = "breach" if margin == -1 else "breaches"
        text = f"{best}{-margin:,} more {noun} than a {overall.target} % target allows"
        return [TextRun(_signed(text, "breached", context), "breached")]
    if not overall.on_target:
        return [TextRun(_signed(f"below {target}, but it can still be met", "at-risk", context), "at-risk")]
    return [
        TextRun(f"above {target}; {margin:,} more {'breach' if margin == 1 else 'breaches'} allowed", "quiet")
    ]


def _counts(context: BoardContext) -> TextLine:
    return [
        *_part(context, "met"),
        TextRun(" met   ", "quiet"),
        *_part(context, "missed", "breached"),
        TextRun(" missed   ", "quiet"),
        *_part(context, "running"),
        TextRun(" still running", "quiet"),
    ]


def _part(context: BoardContext, part: str, style_name: str = "text") -> list[TextRun]:
    figure: Figure = getattr(context.board.month.overall, part)
    spot = Hotspot(("month", part), f"Targets {_PARTS[part]} {context.month}", _WHEN[part], figure)
    return figure_runs(spot, style_name=style_name, sign=context.symbol(style_name))


_WHEN = {"met": "met", "missed": "missed", "running": "began"}
_PARTS = {"met": "met in", "missed": "missed in", "running": "still running in"}


def _now(context: BoardContext) -> TextLine:
    people = context.board.people
    found: list[TextRun] = []
    for urgency, style_name in (
        (Urgency.BREACHED, "breached"),
        (Urgency.AT_RISK, "at-risk"),
        (Urgency.DUE_SOON, "due-soon"),
    ):
        figure = combine_figures(dict(load.by_urgency)[urgency] for load in people)
        spot = Hotspot(("now", urgency), f"Open now and {urgency}", "received", figure)
        found += [
            *figure_runs(spot, style_name=style_name, sign=context.symbol(style_name)),
            TextRun(f" {urgency}   ", "quiet"),
        ]
    every = Hotspot(("now", "open"), "Open now", "received", combine_figures(load.all for load in people))
    return [*found, *figure_runs(every), TextRun(" open now", "quiet")]


def draw_attainment(context: BoardContext, width: int, *, spaced: bool) -> Block:
    """Return two bars for each severity: targets met and missed, with a mark at the attainment target."""
    room = width - _NAME - _CLOCK - _PERCENT - 3 * _FIGURE
    block: Block = [
        panel_heading(
            f"ATTAINMENT, {context.month.upper()}", width, "met".rjust(_FIGURE), "missed".rjust(_FIGURE),
            "running".rjust(_FIGURE),
        )
    ]  # fmt: skip
    for number, severity in enumerate(context.board.month.severities):
        if spaced and number:
            block.append([])
        block += _severity(severity, context, room)
    return block


def _severity(severity: SeverityAttainment, context: BoardContext, room: int) -> Block:
    return [
        [
            TextRun(fit(name, _NAME), "strong"),
            TextRun(_CLOCKS[kind].ljust(_CLOCK), "quiet"),
            *_track(attained, room, context),
            *_share(attained, context),
            *(
                piece
                for part, word in (
                    ("met", f"met in {context.month}"),
                    ("missed", f"missed in {context.month}"),
                    ("running", "still running"),
                )
                for piece in figure_runs(
                    Hotspot(
                        ("attainment", severity.severity, kind, part),
                        f"{severity.name}, {_CLOCKS[kind]}: {word}",
                        _WHEN[part],
                        getattr(attained, part),
                    ),
                    _FIGURE,
                    "breached" if part == "missed" else "text",
                    context.symbol("breached") if part == "missed" else "",
                )
            ),
        ]
        for name, kind, attained in (
            (severity.name, ClockKind.RESPONSE, severity.response),
            ("", ClockKind.RESOLUTION, severity.resolution),
        )
    ]


def _track(attained: Attainment, room: int, context: BoardContext) -> list[TextRun]:
    """Return the bar with the target's mark in it: a bar that ends before the mark is below the target."""
    if not attained.settled:
        return [TextRun((context.symbols or NARROW).empty * room, "track")]
    at = min(attained.target * room // 100, room - 1)
    parts = [(attained.met.value, "bar"), (attained.missed.value, "breached")]
    drawn = bar(
        parts, attained.settled, room, plain=context.plain, colourless=context.colourless, tracked=True
    )
    return _marked(drawn, at, context)


def _marked(pieces: list[TextRun], at: int, context: BoardContext) -> list[TextRun]:
    found, x = [], 0
    for piece in pieces:
        inside = at - x
        x += piece.width
        if 0 <= inside < piece.width:
            ground = piece.under or ("" if context.symbols else piece.style_name)
            mark = TextRun("|" if context.plain else "│", "mark", ground)
            found += [
                TextRun(piece.text[:inside], piece.style_name, piece.under),
                mark,
                TextRun(piece.text[inside + 1 :], piece.style_name, piece.under),
            ]
        else:
            found.append(piece)
    return [piece for piece in found if piece.text]


def _share(attained: Attainment, context: BoardContext) -> list[TextRun]:
    if attained.percent is None:
        return [TextRun("–".rjust(_PERCENT), "faint")]
    style_name = "strong" if attained.on_target else "breached"
    return [TextRun(_signed(f"{attained.percent} %", style_name, context).rjust(_PERCENT), style_name)]
