"""Rows of the database as files: which columns (`shape`), which rows (`rows`), and one writer for each form."""
