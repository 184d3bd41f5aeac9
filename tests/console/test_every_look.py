"""Every screen has pictures in both sizes, dark and light."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from textual.app import App
from textual.screen import Screen

import supportdesk.console
from supportdesk.console.commands.escalation_fields import EscalationFields
from supportdesk.console.commands.feature_dialog import FeatureDialog
from supportdesk.console.commands.feature_screen import FeatureScreen
from supportdesk.console.commands.messages_screen import MessagesScreen
from supportdesk.console.commands.ticket_form import TicketForm
from supportdesk.console.dialogs.backdrop import Backdrop
from supportdesk.console.dialogs.dialog import Dialog, ReadOnlyDialog
from supportdesk.console.dialogs.dismissal import DismissOnce
from supportdesk.console.forms.field_dialog import FieldDialog
from supportdesk.console.forms.form import Form
from supportdesk.console.forms.value_dialog import ValueDialog
from supportdesk.console.setup.page import SetupPage
from tests.console.harness.pictures import Place, kept

SHAPES: set[Place] = {
    Backdrop,
    Dialog,
    DismissOnce,
    ReadOnlyDialog,
    Form,
    FieldDialog,
    TicketForm,
    EscalationFields,
    FeatureDialog,
    FeatureScreen,
    MessagesScreen,
    ValueDialog,
    SetupPage,
}
"""What screens are made of, and nobody ever sees by itself."""


def console() -> Iterator[ModuleType]:
    for module in pkgutil.walk_packages(supportdesk.console.__path__, "supportdesk.console."):
        yield importlib.import_module(module.name)


def screens() -> set[Place]:
    """Return every screen class of the console."""
    return {
        each
        for module in console()
        for _, each in inspect.getmembers(module, inspect.isclass)
        if issubclass(each, Screen) and each.__module__ == module.__name__
    }


def programs_of_one_screen() -> set[type[App[Any]]]:
    """Applications that draw on Textual's default screen."""
    from supportdesk.console.wall.app import Wall

    return {Wall}


def test_every_screen_has_pictures_in_both_sizes_dark_and_light() -> None:
    console = Path(__file__).parent
    for tests in console.rglob("test_*.py"):
        importlib.import_module(
            ".".join(("tests.console", *tests.relative_to(console).with_suffix("").parts))
        )
    assert {each.__name__ for each in (screens() | programs_of_one_screen()) - SHAPES - kept()} == set()
