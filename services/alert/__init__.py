"""extracted → alert: which rules an article meets, and which story the hit belongs to."""
