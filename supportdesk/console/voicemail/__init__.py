"""Voicemails and missed calls: the group above the queue, and the dialog in which one is heard and settled."""
