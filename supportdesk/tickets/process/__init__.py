"""The stages of the process: a file for each, with its commands and the rule that decides each."""
