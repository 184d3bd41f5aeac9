"""Tests of `supportdesk.console.commands`."""
