"""Write phone-places.tsv of crates/core-compliance/data: which places the beginning of a phone number names.

Why: a number's prefix is evidence of where the callee is. libphonenumber's own map from prefix to zone
is wrong where it matters (reference/tz.md section 4), so it is only the raw material: area codes of the
North American plan are taken whole (never by exchange), corrected below, and tied to the zones of
subdivision-zones.tsv; elsewhere only fixed lines of countries with several clocks are located at all.

Run (takes some seconds):
    python3 -m venv /tmp/ph && /tmp/ph/bin/pip install phonenumbers==9.0.43 tzdata==2026.6 regex==2026.11.15
    /tmp/ph/bin/python xtask/data/generate_phone_places.py NANP-AREA-CODES.json crates/core-compliance/data

NANP-AREA-CODES.json: {"212": {"zones": [[[zone, ...], exchanges], ...], "region": ["US"]}, ...}, the zones that
libphonenumber gives each exchange of an area code. Whatever the tables below do not settle stops the run.
"""

import functools
import hashlib
import importlib.metadata
import json
import pathlib
import sys
import zoneinfo
from datetime import datetime

import phonenumbers.data
import phonenumbers.geodata
import phonenumbers.tzdata
import regex
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata
from phonenumbers.geodata import GEOCODE_DATA
from phonenumbers.tzdata import TIMEZONE_DATA

WHEELS = {"phonenumbers": "9.0.43", "tzdata": "2026.6"}
DATE = "2026-11-23"
zoneinfo.reset_tzpath(to=[])  # the host's zone data may be years old

# --- North America: area code to subdivision ------------------------------------------------------------

STATES = {
    "Alabama": "AL", "Alaska": "AK", "Arizona": "AZ", "Arkansas": "AR", "California": "CA", "Colorado": "CO",
    "Connecticut": "CT", "Delaware": "DE", "Florida": "FL", "Georgia": "GA", "Hawaii": "HI", "Idaho": "ID",
    "Illinois": "IL", "Indiana": "IN", "Iowa": "IA", "Kansas": "KS", "Kentucky": "KY", "Louisiana": "LA",
    "Maine": "ME", "Maryland": "MD", "Massachusetts": "MA", "Michigan": "MI", "Minnesota": "MN",
    "Mississippi": "MS", "Missouri": "MO", "Montana": "MT", "Nebraska": "NE", "Nevada": "NV",
    "New Hampshire": "NH", "New Jersey": "NJ", "New Mexico": "NM", "New York": "NY", "North Carolina": "NC",
    "North Dakota": "ND", "Ohio": "OH", "Oklahoma": "OK", "Oregon": "OR", "Pennsylvania": "PA",
    "Rhode Island": "RI", "South Carolina": "SC", "South Dakota": "SD", "Tennessee": "TN", "Texas": "TX",
    "Utah": "UT", "Vermont": "VT", "Virginia": "VA", "Washington State": "WA", "West Virginia": "WV",
    "Wisconsin": "WI", "Wyoming": "WY", "Washington D.C.": "DC",
}
PROVINCES = {
    "Alberta": "AB", "British Columbia": "BC", "British Colombia": "BC", "Manitoba": "MB", "New Brunswick": "NB",
    "Newfoundland and Labrador": "NL", "Nova Scotia/Prince Edward Island": "NS PE", "Ontario": "ON",
    "Northwest Territories/Nunavut/Yukon": "NT NU YT", "Quebec": "QC", "Saskatchewan": "SK",
}
# Area codes that the geocoder labels by exchange only; their area is that of a labelled neighbour (an overlay or a split).
LIKE = {"203": "475", "310": "213", "713": "281", "718": "347", "905": "289"}
# Overlays newer than the metadata: code, then the code whose area it shares, and who announced it.
NEW_OVERLAYS = {
    "357": ("559", "California PUC, in service 2025-03-26"),
    "436": ("440", "PUC of Ohio, in service 2024-03-01"),
    "457": ("318", "Louisiana PSC, in service 2025-09-25"),
    "465": ("718", "New York PSC, in service 2026-06"),
    "471": ("662", "Mississippi PSC, in service 2026-01-30"),
    "483": ("334", "Alabama PSC, in service 2026-02-23"),
    "624": ("716", "New York PSC, in service 2023-09-11"),
    "679": ("313", "Michigan PSC, in service 2025-11-07"),
    "729": ("423", "Tennessee PUC, in service 2025-09-05"),
    "861": ("309", "Illinois, listed with its test number on lincmad.com"),
    "924": ("507", "Minnesota PUC, in service 2024-08-30"),
}
# Each country and territory of the plan that is no part of Canada or the fifty states, by its code under libphonenumber.
TERRITORIES = {"AS", "GU", "MP", "PR", "VI"}

