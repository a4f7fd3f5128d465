"""Write countries.tsv, country-zones.tsv and zone-links.tsv of crates/core-compliance/data.

Why: a zone name is evidence of a country, and a country alone means every zone in it. Both must come
from the tzdb release that the clocks come from, so they are generated, never edited.

Run (needs nothing but the pinned wheel):
    python3 -m venv /tmp/tz && /tmp/tz/bin/pip install tzdata==2026.6
    /tmp/tz/bin/python xtask/data/generate_places.py crates/core-compliance/data

To move to the next tzdb: change the constants, install that wheel, run, read the diff. New aliases
of a clock that several countries share stop the run until BY_HAND says which place is meant.
"""

import hashlib
import importlib.metadata
import importlib.resources
import pathlib
import sys

IANA, WHEEL, DATE = "2026f", "2026.6", "2026-11-23"
INPUTS = ("iso3166.tab", "tzdata.zi", "zone.tab")

# Names that people use as clocks, not as places; tzdb links some of them to a city all the same
# (2026f: EST to America/Panama, MST to America/Phoenix, HST to Pacific/Honolulu, CET and MET to
# Europe/Brussels, EET to Europe/Athens, WET to Europe/Lisbon; the other four are Zones of their own).
CLOCKS = set("EST EST5EDT CST6CDT MST MST7MDT PST8PDT HST WET CET MET EET".split())

# Aliases whose clock several countries share: the `L` line leads to the clock, not to the place
# (Iceland: Africa/Abidjan). The place that the name means, by the name itself and by the comments
# of tzdb's file `backward`. None: the place has a country of its own, but no zone there.
BY_HAND = {
    "Africa/Asmera": "Africa/Asmara",
    "Africa/Timbuktu": "Africa/Bamako",
    "America/Coral_Harbour": "America/Atikokan",
    "America/Montreal": "America/Toronto",
    "America/Nipigon": "America/Toronto",
    "America/Thunder_Bay": "America/Toronto",
    "America/Virgin": "America/St_Thomas",
    "Antarctica/South_Pole": "Antarctica/McMurdo",
    "Asia/Rangoon": "Asia/Yangon",
    "Atlantic/Jan_Mayen": "Arctic/Longyearbyen",  # both are SJ, Svalbard and Jan Mayen
    "Canada/Eastern": "America/Toronto",
    "Europe/Belfast": "Europe/London",
    "GB": "Europe/London",
    "GB-Eire": "Europe/London",
    "Iceland": "Atlantic/Reykjavik",
    "NZ": "Pacific/Auckland",
    "Pacific/Johnston": None,  # UM, linked to Pacific/Honolulu, which zone.tab gives to US only
    "Pacific/Ponape": "Pacific/Pohnpei",
    "Pacific/Samoa": "Pacific/Pago_Pago",  # American Samoa; the state of Samoa is Pacific/Apia
    "Pacific/Truk": "Pacific/Chuuk",
    "Pacific/Yap": "Pacific/Chuuk",
    "Singapore": "Asia/Singapore",
    "US/Arizona": "America/Phoenix",
    "US/Samoa": "Pacific/Pago_Pago",
}

HEADER = """\
# {title}
# source: PyPI tzdata {wheel} (IANA tzdb {iana}), files {inputs}
# version: {iana}
# licence: public domain
# generator: xtask/data/generate_places.py; do not edit
# date: {date}
{hashes}
# rows: {rows}
{notes}
"""


def read_inputs() -> dict[str, bytes]:
    """The wheel's files, after a check that it is the pinned wheel."""
    folder = importlib.resources.files("tzdata.zoneinfo")
    data = {name: folder.joinpath(name).read_bytes() for name in INPUTS}
    wheel = importlib.metadata.version("tzdata")
    if wheel != WHEEL or not data["tzdata.zi"].startswith(f"# version {IANA}\n".encode()):
        raise SystemExit(f"need tzdata=={WHEEL} ({IANA}), found {wheel}")
    return data


