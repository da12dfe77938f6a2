"""raw-article → cleaned: the article out of the page, repaired, and what was done to it."""
