"""Reads the tables slowly: is an attempt permitted at an instant, by which provisions, and when does that change?"""

import bisect
import zoneinfo
from datetime import UTC, date, datetime, time, timedelta, timezone

import tables_us
import tables_world
from calendars_world import KNOWN_THROUGH, holidays

zoneinfo.reset_tzpath(to=[])  # the pinned data of the package tzdata, never the machine's

RULES = tables_us.RULES + tables_world.RULES
CAPS = tables_us.CAPS + tables_world.CAPS
BY_ID = {row["id"]: row for row in RULES + CAPS}
CALENDARS = {name: holidays(name) for row in RULES for name in [*row["holidays"], *row.get("at_most", {})]}
CALENDARS["US-AL gulf"] = holidays("US-AL gulf")
COUNTED = {
    "attempt": None,
    # An outcome that is not told may be the one that counts.
    "answered": {None, "conversation", "refusal", "abandoned", "voicemail"},
    "contact": {None, "conversation", "refusal", "voicemail"},
}
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def zone(name):
    """An IANA zone, or a fixed number of hours."""
    return timezone(timedelta(hours=name)) if isinstance(name, int) else zoneinfo.ZoneInfo(name)


def instant(text):
    """`2026-06-10T12:00:00Z`."""
    return datetime.fromisoformat(text)


def at(day, clock, zone_name):
    """The instant at which a clock in the zone shows that time of that day (the first of two)."""
    parts = [int(part) for part in clock.split(":")] + [0, 0]
    return datetime.combine(date.fromisoformat(day), time(*parts[:3]), zone(zone_name)).astimezone(UTC)


def seconds(text):
    """`8`, `7:30` → seconds of the day."""
    hour, _, minute = text.partition(":")
    return int(hour) * 3600 + int(minute or 0) * 60


def spans(text):
    """`10-13,14-20` → pairs of seconds."""
    return [tuple(seconds(end) for end in part.split("-")) for part in text.split(",")] if text else []


def weekday_hours(rule, day):
    """What the table has for the day's weekday."""
    for names, hours in rule["hours"].items():
        first, _, last = names.partition("-")
        if WEEKDAYS.index(first) <= day.weekday() <= WEEKDAYS.index(last or first):
            return hours
    return ""


def hours_of(rule, day, place):
    """`(spans, holiday)` of a day; no spans at all beyond the last known list of holidays."""
    usual = spans(weekday_hours(rule, day))
    for calendar, hours in rule["holidays"].items():
        if day > KNOWN_THROUGH.get(calendar, day):
            return [], "unverified"
        known = "US-AL gulf" if place in ("US-AL:Mobile", "US-AL:Baldwin") else calendar
        if day in CALENDARS[known]:
            return spans(hours), CALENDARS[known][day]
    for calendar, hours in rule.get("eves", {}).items():
        if day + timedelta(days=1) in CALENDARS[calendar]:
            (low, high), = spans(hours)
            return [(max(a, low), min(b, high)) for a, b in usual], "eve"
    for calendar, last in rule.get("at_most", {}).items():
        if day in CALENDARS[calendar]:
            return [(a, min(b, seconds(last))) for a, b in usual], CALENDARS[calendar][day]
    return usual, None


