"""Holidays as the laws list them, written out once more so that a slip in the rulebook's own tables shows up.

A calendar is a function from a year to `{date: name}`, moved ("observed") days included.
"""

from datetime import date, timedelta

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
DAY = timedelta(days=1)


def easter(y):
    """Western Easter Sunday (anonymous Gregorian algorithm)."""
    a, b, c = y % 19, y // 100, y % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    k = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * k) // 451
    return date(y, (h + k - 7 * m + 114) // 31, (h + k - 7 * m + 114) % 31 + 1)


def pascha(y):
    """Orthodox Easter Sunday (Meeus's Julian algorithm, thirteen days added)."""
    d = (19 * (y % 19) + 15) % 30
    e = (2 * (y % 4) + 4 * (y % 7) - d + 34) % 7
    return date(y, (d + e + 114) // 31, (d + e + 114) % 31 + 1) + 13 * DAY


def nth(y, month, weekday, n):
    """The n-th such weekday of a month; the last for -1."""
    if n < 0:
        following = date(y + month // 12, month % 12 + 1, 1)
        return following - DAY * ((following.weekday() - weekday - 1) % 7 + 1)
    first = date(y, month, 1)
    return first + DAY * ((weekday - first.weekday()) % 7 + 7 * (n - 1))


def monday_from(y, month, day):
    """That date if it is a Monday, otherwise the next Monday (Ley Emiliani)."""
    nominal = date(y, month, day)
    return nominal + DAY * (-nominal.weekday() % 7)


def shifted(days, moves, only=None):
    """Adds the days on which weekend holidays are kept as well: `sf` Saturday to Friday, `sm` Saturday to Monday,
    `um` Sunday to Monday, `us` Sunday to Saturday."""
    result = dict(days)
    for day, name in days.items():
        if only is not None and name not in only:
            continue
        for move in moves:
            if move[0] == "su"[day.weekday() == SUN] and day.weekday() >= SAT:
                step = {"sf": -1, "sm": 2, "um": 1, "us": -1}[move]
                result.setdefault(day + DAY * step, f"{name} observed")
    return result


def us_common(y):
    """The days that nearly every American list has."""
    return {
        date(y, 1, 1): "New Year's Day",
        nth(y, 1, MON, 3): "Martin Luther King Day",
        nth(y, 5, MON, -1): "Memorial Day",
        date(y, 7, 4): "Independence Day",
        nth(y, 9, MON, 1): "Labor Day",
        date(y, 11, 11): "Veterans Day",
        nth(y, 11, THU, 4): "Thanksgiving",
        date(y, 12, 25): "Christmas Day",
    }


def us_federal(y):
    days = us_common(y) | {nth(y, 2, MON, 3): "Washington's Birthday", nth(y, 10, MON, 2): "Columbus Day"}
    if y >= 2021:
        days[date(y, 6, 19)] = "Juneteenth"
    return shifted(days, ["sf", "um"])


def us_al(y):
    days = us_common(y) | {
        nth(y, 2, MON, 3): "Washington's Birthday",
        nth(y, 4, MON, 4): "Confederate Memorial Day",
        nth(y, 6, MON, 1): "Jefferson Davis' Birthday",
        nth(y, 10, MON, 2): "Columbus Day",
    }
    if y >= 2025:
        days[date(y, 6, 19)] = "Juneteenth"
    return shifted(days, ["sf", "um"])


def us_al_gulf(y):
    """Mobile and Baldwin counties keep Mardi Gras as well."""
    return us_al(y) | {easter(y) - 47 * DAY: "Mardi Gras"}


def us_la(y):
    thanksgiving = nth(y, 11, THU, 4)
    days = us_common(y) | {
        easter(y) - 47 * DAY: "Mardi Gras",
        easter(y) - 2 * DAY: "Good Friday",
        thanksgiving + DAY: "Friday after Thanksgiving",
    }
    return shifted(days, ["sf", "um"])


def us_pa(y):
    election = nth(y, 11, MON, 1) + DAY
    days = us_common(y) | {
        nth(y, 2, MON, 3): "Presidents' Day",
        easter(y) - 2 * DAY: "Good Friday",
        date(y, 6, 14): "Flag Day",
        nth(y, 10, MON, 2): "Columbus Day",
        election: "Election Day",
    }
    return shifted(days, ["um"])


def us_ri(y):
    days = us_common(y) | {
        nth(y, 2, MON, 3): "Washington's Birthday",
        date(y, 5, 4): "Rhode Island Independence Day",
        date(y, 6, 19): "Juneteenth",
        nth(y, 8, MON, 2): "Victory Day",
        nth(y, 10, MON, 2): "Columbus Day",
    }
    if y % 2 == 0:
        days[nth(y, 11, MON, 1) + DAY] = "Election Day"
    fixed = ["New Year's Day", "Independence Day", "Veterans Day", "Christmas Day"]
    state = shifted(days, ["sm", "um"], fixed)
    federal = shifted(days, ["sf", "um"], [*fixed, "Juneteenth"])
    return federal | state | shifted(days, ["um"], ["Rhode Island Independence Day"])


def us_ut(y):
    days = us_common(y) | {
        nth(y, 2, MON, 3): "Washington's Birthday",
        date(y, 7, 24): "Pioneer Day",
        nth(y, 10, MON, 2): "Columbus Day",
    }
    if 2022 <= y <= 2026:
        # Tuesday to Friday: the Monday before; Saturday and Sunday: the Monday after.
        day = date(y, 6, 19)
        days[day - DAY * day.weekday() if day.weekday() <= FRI else monday_from(y, 6, 19)] = "Juneteenth (Monday)"
    if y >= 2027:
        days |= {date(y, 6, 19): "Juneteenth", easter(y) - 2 * DAY: "Good Friday"}
    return shifted(days, ["sf", "um"])


def ca_bc(y):
    victoria = date(y, 5, 24) - DAY * date(y, 5, 24).weekday()
    return {
        date(y, 1, 1): "New Year's Day", nth(y, 2, MON, 3): "Family Day", easter(y) - 2 * DAY: "Good Friday",
        victoria: "Victoria Day", date(y, 7, 1): "Canada Day", nth(y, 8, MON, 1): "B.C. Day",
        nth(y, 9, MON, 1): "Labour Day", date(y, 9, 30): "Truth and Reconciliation",
        nth(y, 10, MON, 2): "Thanksgiving", date(y, 11, 11): "Remembrance Day", date(y, 12, 25): "Christmas Day",
    }


def ca_on(y):
    days = ca_bc(y)
    wanted = ["New Year's Day", "Family Day", "Good Friday", "Victoria Day", "Canada Day", "Labour Day", "Thanksgiving",
              "Christmas Day"]
    return {day: name for day, name in days.items() if name in wanted} | {date(y, 12, 26): "Boxing Day"}


def ca_qc(y):
    days = {day: name for day, name in ca_on(y).items() if name not in ("Family Day", "Boxing Day")}
    days |= {easter(y) + DAY: "Easter Monday", date(y, 6, 24): "National Holiday"}
    return shifted(days, ["um"], ["Canada Day"])
