"""Write postal-places.tsv of crates/core-compliance/data: which places a US, Canadian or Australian postal code names.

Why by hand: the one free table of ZIP codes with zones (PyPI zipcodes) builds on unitedstateszipcodes.org, whose terms
do not clearly allow its data to be redistributed. So nothing of it is shipped: the three-digit ZIP areas are facts that
USPS publishes (Domestic Mail Manual, labeling list L002), the Canadian letters Canada Post's, the Australian ranges
Australia Post's, and the split states' areas follow 49 CFR part 71 by county. PyPI zipcodes is the acceptance
reference only (tests/tests/phone_postal_reference.rs).

Run (needs nothing but the zone data):
    python3 -m venv /tmp/ph && /tmp/ph/bin/pip install tzdata==2026.6
    /tmp/ph/bin/python xtask/data/generate_postal_places.py crates/core-compliance/data
"""

import functools
import hashlib
import pathlib
import sys
import zoneinfo
from datetime import datetime

DATE = "2026-11-23"
zoneinfo.reset_tzpath(to=[])  # the host's zone data may be years old

# Three-digit ZIP areas, ranges included, by the state in which their post offices are.
ZIP3 = {
    "AL": "350-369", "AK": "995-999", "AZ": "850-865", "AR": "716-729", "CA": "900-961", "CO": "800-816",
    "CT": "060-069", "DE": "197-199", "DC": "200 202-205 569", "FL": "320-339 341 342 344 346 347 349",
    "GA": "300-319 398 399", "HI": "967 968", "ID": "832-838", "IL": "600-629", "IN": "460-479", "IA": "500-528",
    "KS": "660-679", "KY": "400-427", "LA": "700-714", "ME": "039-049", "MD": "206-219", "MA": "010-027 055",
    "MI": "480-499", "MN": "550-567", "MS": "386-397", "MO": "630-658", "MT": "590-599", "NE": "680-693",
    "NV": "889-898", "NH": "030-038", "NJ": "070-089", "NM": "870-884", "NY": "005 100-149", "NC": "270-289",
    "ND": "580-588", "OH": "430-459", "OK": "730-732 734-749", "OR": "970-979", "PA": "150-196", "PR": "006 007 009",
    "RI": "028 029", "SC": "290-299", "SD": "570-577", "TN": "370-385", "TX": "733 750-799 885", "UT": "840-847",
    "VT": "050-054 056-059", "VA": "201 220-246", "VI": "008", "WA": "980-994", "WV": "247-268", "WI": "530-549",
    "WY": "820-831",
}
# The clocks of a three-digit area, or of single ZIPs (the longer one wins), where the state has several.
# E, C, M, P, A, H: Eastern, Central, Mountain, Pacific, Alaska, Aleutian; AZ: Phoenix. Not listed: the state's "" entry.
E, C, M, P, A, H = ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles",
                    "America/Anchorage", "America/Adak")
SPLIT = {
    "AL": {"": [C], "368": [C, E]},  # Phenix City, Smiths Station, Lanett and Valley live by Eastern time
    "AK": {"": [A], "99546": [H], "99547": [H]},  # Adak, Atka
    "AZ": {"": ["America/Phoenix"], "860": ["America/Phoenix", M], "865": ["America/Phoenix", M]},  # Navajo Nation
    "FL": {"": [E], "324": [C, E], "325": [C]},  # Port Saint Joe (south Gulf County) is Eastern
    "ID": {"": [M], "835": [P, M], "838": [P], "83671": [P, M]},  # Warren
    "IN": {"": [E], "463": [C], "464": [C], "465": [C, E], "469": [C, E], "475": [C, E], "476": [C], "477": [C],
           "479": [C, E]},
    "KS": {"": [C], "677": [C, M], "678": [C, M]},
    "KY": {"": [E], "401": [C, E], "420-424": [C], "426": [C, E], "427": [C, E]},
    "MI": {"": [E], "498": [C, E], "499": [C, E]},
    "NE": {"": [C], "690-692": [C, M], "693": [M]},
    "NV": {"": [P], "898": [P, M]},  # West Wendover, Jackpot, Mountain City and Owyhee
    "ND": {"": [C], "585": [C, M], "586": [C, M]},
    "OR": {"": [P], "979": [P, M]},
    "SD": {"": [C], "575": [C, M], "576": [C, M], "577": [M]},
    "TN": {"": [C], "373": [C, E], "374": [E], "376": [E], "377": [C, E], "378": [E], "379": [E]},
    "TX": {"": [C], "798": [C, M], "799": [M], "885": [M]},
}
# ZIPs that are not in the state of their area, and areas shared by several.
PACIFIC = {"GU": "96910-96932", "MP": "96950-96952", "PW": "96939 96940", "FM": "96941-96944", "MH": "96960 96970"}
ELSEWHERE = {
    "06390": ["US-NY"], "20588": ["US-MD"], "20598": ["US-VA"], "73960": ["US-TX=America/Chicago"], "83414": ["US-WY"],
    "96799": ["US-AS"], "96898": ["US-UM=Pacific/Wake"],
    "969": ["US-GU", "US-MP", "FM", "MH", "PW"],
    "42223": ["US-KY=America/Chicago", "US-TN=America/Chicago"],  # Fort Campbell, in both
}
MILITARY = "090-099 340 962-966"

