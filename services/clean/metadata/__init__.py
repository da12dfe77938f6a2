"""What a page says of itself: title, date, publisher, source, people, column, language."""
