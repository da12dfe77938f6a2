"""How well and how fast pages are cleaned, beside the libraries that do the like; what breaks it."""
