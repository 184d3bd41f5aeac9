"""Mail to customers about their tickets: what each says and who gets it. Internal notes are no part of any."""