# --- North America: zones ---------------------------------------------------------------------------------
# The rule: every zone of the subdivision whose clock is, in 2027 and 2028, the clock of a zone that the map
# gives any exchange of the area code. Where the map is wrong or too coarse: ALL zones of the subdivision, or a list.
ALL = ("*",)
CLOCKS: dict[str, tuple[str, ...]] = {
    "689": ("America/New_York",),  # Orlando; the map says Chicago
    "321": ("America/New_York",), "407": ("America/New_York",),  # its neighbours, so that no update brings that error here
    "850": ALL, "448": ALL,  # the Florida panhandle; the map has no Central for 448
    "270": ALL, "364": ALL,  # western Kentucky; the map has no Central for 364
    "219": ALL, "574": ALL, "812": ALL, "930": ALL,  # Indiana; the map has no Central for 930
    "423": ALL, "729": ALL,  # eastern Tennessee with some Central counties
    "541": ALL, "458": ALL,  # eastern Oregon; the map has no Mountain for 458
    "208": ALL, "986": ALL,  # Idaho
    "334": ALL, "483": ALL,  # Alabama: Phenix City, Lanett and Valley live by Eastern time
    "915": ("America/Denver",),  # El Paso; the ZIP table's Central places there are Van Horn's, which is 432
    "402": ALL, "531": ALL, "308": ALL,  # Nebraska; 402 reaches Cody in the west of Cherry County, which is Mountain
    "605": ALL, "701": ALL, "620": ALL, "785": ALL, "775": ALL, "906": ALL, "928": ALL, "907": ALL,
    "606": ALL,  # Kentucky: Albany (Clinton County) is Central
    "931": ("America/Chicago",), "865": ("America/New_York",),  # Tennessee: the county lines are the zone's line
    # Saskatchewan incl. Lloydminster; the map says Winnipeg for 474. Creighton lives by Manitoba's clocks without leave of
    # the law, which knows one time for the province but Lloydminster's: an address there has it, a number does not.
    **{code: ("America/Regina", "America/Edmonton", "America/Swift_Current") for code in ("306", "639", "474")},
    "604": ("America/Vancouver",),
    "250": ALL, "236": ALL, "257": ALL, "672": ALL, "778": ALL,  # British Columbia
    "418": ALL, "367": ALL, "581": ALL,  # Quebec: the Magdalen Islands and the Lower North Shore
    "807": ALL,  # Ontario, north-west
    "867": ALL,  # the three territories; the map says Fort_Nelson for what it does not know
    "709": ALL, "879": ALL,  # Newfoundland and Labrador
    "902": ALL, "782": ALL,
}
NOT_GEOGRAPHIC = {
    "toll-free": "800 822 833 844 855 866 877 880 881 882 883 884 885 886 887 888 889",
    "premium-rate": "900",
    # 5YY for personal and machine numbers; 456 inbound international; Canada's 600 and 6YY; 700 carriers' own; 710 government
    "non-geographic": "456 500 521 522 523 524 525 526 527 528 529 532 533 535 538 542 543 544 545 546 547 549 "
                      "550 552 553 554 556 558 566 569 577 578 588 589 600 622 633 644 655 677 688 700 710",
}

