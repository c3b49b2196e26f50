"""Text in and out: HTML, redlines, statement files, feeds and tables. Imports nothing of ours."""
