"""Tests of the intake of voicemails."""