# --- the rest of the world --------------------------------------------------------------------------------
WORLDWIDE = {  # country codes that belong to no country (ITU-T E.164 list of assigned codes)
    "toll-free": "800", "premium-rate": "979", "satellite": "870 881 882 883",
    "non-geographic": "808 878 888 991",
}
# Fixed lines that the map does not split, or splits wrongly. A zone list in place of a country's map entry.
AU_NSW, AU_ACT, AU_VIC = "AU-NSW=Australia/Sydney", "AU-ACT=Australia/Sydney", "AU-VIC=Australia/Melbourne"
AU_QLD, AU_SA = "AU-QLD=Australia/Brisbane,Australia/Lindeman", "AU-SA=Australia/Adelaide"
AU_WA, AU_NT = "AU-WA=Australia/Perth,Australia/Eucla", "AU-NT=Australia/Darwin"
# Broken Hill keeps South Australian time; Tibooburra, White Cliffs and Wilcannia, under the same prefixes, do not.
AU_FAR_WEST = "AU-NSW=Australia/Broken_Hill,Australia/Sydney"
AU_ISLES = "CX=Indian/Christmas;CC=Indian/Cocos"
AUSTRALIA = {  # ACMA's numbering plan: four areas, refined by the second digit where a region has it to itself
    "612": f"{AU_ACT};{AU_NSW};{AU_VIC}",
    **{p: f"{AU_ACT};{AU_NSW},Australia/Lord_Howe;{AU_VIC}" for p in ("6125", "6126")},
    "6128": AU_NSW, "6129": AU_NSW,  # Sydney
    "613": f"{AU_NSW};AU-TAS=Australia/Hobart;{AU_VIC}",
    "6136": "AU-TAS=Australia/Hobart", "6138": AU_VIC, "6139": AU_VIC,
    "617": f"{AU_NSW};{AU_QLD}",  # Tweed Heads and, by Goondiwindi and Stanthorpe, other places of New South Wales
    "6173": AU_QLD, "6174": AU_QLD, **{p: f"{AU_NSW};{AU_QLD}" for p in ("61745", "61746")},
    "618": f"{AU_FAR_WEST};{AU_NT};{AU_SA};{AU_VIC};{AU_WA};{AU_ISLES}",
    "6186": AU_WA, "6189": AU_WA,
    **{p: f"{AU_WA};{AU_ISLES}" for p in ("61851", "61891")},  # the north-west with the Indian Ocean territories
    "6187": f"{AU_NT};{AU_SA};{AU_VIC}", "6188": f"{AU_FAR_WEST};{AU_NT};{AU_SA};{AU_VIC}",
    "61880": f"{AU_FAR_WEST};{AU_SA}",
    **{p: f"{AU_SA};{AU_VIC}" for p in ("61875", "61877", "61878", "61885", "61886", "61887")},
    "61879": AU_NT, "61889": AU_NT,
    **{p: AU_SA for p in ("61870", "61871", "61872", "61873", "61874", "61881", "61882", "61883", "61884")},  # Adelaide
    "6189162": "CC=Indian/Cocos", "6189164": "CX=Indian/Christmas",
}
BY_HAND = {
    **AUSTRALIA,
    # Chile: the map knows Santiago only. 32 is Valparaiso with Easter Island, 61 Magallanes, 67 Aysen.
    "5632": "CL=America/Santiago,Pacific/Easter", "5661": "CL=America/Punta_Arenas,America/Santiago",
    "5667": "CL=America/Coyhaique,America/Santiago",
    **{f"56{p}": "CL=America/Santiago" for p in "2 33 34 35 41 42 43 45 51 52 53 55 57 58 63 64 65 71 72 73 75".split()},
    # Ukraine: 65 and 692 are Crimea and Sevastopol, on Moscow's clocks.
    **{f"380{p}": "UA=Europe/Kyiv" for p in "3 4 5 61 62 63 64 66 67 68".split()},
}
# Where fixed and mobile numbers look alike (portable between the two), a prefix is as geographic as in North America.
FIXED_OR_MOBILE = {"52", "56"}
# Whole calling codes that the metadata does not have.
COUNTRIES_BY_HAND = {"6721": "AQ"}
# Names in the map that stand for another place, or that tzdb has renamed.
MEANT = {
    "Europe/Bucharest": "Europe/Kaliningrad",  # under +7 only; the map has no Kaliningrad
    "America/New_York": "America/Cancun",  # under +52 only
    "America/Godthab": "America/Nuuk", "Asia/Choibalsan": "Asia/Ulaanbaatar", "Pacific/Enderbury": "Pacific/Kanton",
    "Pacific/Ponape": "Pacific/Pohnpei", "Pacific/Truk": "Pacific/Chuuk",
}
# libphonenumber's codes that ISO 3166-1 does not have. Ascension and Tristan da Cunha are parts of SH; Kosovo has no
# jurisdiction here, so its calling code says nothing.
NOT_ISO = {"AC": "SH", "TA": "SH", "XK": None}
# Digits after the calling code that are looked at: as far as area codes go, and no further.
DEPTH = {"86": 2}
USUAL_DEPTH = 4
TYPES = ("fixed_line mobile toll_free premium_rate shared_cost personal_number voip pager uan voicemail").split()

