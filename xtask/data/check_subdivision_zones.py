"""Check crates/core-compliance/data/subdivision-zones.tsv against what others say.

Why: the table is curated by hand, and a zone that is missing from it lets a call through an hour
early or late. Three witnesses: tzdb's zone.tab (which zones the country has), the ZIP table of PyPI
zipcodes (state and zone of 42,000 places), and libphonenumber's maps of number prefixes to zones
and to place names (PyPI phonenumbers). They err too, so a disagreement fails the check until EXPECTED
explains it, and so does an explanation that is no longer needed.

Run (takes a few seconds; writes nothing, exits 1 on a disagreement that nobody has explained):
    python3 -m venv /tmp/tz && /tmp/tz/bin/pip install tzdata==2026.6 zipcodes==3.0.0 phonenumbers==9.0.43
    /tmp/tz/bin/python xtask/data/check_subdivision_zones.py crates/core-compliance/data/subdivision-zones.tsv
"""

import collections
import functools
import importlib.metadata
import importlib.resources
import pathlib
import re
import sys
import zoneinfo
from datetime import datetime

import zipcodes
from phonenumbers.geodata import GEOCODE_DATA
from phonenumbers.tzdata import TIMEZONE_DATA

WHEELS = {"tzdata": "2026.6", "zipcodes": "3.0.0", "phonenumbers": "9.0.43"}
CODES = (
    "US: AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY"
    " NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR UM VI",
    "CA: AB BC MB NB NL NS NT NU ON PE QC SK YT",
    "AU: ACT NSW NT QLD SA TAS VIC WA",
)
# Australian area codes reach over borders; these are the states that each serves (ACMA's numbering plan).
AU_AREAS = {"612": "NSW ACT VIC", "613": "VIC TAS NSW", "617": "QLD NSW", "618": "SA WA NT NSW VIC"}
OTHER_LABELS = {
    "Washington State": ["US-WA"], "Washington D.C.": ["US-DC"], "British Colombia": ["CA-BC"],
    "Watson Lake": ["CA-YT"], "Nova Scotia/Prince Edward Island": ["CA-NS", "CA-PE"],
    "Northwest Territories/Nunavut/Yukon": ["CA-NT", "CA-NU", "CA-YT"],
}
# (witness, subdivision, zone): why the disagreement is theirs, or known. "unseen": a clock of ours that neither
# the ZIP table nor the prefix map shows in the subdivision.
EXPECTED: dict[tuple[str, str, str], str] = {
    ("phone", "AU-SA/AU-WA/AU-NT/AU-NSW/AU-VIC", "Indian/Christmas"): "territories with country codes of their own: CX",
    ("phone", "AU-SA/AU-WA/AU-NT/AU-NSW/AU-VIC", "Indian/Cocos"): "territories with country codes of their own: CC",
    ("phone", "CA-NL", "America/Puerto_Rico"): "overlay 879 of 709, which the same map gives America/Halifax",
    ("phone", "CA-NT", "America/Fort_Nelson"): "the map's default for all of 867, it has other zones for most of NT",
    ("phone", "US-AK", "Pacific/Honolulu"): "exchange 907-581, Unalaska, which keeps Alaska time",
    ("unseen", "AU-NT", "Australia/Darwin"): "the map has no Darwin, Northern Territory numbers are Adelaide or Perth",
    ("unseen", "CA-NU", "America/Cambridge_Bay"): "the map says Edmonton, which parted from it in 2026",
    ("unseen", "CA-NU", "America/Rankin_Inlet"): "the map says Winnipeg, which parted from it in 2026",
    ("unseen", "CA-NU", "America/Resolute"): "the map says Fort_Nelson for what it does not know in 867",
    ("unseen", "CA-QC", "America/Blanc-Sablon"): "some thousand people, without an area code of their own",
    ("unseen", "US-AL", "America/New_York"): "practice, not law (see the note there)",
    ("unseen", "US-UM", "Pacific/Honolulu"): "no residents, no ZIP codes, no numbers",
    ("unseen", "US-UM", "Pacific/Midway"): "no residents, no ZIP codes, no numbers",
    ("unseen", "US-UM", "Pacific/Wake"): "no residents, no ZIP codes, no numbers",
    ("zip", "US-AK", "Napakiak"): "a corrupt row: a city's name in the zone's column",
}

Table = dict[str, list[str]]


@functools.cache
def clock(zone: str) -> tuple[object, ...]:
    """What the clocks show in 2027 and 2028; equal for zones that differ in the past only."""
    reader = zoneinfo.ZoneInfo(zone)
    return tuple(datetime.fromtimestamp(unix, reader).utcoffset() for unix in range(1798761600, 1861920000, 21600))


def longest(prefix: str, table: dict) -> object:
    """The entry of the longest beginning of prefix in table that is more than a calling code."""
    return next((table[prefix[:end]] for end in range(len(prefix), 2, -1) if prefix[:end] in table), None)


