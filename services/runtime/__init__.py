"""What every stage stands on: the batch runner, the worker process, metrics, health, settings, the broker."""
