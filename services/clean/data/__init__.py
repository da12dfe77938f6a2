"""The knowledge that cleaning reads, and the script that builds the table of readings."""