def months_before(moment, months):
    """The same day and time so many months earlier (days that do not exist are not used in cases)."""
    index = moment.year * 12 + moment.month - 1 - months
    return moment.replace(year=index // 12, month=index % 12 + 1)


def meets(condition, attempt, moment, local_day):
    """Whether a known fact meets the condition; what is not known never does."""
    if " until " in condition:
        condition, _, last = condition.partition(" until ")
        if local_day >= date.fromisoformat(last):
            return False
    word, _, age = condition.partition("<")
    if word in ("business", "consumer"):
        return attempt.get("callee_kind") == word
    if word in ("nonprofit", "political"):
        return attempt.get("caller_kind") == word
    key, date_key = ("consent", "given_at") if word in ("consent", "written") else ("business_relationship", "last_at")
    fact = attempt.get(key)
    if fact is None:
        return False
    if isinstance(fact, str):
        fact = {"level": fact, "kind": fact}
    if key == "consent":
        fits = word == "consent" or fact["level"] == "express-written"
        revoked = fact.get("revoked_at")
        fits = fits and not (revoked and instant(revoked) <= moment)
        fits = fits and not any(
            not isinstance(each, str) and each.get("outcome") == "refusal"
            and (not fact.get(date_key) or instant(each["at"]) >= instant(fact[date_key]))
            for each in attempt.get("attempts", []))
    else:
        fits = fact["kind"] == {"contract": "contract-in-progress"}.get(word, word)
    since = fact.get(date_key)
    if since and instant(since) > moment:
        return False
    if age:
        return fits and since is not None and instant(since) >= months_before(moment, int(age[:-1]))
    return fits


def ancestors(jurisdiction):
    """`US-AL:Mobile` → itself, `US-AL`, `US`."""
    state = jurisdiction.split(":")[0]
    return {jurisdiction, state, state.split("-")[0]}


def governs(row, attempt, place, local_day):
    """Place, purpose, channel and dates fit."""
    in_force = (row["since"] or "0000") <= local_day.isoformat() < (row["until"] or "9999")
    return (in_force and row["j"] in ancestors(place["jurisdiction"]) and attempt["purpose"] in row["purposes"]
            and attempt.get("channel", "voice") in row["channels"])


def blocked_by(cap, attempt, place, moment):
    """Whether the cap prohibits at the instant; `None` if there is no history."""
    if "attempts" not in attempt:
        return None
    here = zone(place["zone"])
    today = moment.astimezone(here).date()
    past = [{"at": each} if isinstance(each, str) else each for each in attempt["attempts"]]
    for outcome, unit, length in cap["rest"]:
        for each in past:
            when = instant(each["at"])
            ends_on = when.astimezone(here).date() + timedelta(days=length if unit == "days" else 0)
            if each.get("outcome") == outcome and (unit == "for ever" or (unit == "days" and today < ends_on)
                                                   or (unit == "hours" and moment < when + timedelta(hours=length))):
                return True
    counted = COUNTED[cap["counts"]]
    past = [each for each in past if counted is None or each.get("outcome") in counted]
    matters = {each.get("matter") for each in past} if cap["by_matter"] else {None}
    for matter in matters:
        mine = [instant(each["at"]) for each in past
                if not cap["by_matter"] or matter is None or each.get("matter") in (None, matter)]
        if cap["by_matter"] and matter is None and len(matters) > 1:
            continue  # attempts without a matter are in every other group already
        for most, unit, length in cap["limits"]:
            if unit == "hours":
                recent = [when for when in mine if moment - timedelta(hours=length) < when <= moment]
            else:
                first = {"days": today - timedelta(days=length - 1), "week": today - timedelta(days=today.weekday()),
                         "month": today.replace(day=1)}[unit]
                recent = [when for when in mine if when.astimezone(here).date() >= first]
            if len(recent) >= most:
                return True
    return False


def in_hours(rule, place, moment):
    """`(permitted, codes)` of one rule with hours, on all of its clocks."""
    codes, open_everywhere = set(), True
    for clock in rule.get("clocks", [place["zone"]]):
        local = moment.astimezone(zone(clock))
        today, holiday = hours_of(rule, local.date(), place["jurisdiction"])
        now = local.hour * 3600 + local.minute * 60 + local.second
        usual = spans(weekday_hours(rule, local.date()))
        if rule.get("after_start"):
            inside = any(a < now < b for a, b in today)
        else:
            inside = any(a <= now < b for a, b in today)
        if not inside:
            open_everywhere = False
            if holiday == "unverified":
                codes.add("calendar-unverified")
            elif holiday is None:
                codes.add("outside-calling-window")
            elif not today and any(a <= now < b for a, b in usual):
                codes.add("holiday")
    return open_everywhere, codes


def judge(attempt, moment):
    """`(permitted, ids that say so, codes)` of an attempt at an instant."""
    no, yes, codes, doubts = [], [], {True: set(), False: set()}, False
    always = set()
    house_open = True
    for place in attempt["places"]:
        here = moment.astimezone(zone(place["zone"]))
        bound = False
        for rule in (row for row in RULES if governs(row, attempt, place, here.date())):
            if any(meets(each, attempt, moment, here.date()) for each in rule["free"]):
                always.add("exemption-applies")
                continue
            if rule["hours"] is None:
                met = any(meets(each, attempt, moment, here.date()) for each in rule["needs"])
                (yes if met else no).append(rule["id"])
                codes[met].add("requirement-met" if met else "requirement-not-met")
                continue
            inside, why = in_hours(rule, place, moment)
            if rule.get("unverified"):
                doubts = doubts or not inside
                continue
            bound = True
            (yes if inside else no).append(rule["id"])
            codes[inside] |= {"within-calling-window"} if inside else why
        for cap in (row for row in CAPS if governs(row, attempt, place, here.date())):
            if any(meets(each, attempt, moment, here.date()) for each in cap["free"]):
                continue
            blocked = blocked_by(cap, attempt, place, moment)
            if cap.get("unverified"):
                doubts = doubts or bool(blocked)
            elif blocked is not None:
                (no if blocked else yes).append(cap["id"])
                codes[not blocked].add("cap-reached" if blocked else "within-cap")
        if not bound:
            always.add("house-hours")
            house_open = house_open and 8 <= here.hour < 21
    permitted = not no and house_open
    if permitted and doubts:
        always.add("unverified-rule-would-prohibit")
    return permitted, sorted(set(yes if permitted else no)), codes[permitted] | always


def moments():
    """Every second of a day at which some provision opens or closes, and the one after it (Texas)."""
    edges = {0, seconds("8"), seconds("21")}
    for row in RULES:
        for hours in [*(row["hours"] or {}).values(), *row["holidays"].values(), *row.get("eves", {}).values()]:
            edges |= {edge for span in spans(hours) for edge in span}
        edges |= {seconds(last) for last in row.get("at_most", {}).values()}
    return sorted(edges | {edge + 1 for edge in edges})


MOMENTS = moments()


def changes(attempt, moment, days):
    """Instants at which the verdict may change, for so many days."""
    clocks = {place["zone"] for place in attempt["places"]} | {
        clock for row in RULES for clock in row.get("clocks", []) if any(
            row["j"] in ancestors(place["jurisdiction"]) for place in attempt["places"])}
    found = {instant(each if isinstance(each, str) else each["at"]) + timedelta(hours=hours)
             for each in attempt.get("attempts", []) for hours in (8, 24, 72)}
    for clock in clocks:
        first = moment.astimezone(zone(clock)).date()
        for offset in range(days + 1):
            for second in MOMENTS:
                naive = datetime.combine(first + timedelta(days=offset), time()) + timedelta(seconds=second)
                found |= {naive.replace(tzinfo=zone(clock), fold=fold).astimezone(UTC) for fold in (0, 1)}
    listed = sorted(found)
    return listed[bisect.bisect_right(listed, moment):]


def next_change(attempt, moment):
    """The first later instant with the other verdict, or `None` within 400 days."""
    now = judge(attempt, moment)[0]
    for days in (8, 70, 400):
        for later in changes(attempt, moment, days):
            if judge(attempt, later)[0] != now:
                return later
    return None