def fields(data: bytes) -> list[list[str]]:
    """The rows of a tab file without its comments."""
    lines = data.decode("utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def links_and_zones(data: bytes) -> tuple[dict[str, str], set[str]]:
    """From tzdata.zi: alias to target of the L lines, and the names of the Zones."""
    links, zones = {}, set()
    for line in data.decode("utf-8").splitlines():
        words = line.split()
        if words[0] == "L":
            links[words[2]] = words[1]
        elif words[0] == "Z":
            zones.add(words[1])
    return links, zones


def clock(name: str, links: dict[str, str]) -> str:
    """The Zone at the end of a chain of links."""
    while name in links:
        name = links[name]
    return name


def places(country_of: dict[str, str], links: dict[str, str]) -> dict[str, str | None]:
    """For each name outside zone.tab: the zone of zone.tab that it means, None if it means none."""
    sharing: dict[str, list[str]] = {}
    for zone in country_of:
        sharing.setdefault(clock(zone, links), []).append(zone)
    meaning: dict[str, str | None] = {}
    for alias in sorted(set(links) - set(country_of)):
        candidates = sharing.get(clock(alias, links), [])
        if alias in CLOCKS or not candidates:
            meaning[alias] = None
        elif alias in BY_HAND:
            meaning[alias] = BY_HAND[alias]
            if meaning[alias] not in (None, *candidates):
                raise SystemExit(f"{alias}: BY_HAND names another clock than tzdb does")
        elif len({country_of[zone] for zone in candidates}) > 1:
            raise SystemExit(f"{alias}: add it to BY_HAND, its clock is shared by {candidates}")
        else:
            target = clock(alias, links)
            meaning[alias] = target if target in candidates else min(candidates)
    if missing := set(BY_HAND) - set(meaning):
        raise SystemExit(f"no longer aliases: {sorted(missing)}")
    return meaning


def main() -> None:
    """Read, check, write the three files."""
    if len(sys.argv) != 2:
        raise SystemExit(f"usage: {sys.argv[0]} FOLDER")
    data = read_inputs()
    names = {row[0]: row[1] for row in fields(data["iso3166.tab"])}
    country_of: dict[str, str] = {}
    for row in fields(data["zone.tab"]):
        if country_of.setdefault(row[2], row[0]) != row[0]:
            raise SystemExit(f"{row[2]}: in zone.tab for two countries")
    links, zones = links_and_zones(data["tzdata.zi"])
    if strange := set(country_of.values()) - set(names) | set(country_of) - zones - set(links):
        raise SystemExit(f"zone.tab names the unknown {sorted(strange)}")
    meaning = places(country_of, links)
    nowhere = sorted({name for name, place in meaning.items() if place is None} | zones - set(country_of))
    empty = sorted(set(names) - set(country_of.values()))

    def write(file: str, title: str, inputs: str, notes: list[str], rows: list[tuple[str, str]]) -> None:
        hashes = "\n".join(f"# sha256 {name}: {hashlib.sha256(data[name]).hexdigest()}" for name in inputs.split())
        head = HEADER.format(title=title, inputs=inputs, hashes=hashes, rows=len(rows),
                             notes="\n".join(f"# {note}" for note in notes),
                             iana=IANA, wheel=WHEEL, date=DATE)
        body = "".join(f"{left}\t{right}\n" for left, right in sorted(rows))
        pathlib.Path(sys.argv[1], file).write_text(head + body, "utf-8", newline="\n")
        print(f"{file}: {len(rows)} rows")

    write("countries.tsv", "ISO 3166-1 alpha-2 codes and the English names that tzdb gives them.", "iso3166.tab",
          ["code TAB name (UTF-8)"], list(names.items()))
    write("country-zones.tsv", "Every zone of every country; each zone is in one country.", "iso3166.tab zone.tab",
          ["country TAB zone", f"countries without a zone (uninhabited): {' '.join(empty)}"],
          [(country, zone) for zone, country in country_of.items()])
    write("zone-links.tsv", "Other names of the zones in country-zones.tsv.", "tzdata.zi zone.tab",
          ["alias TAB zone: the zone of the same place, not the canonical zone of the same clock",
           "(Iceland is Atlantic/Reykjavik here, Africa/Abidjan in tzdb). No alias is in country-zones.tsv.",
           f"names without a place, left out: {' '.join(nowhere)}"],
          [(alias, zone) for alias, zone in meaning.items() if zone is not None])


if __name__ == "__main__":
    main()
