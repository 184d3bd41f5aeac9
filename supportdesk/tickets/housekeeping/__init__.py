"""What happens to a ticket by itself as time passes, besides its escalation: holds that end, and closure. Pure."""