CANADA = {  # first letters, or more where they tell more; with the zones if not all of the province
    "A": ["CA-NL=America/St_Johns"],
    **{labrador: ["CA-NL"] for labrador in ("A0K", "A0P", "A0R", "A2V")},
    "B": ["CA-NS"], "C": ["CA-PE"], "E": ["CA-NB"],
    "G": ["CA-QC=America/Toronto"], "H": ["CA-QC=America/Toronto"], "J": ["CA-QC=America/Toronto"],
    **{magdalen_or_listuguj: ["CA-QC=America/Toronto,America/Halifax"] for magdalen_or_listuguj in ("G0B", "G0C", "G4T")},
    "G0G": ["CA-QC"],  # the Lower North Shore
    "K": ["CA-ON=America/Toronto"], "L": ["CA-ON=America/Toronto"], "M": ["CA-ON=America/Toronto"],
    "N": ["CA-ON=America/Toronto"], "P": ["CA-ON=America/Toronto"],
    **{north_west: ["CA-ON"] for north_west in ("P0", "P8", "P9")},
    "K1A": ["CA-ON=America/Toronto", "CA-QC=America/Toronto"],  # federal offices in Ottawa and Gatineau
    "R": ["CA-MB"],
    "S": ["CA-SK=America/Regina,America/Edmonton,America/Swift_Current"], "S0P": ["CA-SK"],  # Creighton
    "T": ["CA-AB"],
    "V": ["CA-BC=America/Vancouver"],
    **{peace: ["CA-BC=America/Vancouver,America/Dawson_Creek,America/Fort_Nelson"] for peace in ("V0C", "V1G", "V1J")},
    **{kootenay: ["CA-BC"] for kootenay in ("V0A", "V0B", "V1A", "V1C")},
    "X": ["CA-NT", "CA-NU"], "X0A-X0C": ["CA-NU"], "X0E": ["CA-NT"], "X0G": ["CA-NT"], "X1A": ["CA-NT"], "Y": ["CA-YT"],
}
NSW, QLD, WA = "AU-NSW=Australia/Sydney", "AU-QLD", "AU-WA=Australia/Perth"
AUSTRALIA = [  # (codes, places); a later row wins
    ("1000-2599 2619-2898 2921-2999", [NSW]), ("0200-0299 2600-2618 2900-2920", ["AU-ACT"]),
    ("3000-3999 8000-8999", ["AU-VIC"]), ("4000-4999 9000-9999", [QLD]), ("5000-5999", ["AU-SA"]),
    ("6000-6797 6800-6999", [WA]), ("7000-7999", ["AU-TAS=Australia/Hobart"]), ("0800-0999", ["AU-NT"]),
    ("2899", ["NF"]), ("6798", ["CX"]), ("6799", ["CC"]), ("2898", ["AU-NSW=Australia/Lord_Howe"]),
    # Broken Hill with Tibooburra and White Cliffs, which keep Sydney's time.
    ("2880", ["AU-NSW=Australia/Broken_Hill,Australia/Sydney"]),
    ("6443", ["AU-WA"]),  # the Eyre Highway: Balladonia on Perth's time, Eucla on its own
    ("7151", ["AU-TAS", "AQ=Antarctica/Casey,Antarctica/Davis,Antarctica/Mawson"]),  # Macquarie Island, Antarctic stations
    ("0872", ["AU-NT", "AU-SA", WA]),  # the desert around Alice Springs
    # Delivery areas across a border.
    ("2611 2618 2619 2620", ["AU-ACT", NSW]), ("2540", ["AU-ACT", NSW]),  # Jervis Bay has no code of its own in ISO 3166-2
    ("2406 4375 4377 4380 4383 4385 4493", [NSW, QLD]), ("2648 3500 3501 3505 3549 3585 3586 3644 3691 3707", [NSW, "AU-VIC"]),
    ("4825", ["AU-NT", QLD]), ("5440", ["AU-NSW=Australia/Broken_Hill,Australia/Sydney", "AU-SA"]),
]

