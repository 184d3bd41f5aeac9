"""The samples of fuzzing, one file each: `corpus/NAME` for one target, `corpus/text` for all that read a text.

A sample that made a target fail is saved beside the others and stays, so that the fault does not come back.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.fuzz.target import Target

FOLDER = Path(__file__).parent / "corpus"
SHARED = "text"


def list_samples(target: Target, folder: Path = FOLDER) -> list[Path]:
    """Return the files of a target's samples, in order; of a slow one, only each fourth of those shared with others."""
    shared = _list_folder(folder / SHARED) if target.text else []
    return _list_folder(folder / target.name) + (shared if target.quick else shared[::4])


def _list_folder(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


def read_samples(target: Target, folder: Path = FOLDER) -> list[bytes]:
    """Return all samples of a target."""
    shared = _list_folder(folder / SHARED) if target.text else []
    return [path.read_bytes() for path in (*_list_folder(folder / target.name), *shared)]


def save_sample(target: Target, sample: bytes, folder: Path = FOLDER) -> Path:
    """Save a sample that made a target fail; return its file."""
    path = folder / target.name / f"failed-{hashlib.sha256(sample).hexdigest()[:12]}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(sample)
    return path
