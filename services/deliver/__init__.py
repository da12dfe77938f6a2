"""Alerts out to people and programs: the HTTP API and the event stream."""
