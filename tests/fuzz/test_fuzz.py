"""Every reader of input keeps its promises for each sample of the corpus, and for some mutations of them."""

from __future__ import annotations

import itertools
import time
from pathlib import Path
from random import Random

import hypothesis
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import corpus
from tests.fuzz.__main__ import main
from tests.fuzz.corpus import FOLDER, SHARED, list_samples, read_samples
from tests.fuzz.fuzzer import Fuzzer, TooSlowError
from tests.fuzz.mutation import TRICKS, mutate
from tests.fuzz.target import Target, as_sample
from tests.fuzz.targets import TARGETS

EXAMPLES = hypothesis.settings().max_examples
each_target = pytest.mark.parametrize(
    "target",
    [
        pytest.param(target, id=name, marks=pytest.mark.server if target.server else pytest.mark.sqlite)
        for name, target in TARGETS.items()
    ],
)


@each_target
def test_each_sample_of_the_corpus_is_read_as_promised(target: Target) -> None:
    for path in list_samples(target):
        try:
            target.check(path.read_bytes())
        except BaseException as error:
            error.add_note(f"The sample is {path}.")
            raise


@each_target
def test_changed_samples_are_read_as_promised(target: Target) -> None:
    samples = read_samples(target)

    def change(random: Random) -> bytes:
        return mutate(random.choice(samples), samples, random)[: target.longest]

    @hypothesis.settings(max_examples=max(EXAMPLES // (5 if target.quick else 25), 2))
    @given(st.randoms(use_true_random=False).map(change))
    def check(sample: bytes) -> None:
        target.check(sample)

    check()


@pytest.mark.long
@each_target
def test_every_text_of_the_corpus_is_read_as_promised(target: Target) -> None:
    for sample in read_samples(target):
        target.check(sample)


def test_each_folder_of_the_corpus_belongs_to_a_target() -> None:
    assert all(list_samples(target) for target in TARGETS.values())
    assert {path.name for path in FOLDER.iterdir()} <= {*TARGETS, SHARED}


def _fails_at_a_bracket(sample: bytes) -> None:
    assert b"[" not in sample


PLANTED = Target("planted", _fails_at_a_bracket)


def test_a_fault_is_found_made_short_and_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = next(Fuzzer(PLANTED, Random(1)).fuzz(time.monotonic() + 300))
    assert finding.sample == b"["
    path = corpus.save_sample(PLANTED, finding.sample, tmp_path)
    assert read_samples(PLANTED, tmp_path) == [b"["]
    assert path.parent.name == "planted"


def test_a_fault_is_reported_once() -> None:
    def pause() -> float:
        return next(ticks) / 1_000

    ticks = itertools.count()
    fuzzer = Fuzzer(PLANTED, Random(1), clock=pause)
    assert len(list(fuzzer.fuzz(2.0))) == 1
    assert fuzzer.samples > 1_000


def test_a_sample_that_takes_too_long_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    spent = itertools.count(step=1_000)
    monkeypatch.setattr(time, "process_time", lambda: float(next(spent)))
    finding = next(Fuzzer(Target("slow", len), Random(1)).fuzz(time.monotonic() + 300))
    assert isinstance(finding.error, TooSlowError)


def test_the_command_fuzzes_what_is_named_and_says_how_much_it_tried() -> None:
    ran = CliRunner().invoke(main, ["--hours", "0.00005", "--seed", "1", "durations"])
    assert ran.exit_code == 0, ran.output
    assert "seed 1" in ran.output
    assert "durations" in ran.output
    assert "samples, 0 of which failed" in ran.output


LONG = 20_000
RATIO = 4
REPEATED = (
    *TRICKS,
    b"a",
    b"a ",
    b"1 h ",
    b"x:",
    b'x:"',
    b"-(",
    b"a@",
    b"a.",
    b'"\\',
    b"[a",
    b"a=1\n",
    b"0,",
    b"<a",
    b"&lt;",
)


@pytest.mark.long
@pytest.mark.parametrize(
    "target", [each for each in TARGETS.values() if each.quick], ids=lambda each: each.name
)
def test_the_time_for_a_sample_grows_no_faster_than_its_length(target: Target) -> None:
    """A pattern that tries every way to match would take a thousand times as long for four times the text."""
    for unit in REPEATED:
        short, long = (unit * (length // len(unit)) for length in (LONG, RATIO * LONG))
        target.check(short[: target.longest])
        took = min(_measure(target, short[: target.longest]) for _ in range(3))
        if took > 0.002:
            # Twice, since the garbage of other tests may be collected meanwhile.
            longer = min(_measure(target, long[: target.longest]) for _ in range(2))
            assert longer < 3 * RATIO * took + 0.1, unit


@pytest.mark.long
@each_target
def test_a_line_of_ten_million_characters_is_read_as_promised(target: Target) -> None:
    for character in ("a", "é", "\x1b", "\u0301"):
        target.check((as_sample(character) * 10_000_000)[: target.longest])


def _measure(target: Target, sample: bytes) -> float:
    started = time.process_time()
    target.check(sample)
    return time.process_time() - started
