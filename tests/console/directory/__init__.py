"""Tests of `supportdesk.console.directory`."""
