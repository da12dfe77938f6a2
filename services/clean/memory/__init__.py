"""What is remembered of earlier articles: revisions of a page, boilerplate of a publisher."""