HEADER = """\
# Which places a postal code names: the longest entry that its beginning is, or lies between, decides.
# source: facts that USPS (ZIP areas), Canada Post (first letters) and Australia Post (ranges) publish, and 49 CFR part 71
# (zones by county); curated by hand in the generator, zones from subdivision-zones.tsv
# version: IANA tzdb 2026f
# licence: MIT OR Apache-2.0 (the facts are public)
# generator: xtask/data/generate_postal_places.py; do not edit
# date: {date}
{hashes}
# rows: {rows}
# country TAB PLACE=ZONE,ZONE;PLACE=ZONE... (`military`: the post of the armed forces, anywhere) TAB entries
# entries: beginnings or ranges of them (FROM-TO, both included), separated by a space; those of one length do not overlap.
# A code is that of the post office; some hundred rural ones deliver across a state line.
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


def numbers(entries: str) -> list[str]:
    """Every code of a list of codes and ranges."""
    found = []
    for entry in entries.split():
        first, _, last = entry.partition("-")
        found += [str(code).zfill(len(first)) for code in range(int(first), int(last or first) + 1)]
    return found


def ranges(codes: list[str]) -> str:
    """The inverse of numbers, for codes of digits; others stay as they are."""
    runs: list[list[str]] = []
    for code in sorted(codes, key=lambda code: (len(code), code)):
        if runs and code.isdigit() and len(code) == len(runs[-1][1]) and int(code) == int(runs[-1][1]) + 1:
            runs[-1][1] = code
        else:
            runs.append([code, code])
    return " ".join(first if first == last else f"{first}-{last}" for first, last in runs)


def main() -> None:
    """Compose, check, write."""
    if len(sys.argv) != 2:
        raise SystemExit(f"usage: {sys.argv[0]} FOLDER")
    folder = pathlib.Path(sys.argv[1])
    zones: dict[str, list[str]] = {}
    for country, zone in rows(folder / "country-zones.tsv"):
        zones.setdefault(country, []).append(zone)
    for row in rows(folder / "subdivision-zones.tsv"):
        zones[row[0]] = row[2].split(",")

    def place(text: str) -> str:
        code, _, named = text.partition("=")
        chosen = named.split(",") if named else zones[code]
        if strange := set(chosen) - set(zones[code]):
            raise SystemExit(f"{code}: not its zones: {sorted(strange)}")
        return f"{code}={','.join(chosen)}"

    def with_clocks(state: str, named: list[str]) -> str:
        """The state's zones with the clocks of the named ones."""
        clocks = {clock(zone) for zone in named}
        chosen = [zone for zone in zones[f"US-{state}"] if clock(zone) in clocks]
        if {clock(zone) for zone in chosen} != clocks:
            raise SystemExit(f"US-{state}: has no zone with some clock of {named}")
        return f"US-{state}={','.join(chosen)}"

    us: dict[str, str] = {}
    for state, entries in ZIP3.items():
        for area in numbers(entries):
            if area in us:
                raise SystemExit(f"ZIP area {area}: in two states")
            split = SPLIT.get(state)
            if split is None and len({clock(zone) for zone in zones[f"US-{state}"]}) > 1:
                raise SystemExit(f"US-{state}: has several clocks; say which of its areas has which")
            us[area] = with_clocks(state, split[""]) if split else place(f"US-{state}")
        for entry, named in SPLIT.get(state, {}).items():
            for code in numbers(entry):
                if us.get(code[:3], "").partition("=")[0] != f"US-{state}":
                    raise SystemExit(f"ZIP {code}: not in US-{state}")
                us[code] = with_clocks(state, named)
    for territory, entries in PACIFIC.items():
        name = f"US-{territory}" if f"US-{territory}" in zones else territory
        us.update({code: place(name) for code in numbers(entries)})
    us.update({code: ";".join(map(place, places)) for code, places in ELSEWHERE.items()})
    us.update({area: "military" for area in numbers(MILITARY)})

    au: dict[str, str] = {}
    for entries, places in AUSTRALIA:
        au.update({code: ";".join(map(place, places)) for code in numbers(entries)})
    ca = {code: ";".join(map(place, places)) for code, places in CANADA.items()}

    lines = []
    for country, table in (("AU", au), ("CA", ca), ("US", us)):
        groups: dict[str, list[str]] = {}
        for code, what in table.items():
            groups.setdefault(what, []).append(code)
        lines += sorted(f"{country}\t{what}\t{ranges(codes)}\n" for what, codes in groups.items())
    inputs = ("country-zones.tsv", "subdivision-zones.tsv")
    hashes = "\n".join(f"# sha256 {name}: {hashlib.sha256((folder / name).read_bytes()).hexdigest()}" for name in inputs)
    head = HEADER.format(date=DATE, hashes=hashes, rows=len(lines))
    (folder / "postal-places.tsv").write_text(head + "".join(lines), "utf-8", newline="\n")
    print(f"postal-places.tsv: {len(lines)} rows, {len(head) + sum(map(len, lines))} bytes")


if __name__ == "__main__":
    main()
