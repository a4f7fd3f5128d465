"""Write phone-postal-reference.tsv: what independent sources say of area codes and postal codes, in aggregate.

Two witnesses that the tables of core-compliance are not made from: the ZIP table of PyPI zipcodes (state, zone and area
codes of 42,000 ZIPs), and the place names that libphonenumber's geocoder gives single exchanges (the tables use its label
of whole area codes). Only counts by area are kept: the terms of the ZIP table's base data are not clear.

Run:
    python3 -m venv /tmp/ph && /tmp/ph/bin/pip install phonenumbers==9.0.43 zipcodes==3.0.0
    /tmp/ph/bin/python tests/data/generate_phone_postal_reference.py tests/data/phone-postal-reference.tsv
"""

import collections
import importlib.metadata
import pathlib
import sys

import phonenumbers
import zipcodes
from phonenumbers.geodata import GEOCODE_DATA

WHEELS = {"phonenumbers": "9.0.43", "zipcodes": "3.0.0"}
DATE = "2026-11-23"
PROVINCES = set("AB BC MB NB NL NS NT NU ON PE QC SK YT".split())
# Australian towns by which the geocoder's labels are placed.
TOWNS = {
    "ACT": "Canberra", "NSW": "Sydney Newcastle Wollongong Parramatta Penrith Goulburn Bathurst Orange Dubbo Tamworth"
    " Albury Lismore Tibooburra Menindee Wilcannia Gosford", "VIC": "Melbourne Geelong Ballarat Bendigo Shepparton"
    " Mildura Horsham Clayton Dandenong Ringwood Morwell", "TAS": "Hobart Launceston Devonport Burnie",
    "QLD": "Brisbane Cairns Townsville Toowoomba Rockhampton Bundaberg Nambour Southport Goondiwindi Stanthorpe",
    "SA": "Adelaide Gawler Renmark Berri Bordertown Millicent Keith Naracoorte Tanunda Kapunda Lameroo",
    "WA": "Perth Kalgoorlie Esperance Broome Karratha Albany Geraldton Bunbury Mandurah Merredin Norseman",
    "NT": "Darwin Katherine Nhulunbuy Jabiru Yulara Batchelor Borroloola",
}
HEADER = """\
# What independent sources say of area codes and postal codes.
# source: PyPI zipcodes {zipcodes} (code MIT; its table from unitedstateszipcodes.org, GeoNames CC BY 4.0 and USPS), in aggregate;
# PyPI phonenumbers {phonenumbers} (libphonenumber's geocoder, Apache-2.0), in aggregate
# generator: tests/data/generate_phone_postal_reference.py; do not edit
# date: {date}
# zip TAB first three digits TAB STATE:ZONE=ZIPS,... (military and zoneless ones left out)
# npa TAB area code TAB STATE:ZONE=ZIPS,...: the ZIPs of the state that has most of them
# ca TAB area code TAB PROVINCE=LABELS,...
# au TAB first five digits with the country code TAB STATE=LABELS,...
"""


def country(code: str) -> str | None:
    """The country of an area code."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(f"+1{code}2345678"))


def counted(counts: collections.Counter) -> str:
    """`US-FL:America/New_York=12,...`."""
    return ",".join(f"{key}={count}" for key, count in sorted(counts.items()))


def main() -> None:
    """Count and write."""
    for wheel, wanted in WHEELS.items():
        if importlib.metadata.version(wheel) != wanted:
            raise SystemExit(f"need {wheel}=={wanted}")
    areas, codes = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    for row in zipcodes.list_all():
        if not row["timezone"] or row["zip_code_type"] == "MILITARY":
            continue
        key = f"{row['state']}:{row['timezone']}"
        areas[row["zip_code"][:3]][key] += 1
        for code in row["area_codes"]:
            codes[code][key] += 1
    lines = [f"zip\t{area}\t{counted(counts)}\n" for area, counts in areas.items()]
    for code, counts in codes.items():
        states = collections.Counter()
        for key, count in counts.items():
            states[key.partition(":")[0]] += count
        # The ZIP table gives places near the border Canadian area codes too.
        if len(code) == 3 and code.isdigit() and country(code) != "CA":
            [(state, _)] = states.most_common(1)
            own = collections.Counter({key: count for key, count in counts.items() if key.startswith(state + ":")})
            lines.append(f"npa\t{code}\t{counted(own)}\n")
    provinces, states = collections.defaultdict(collections.Counter), collections.defaultdict(collections.Counter)
    place = {town: state for state, towns in TOWNS.items() for town in towns.split()}
    place.update({"New South Wales": "NSW", "Broken Hill": "NSW", "Alice Springs": "NT", "Mount Gambier": "SA",
                  "Tennant Creek": "NT", "Tweed Heads": "NSW", "White Cliffs": "NSW", "Murray Bridge": "SA",
                  "Victor Harbor": "SA", "Port Hedland": "WA", "Christmas Island": "CX", "Cocos Island": "CC",
                  "Southern Cross": "WA", "Wagga Wagga": "NSW", "Coffs Harbour": "NSW", "Port Macquarie": "NSW"})
    for prefix, names in GEOCODE_DATA.items():
        label = names.get("en", "")
        ending = label.rpartition(", ")[2]
        if prefix.startswith("1") and len(prefix) > 4 and ending in PROVINCES:
            provinces[prefix[1:4]][ending] += 1
        if prefix.startswith("61") and len(prefix) > 4 and label in place:
            states[prefix[:5]][place[label]] += 1
    lines += [f"ca\t{code}\t{counted(counts)}\n" for code, counts in provinces.items()]
    lines += [f"au\t{prefix}\t{counted(counts)}\n" for prefix, counts in states.items()]
    text = HEADER.format(date=DATE, **WHEELS) + "".join(sorted(lines))
    pathlib.Path(sys.argv[1]).write_text(text, "utf-8", newline="\n")
    print(f"{len(lines)} rows, {len(text)} bytes")


if __name__ == "__main__":
    main()
