"""Reading the datasets of the contract from files: bytes -> rows of text -> typed columns -> checked columns.

Each step knows only its own question: `files` what kind of file it is, `csv_rows` and `xlsx_rows` which cells stand
on which line, `headers` which column is which, `cells` what one cell means, `columns` the same for a whole column at
once, `checks` whether the values go together, `faults` what is told to the user. None of them meets the database.
"""
