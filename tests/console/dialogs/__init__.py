"""Tests of `supportdesk.console.dialogs`."""
