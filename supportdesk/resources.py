"""Finds the style sheets (`styles/`) and the data (`data/`) that ship with the program.

In a wheel both are inside the package; in a checkout and an editable install they are beside it. No other code works
out such a path.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def style_path(name: str) -> Path:
    """Return the absolute path of a file in `styles/`, such as `"main.tcss"`.

    Raises FileNotFoundError where there is no such file.
    """
    return _find("styles", name)


def data_path(name: str) -> Path:
    """Return the absolute path of a file or folder in `data/`, such as `"policies/claritum.toml"`.

    Raises FileNotFoundError where there is no such file or folder.
    """
    return _find("data", name)


def _find(folder: str, name: str) -> Path:
    for root in (_PACKAGE, _PACKAGE.parent):
        path = root / folder / name
        if path.exists():
            return path
    raise FileNotFoundError(
        f"{folder}/{name} is missing from {_PACKAGE} and from {_PACKAGE.parent}; reinstall supportdesk"
    )
