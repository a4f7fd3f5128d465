"""Writes holidays-reference.txt: what the PyPI package `holidays` lists for the places of the shipped calendars, 2024 to
2030.

    python3 -m venv venv && venv/bin/pip install holidays==0.109
    venv/bin/python generate_holidays.py > holidays-reference.txt

One line a calendar and name of a holiday, with its dates; two holidays on one date share a line of their own. The lists
are facts; the library is MIT-licensed.
"""

import holidays

VERSION = "0.109"
YEARS = range(2024, 2031)

# Calendar of the rulebook -> country and subdivision of the library.
PLACES = {
    "AU-national": ("AU", None),
    "BR-decreed": ("BR", None),
    "CA-BC": ("CA", "BC"),
    "CA-ON": ("CA", "ON"),
    "CA-QC": ("CA", "QC"),
    "CL-decreed": ("CL", None),
    "CO": ("CO", None),
    "DE-decreed": ("DE", None),
    "ES-national": ("ES", None),
    "FR-L3133-1": ("FR", None),
    "GR-decreed": ("GR", None),
    "ID-decreed": ("ID", None),
    "IT": ("IT", None),
    "MX": ("MX", None),
    "NL": ("NL", None),
    "NO": ("NO", None),
    "PE-decreed": ("PE", None),
    "RU-decreed": ("RU", None),
    "TH-decreed": ("TH", None),
    "US-AL": ("US", "AL"),
    "US-LA-LPSC": ("US", "LA"),
    "US-PA": ("US", "PA"),
    "US-RI": ("US", "RI"),
    "US-UT": ("US", "UT"),
    "US-federal": ("US", None),
    "ZA": ("ZA", None),
}

assert holidays.__version__ == VERSION, holidays.__version__
print(f"# Holidays by the PyPI package `holidays` {VERSION} (MIT), written by generate_holidays.py.")
print("# calendar | name | dates")
for calendar, (country, subdivision) in PLACES.items():
    dates = {}
    for year in YEARS:
        listed = holidays.country_holidays(country, subdiv=subdivision, years=year, language="en_US")
        for day, name in listed.items():
            if day.year == year:
                dates.setdefault(name, []).append(day)
    for name, days in sorted(dates.items(), key=lambda entry: (entry[1], entry[0])):
        print(calendar, name, " ".join(f"{day:%Y-%m-%d}" for day in sorted(days)), sep=" | ")