def read_table(path: pathlib.Path) -> tuple[Table, dict[str, str], list[str]]:
    """Zones by code, code by name, and what is wrong with the form."""
    zones, names, wrong, tab = {}, {}, [], collections.defaultdict(set)
    folder = importlib.resources.files("tzdata.zoneinfo")
    for line in folder.joinpath("zone.tab").read_text("ascii").splitlines():
        if not line.startswith("#"):
            country, _, zone = line.split("\t")[:3]
            tab[country].add(zone)
    rows = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    for line in rows:
        code, name, listed, _note = line.split("\t")
        country, sub = code.split("-")
        zones[code], names[name] = listed.split(","), code
        own = tab[country] | (tab[sub] if country == "US" and sub in tab and sub in "AS GU MP PR UM VI" else set())
        wrong += [f"{code}: {zone} is not in zone.tab for it" for zone in zones[code] if zone not in own]
        if zones[code][1:] != sorted(set(zones[code][1:])) or zones[code][0] in zones[code][1:]:
            wrong.append(f"{code}: zones repeated or not sorted")
    wanted = {f"{line[:2]}-{sub}" for line in CODES for sub in line[3:].split()}
    if list(zones) != sorted(zones) or set(zones) != wanted or len(rows) != len(wanted):
        wrong.append(f"codes not sorted, repeated, missing or too many: {sorted(set(zones) ^ wanted)}")
    used = {zone for listed in zones.values() for zone in listed}
    for country in "US CA AU AS GU MP PR UM VI".split():
        wrong += [f"{zone} of {country} is used by no subdivision" for zone in sorted(tab[country] - used)]
    return zones, names, wrong


def zip_codes(zones: Table) -> tuple[collections.Counter, set[tuple[str, str]], dict[str, int]]:
    """Disagreements by name of zone, (code, zone) seen, and the states that we do not have."""
    found, seen, foreign = collections.Counter(), set(), collections.Counter()
    for row in zipcodes.list_all():
        code, zone = f"US-{row['state']}", row["timezone"]
        if code not in zones:
            foreign[row["state"]] += 1
        elif zone in zones[code]:
            seen.add((code, zone))
        else:
            found["zip", code, zone] += 1
    return found, seen, foreign


def phone_prefixes(zones: Table, names: dict[str, str]) -> tuple[dict, set[tuple[str, str]], set[str]]:
    """Disagreements by clock with the area codes, (code, zone) seen, and the place names not understood."""
    found, seen, unread = collections.defaultdict(set), set(), set()
    by_letters = {code[3:]: code for code in zones if not code.startswith("AU-")}
    for prefix in sorted(set(GEOCODE_DATA) | set(TIMEZONE_DATA)):
        if prefix.startswith("1") and len(prefix) >= 4:
            label = (longest(prefix, GEOCODE_DATA) or {}).get("en", "")
            codes = [by_letters[two] for two in re.findall(r"(?:, |/)([A-Z]{2})\b", label) if two in by_letters]
            codes = codes or OTHER_LABELS.get(label) or [code for code in [names.get(label)] if code]
        elif prefix[:3] in AU_AREAS:
            label, codes = prefix, [f"AU-{state}" for state in AU_AREAS[prefix[:3]].split()]
        else:
            continue
        if not codes:
            unread.add(label)
            continue
        for zone in longest(prefix, TIMEZONE_DATA) or ():
            having = [code for code in codes if clock(zone) in map(clock, zones[code])]
            seen |= {(code, zone) for code in having}
            if not having:
                found["phone", "/".join(codes), zone].add(prefix[:4] if prefix[0] == "1" else prefix[:6])
    return found, seen, unread


def main() -> int:
    """Compare, print, judge."""
    if len(sys.argv) != 2:
        raise SystemExit(f"usage: {sys.argv[0]} subdivision-zones.tsv")
    zoneinfo.reset_tzpath(to=[])  # never the host's files
    installed = {wheel: importlib.metadata.version(wheel) for wheel in WHEELS}
    if installed != WHEELS:
        raise SystemExit(f"need {WHEELS}, found {installed}")
    zones, names, wrong = read_table(pathlib.Path(sys.argv[1]))
    zip_found, zip_seen, foreign = zip_codes(zones)
    phone_found, phone_seen, unread = phone_prefixes(zones, names)
    found = {key: f"{count} ZIP codes" for key, count in zip_found.items()}
    found |= {key: "area codes " + " ".join(sorted(codes)) for key, codes in phone_found.items()}
    shown = {(code, clock(zone)) for code, zone in zip_seen | phone_seen}
    for code, listed in zones.items():
        for zone in listed:
            if (code, clock(zone)) not in shown:
                found["unseen", code, zone] = "no witness"
    for key, detail in sorted(found.items()):
        print(*key, f"({detail}):", EXPECTED.get(key, "UNEXPLAINED"))
        if key not in EXPECTED:
            wrong.append(f"unexplained: {' '.join(key)}")
    wrong += [f"explained, but not found: {' '.join(key)}" for key in sorted(set(EXPECTED) - set(found))]
    print(f"{len(zones)} subdivisions; ZIP rows of other places: {dict(sorted(foreign.items()))};",
          f"prefix labels of other places: {', '.join(sorted(unread - {''}))}")
    print("\n".join(["WRONG:", *wrong]) if wrong else "all explained")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
