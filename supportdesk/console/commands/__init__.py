"""From a key to a command that is carried out: dispatcher, runner, batches, dry runs and command forms."""
