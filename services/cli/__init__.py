"""The `isowire` command."""