HEADER = """\
# Which places the beginning of an E.164 number names: the longest prefix that is listed decides.
# source: PyPI phonenumbers {phonenumbers} (libphonenumber's metadata, geocoding and time zone maps; Apache-2.0), facts alone;
# nanp-area-codes.json (the same maps by area code); corrections and overlays since then: by hand, see the generator
# version: phonenumbers {phonenumbers}, zones of IANA tzdb 2026f
# licence: Apache-2.0 (derived from libphonenumber, copyright The Libphonenumber Authors)
# generator: xtask/data/generate_phone_places.py; do not edit
# date: {date}
{hashes}
# rows: {rows}
# kind TAB what TAB prefixes (separated by a space; calling code and following digits)
# geographic: what = PLACE=ZONE,ZONE;PLACE=ZONE...: fixed lines and, in North America, all numbers
# country: what = countries, separated by a space: mobile and other numbers without a place, and countries with one clock
# nowhere: what = why: toll-free premium-rate satellite non-geographic
"""


@functools.cache
def clock(zone: str) -> tuple[object, ...]:
    """What clocks show in 2027 and 2028; equal for zones that differ in the past only."""
    reader = zoneinfo.ZoneInfo(zone)
    return tuple(datetime.fromtimestamp(unix, reader).utcoffset() for unix in range(1798761600, 1861920000, 21600))


