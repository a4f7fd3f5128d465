"""Writes the corpus of legal cases beside this folder.

    python -m venv venv && venv/bin/pip install tzdata==2026.6
    venv/bin/python tests/corpus/generate/generate.py

The answers come from the tables in this folder, which restate the texts of the law by hand, and from IANA 2026f. They
do not come from Curfew, and the tables are not read from its rulebook: a slip in either shows up as a difference.
"""

from pathlib import Path

import clocks
import evidence
import facts
import frequency
import hours
import ordinary
from book import Book

if __name__ == "__main__":
    book = Book()
    book.samples()
    for part in (hours, facts, frequency, clocks, ordinary, evidence):
        part.all_of_it(book)
    book.write(Path(__file__).parent.parent)
    print(sum(len(cases) for cases in book.files.values()), "cases in", len(book.files), "files")
