"""A text put back to what it had been: cloaking, damage, mojibake and script undone."""