def rows(path: pathlib.Path) -> list[list[str]]:
    """The rows of a table without its comments."""
    lines = path.read_text("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


class Zones:
    """Our own tables: the zones of each country and subdivision."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.of: dict[str, list[str]] = {}
        for country, zone in rows(folder / "country-zones.tsv"):
            self.of.setdefault(country, []).append(zone)
        for row in rows(folder / "subdivision-zones.tsv"):
            self.of[row[0]] = row[2].split(",")

    def matching(self, place: str, named: set[str]) -> list[str]:
        """The place's zones with the clock of a named one."""
        clocks = {clock(zone) for zone in named}
        return [zone for zone in self.of[place] if clock(zone) in clocks]

    def several(self, country: str) -> bool:
        """Whether the country has more than one clock."""
        return len({clock(zone) for zone in self.of.get(country, [])}) > 1


def place(code: str, zones: list[str]) -> str:
    """One place as written."""
    if not zones:
        raise SystemExit(f"{code}: no zone left")
    return f"{code}={','.join(zones)}"


# --- North America ----------------------------------------------------------------------------------------

def subdivisions(code: str) -> list[str]:
    """The states or provinces of an area code, by the geocoder's label for the whole of it."""
    label = GEOCODE_DATA.get("1" + LIKE.get(code, code), {}).get("en", "")
    if label in STATES:
        return [f"US-{STATES[label]}"]
    if label in PROVINCES:
        return [f"CA-{province}" for province in PROVINCES[label].split()]
    ending = label.rpartition(", ")[2]
    if ending in STATES.values():
        return [f"US-{ending}"]
    if any(ending in provinces.split() for provinces in PROVINCES.values()):
        return [f"CA-{ending}"]
    raise SystemExit(f"area code {code}: the label `{label}` names no subdivision")


def north_america(facts: dict, zones: Zones) -> dict[str, tuple[str, str]]:
    """Every area code: what it says."""
    found: dict[str, tuple[str, str]] = {}
    for why, codes in NOT_GEOGRAPHIC.items():
        for code in codes.split():
            found["1" + code] = ("nowhere", why)
    if wrong := {code for code, fact in facts.items() if fact["fallback"] and "1" + code not in found}:
        raise SystemExit(f"area codes without a place: {sorted(wrong)}")
    patterns = {region: PhoneMetadata.metadata_for_region(region).fixed_line.national_number_pattern
                for region in COUNTRY_CODE_TO_REGION_CODE[1]}
    for number in range(200, 1000):
        code = str(number)
        regions = [region for region, pattern in patterns.items() if regex.fullmatch(pattern, code, partial=True)]
        if "1" + code in found or not regions:
            continue
        if set(regions) <= {"US", "CA"}:
            names = subdivisions(code)
        else:
            [region] = regions
            names = [f"US-{region}" if region in TERRITORIES else region]
        found["1" + code] = ("geographic", north_american(code, names, facts.get(code), zones))
    for code, (parent, _) in NEW_OVERLAYS.items():
        if "1" + code in found:
            raise SystemExit(f"area code {code} is in the metadata by now; remove it from NEW_OVERLAYS")
        what = north_american(code, subdivisions(parent), facts[parent], zones)
        if what != found["1" + parent][1]:
            raise SystemExit(f"area code {code}: not the places of {parent}")
        found["1" + code] = ("geographic", what)
    if missing := set(CLOCKS) - {prefix[1:] for prefix in found}:
        raise SystemExit(f"corrections for unknown area codes: {sorted(missing)}")
    if lost := {code for code in facts if "1" + code not in found}:
        raise SystemExit(f"area codes of the facts that the metadata lacks: {sorted(lost)}")
    return found


def north_american(code: str, names: list[str], fact: dict | None, zones: Zones) -> str:
    """The places of one area code."""
    named = set(CLOCKS.get(code, ()))
    parts = []
    for name in names:
        if not named and len({clock(zone) for zone in zones.of[name]}) == 1 or named == set(ALL):
            parts.append(place(name, zones.of[name]))
        elif named:
            parts.append(place(name, zones.matching(name, named) if len(named) > 1 or code != "604" else sorted(named)))
        else:
            by_map = {zone for names_of, _ in fact["zones"] for zone in names_of}
            parts.append(place(name, zones.matching(name, by_map)))
    return ";".join(sorted(parts))


# --- the rest of the world --------------------------------------------------------------------------------

def kinds(regions: list[str], digits: str) -> set[tuple[str, str]]:
    """(region, type) of every number that may begin with these digits after the calling code."""
    found = set()
    for region in regions:
        metadata = PhoneMetadata.metadata_for_region(region)
        for kind in TYPES:
            pattern = getattr(metadata, kind)
            if pattern and pattern.national_number_pattern and regex.fullmatch(
                    pattern.national_number_pattern, digits, partial=True):
                found.add((region, kind))
    return found


def mapped_zones(prefix: str, calling_code: str) -> set[str]:
    """The zones that the map gives numbers with this prefix; empty if it knows them by the calling code only."""
    found = set()
    for listed, named in TIMEZONE_DATA.items():
        if listed.startswith(prefix):
            found.update(named)
    for end in range(len(prefix), len(calling_code), -1):
        if named := TIMEZONE_DATA.get(prefix[:end]):
            found.update(named)
            break
    return {MEANT.get(zone, zone) if zone not in ("Europe/Bucharest", "America/New_York") or calling_code in ("7", "52")
            else zone for zone in found}


def by_hand(prefix: str) -> str | None:
    """The longest entry made by hand that the prefix begins with."""
    return next((BY_HAND[prefix[:end]] for end in range(len(prefix), 0, -1) if prefix[:end] in BY_HAND), None)


def as_iso(regions: set[str]) -> list[str]:
    """The regions' ISO codes."""
    return sorted({code for region in regions if (code := NOT_ISO.get(region, region))})


def meaning(prefix: str, calling_code: str, regions: list[str], zones: Zones) -> tuple[str, str] | None:
    """What all numbers with the prefix say; None if no number begins so."""
    found = kinds(regions, prefix[len(calling_code):])
    if not found:
        return None
    types = {kind for _, kind in found}
    if types == {"toll_free"}:
        return "nowhere", "toll-free"
    if types <= {"premium_rate", "toll_free"}:
        return "nowhere", "premium-rate"
    countries, everyone = as_iso({region for region, _ in found}), as_iso(set(regions))
    if "fixed_line" not in types or not types <= {"fixed_line", "mobile"} or (
            "mobile" in types and calling_code not in FIXED_OR_MOBILE):
        if calling_code == "61":
            return "country", "AU"  # CX and CC, 2,500 people, use Australian mobiles: not every one of those is there
        # Mobiles go from one country of a plan to the other, as far as the clock is the same.
        same = len({clock(zone) for country in everyone for zone in zones.of[country]}) == 1
        return "country", " ".join(everyone if same else countries)
    if calling_code == "61":
        return "geographic", by_hand(prefix) or "?"
    if hand := by_hand(prefix):
        return "geographic", hand
    named = mapped_zones(prefix, calling_code)
    parts = {country: zones.matching(country, named) for country in countries}
    whole = all(len(parts[country]) == len(zones.of[country]) for country in countries)
    if calling_code == "56" or whole or not all(parts.values()):
        return "country", " ".join(countries)
    return "geographic", ";".join(place(country, parts[country]) for country in countries)


def country_code(calling_code: str, zones: Zones) -> dict[str, tuple[str, str]]:
    """Every prefix under a calling code that says something else than the prefix above it."""
    regions = list(COUNTRY_CODE_TO_REGION_CODE[int(calling_code)])
    if not as_iso(set(regions)):
        return {}
    found = {calling_code: ("country", " ".join(as_iso(set(regions))))}

    def descend(prefix: str, above: tuple[str, str]) -> None:
        for digit in "0123456789":
            longer = prefix + digit
            says = meaning(longer, calling_code, regions, zones)
            if says is None:
                continue
            if says != above:
                found[longer] = says
            if len(longer) < len(calling_code) + DEPTH.get(calling_code, USUAL_DEPTH):
                descend(longer, says)

    descend(calling_code, found[calling_code])
    return found


def compact(found: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """Without what the next shorter prefix says too."""
    def above(prefix: str) -> tuple[str, str] | None:
        return next((found[prefix[:end]] for end in range(len(prefix) - 1, 0, -1) if prefix[:end] in found), None)
    return {prefix: says for prefix, says in found.items() if says != above(prefix)}


def main() -> None:
    """Read, check, write."""
    if len(sys.argv) != 3:
        raise SystemExit(f"usage: {sys.argv[0]} NANP-AREA-CODES.json FOLDER")
    for wheel, wanted in WHEELS.items():
        if importlib.metadata.version(wheel) != wanted:
            raise SystemExit(f"need {wheel}=={wanted}, found {importlib.metadata.version(wheel)}")
    facts_file, folder = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    zones = Zones(folder)
    found = north_america(json.loads(facts_file.read_text("utf-8")), zones)
    for why, codes in WORLDWIDE.items():
        found.update({code: ("nowhere", why) for code in codes.split()})
    for calling_code in sorted(map(str, COUNTRY_CODE_TO_REGION_CODE)):
        if COUNTRY_CODE_TO_REGION_CODE[int(calling_code)] != ("001",) and calling_code != "1":
            found.update(country_code(calling_code, zones))
    found.update({prefix: ("country", what) for prefix, what in COUNTRIES_BY_HAND.items()})
    for prefix, what in BY_HAND.items():
        if prefix.startswith("61"):  # these nest: the longer one wins whatever the metadata knows of it
            found.setdefault(prefix, ("geographic", what))
    found = compact(found)
    groups: dict[tuple[str, str], list[str]] = {}
    for prefix, says in found.items():
        groups.setdefault(says, []).append(prefix)
    lines = sorted(f"{kind}\t{what}\t{' '.join(sorted(prefixes))}\n" for (kind, what), prefixes in groups.items())
    inputs = {"nanp-area-codes.json": facts_file.read_bytes()}
    for name in ("country-zones.tsv", "subdivision-zones.tsv"):
        inputs[name] = (folder / name).read_bytes()
    for package in (phonenumbers.geodata, phonenumbers.tzdata, phonenumbers.data):
        files = sorted(pathlib.Path(package.__file__).parent.glob("*.py"))
        inputs[package.__name__] = b"".join(file.read_bytes() for file in files)
    hashes = "\n".join(f"# sha256 {name}: {hashlib.sha256(data).hexdigest()}" for name, data in inputs.items())
    head = HEADER.format(date=DATE, hashes=hashes, rows=len(lines), **WHEELS)
    (folder / "phone-places.tsv").write_text(head + "".join(lines), "utf-8", newline="\n")
    print(f"phone-places.tsv: {len(lines)} rows, {len(found)} prefixes, {len(head) + sum(map(len, lines))} bytes")


if __name__ == "__main__":
    main()
