"""Bytes to lines: the charset, what is the article in the markup, and what stands around it."""
