"""Lines told by their words: body, headings, captions, credits, furniture, spam."""
