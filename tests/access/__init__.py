"""Tests of secrets, logins and connections."""
