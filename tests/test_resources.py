"""Looks and data are found from a checkout; `test_wheel` shows the same for an installed program."""

from collections.abc import Callable
from pathlib import Path

import pytest

from supportdesk import resources


@pytest.mark.parametrize("find", [resources.style_path, resources.data_path])
def test_a_missing_file_is_named_with_what_to_do(find: Callable[[str], Path]) -> None:
    with pytest.raises(FileNotFoundError, match=r"no such\.file is missing .* reinstall supportdesk"):
        find("no such.file")
