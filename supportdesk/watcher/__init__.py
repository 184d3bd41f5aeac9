"""Everything that happens as time passes: escalation, and the messages that inform people outside the desk."""
