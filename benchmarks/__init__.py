"""What the chain reaches on this machine: `python -m benchmarks`, see README.md."""
