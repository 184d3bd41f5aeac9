"""The ticket that is looked at: which one, how it is read, and how it comes into its pane."""
