"""The services: `runtime` is what every stage stands on; each other folder is one service."""
