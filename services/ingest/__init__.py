"""Feeds, folders, JSON lines and the push API: pages in, as they are, to raw-article."""
