"""Cases that follow a rule's hours: each boundary and both its sides, closed days, scope, dates in force, holidays."""

from datetime import date, timedelta

from reader import CALENDARS, RULES, at, hours_of, judge, spans, weekday_hours, zone

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
SUMMER = [date(2026, 6, day) for day in (10, 12, 13, 14, 11, 9, 8, 16, 17, 20, 21)]
WINTER = [date(2026, 2, 5), date(2026, 2, 3), date(2026, 12, 3)]
CONTRACT = {"business_relationship": "contract-in-progress"}


def clock(second):
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def shown(moment, zone_name):
    """A moment for a case's name, in local time."""
    return moment.astimezone(zone(zone_name)).strftime("%a %Y-%m-%d %H:%M:%S")


def usable(rule, day):
    """A plain day: in force, no holiday, no eve."""
    since, until = rule["since"] or "0000", rule["until"] or "9999"
    return since <= day.isoformat() < until and hours_of(rule, day, rule["place"])[1] is None


def facts_for(rule, day):
    """Since August 2026 France permits nothing without consent or a contract."""
    return CONTRACT if rule["j"] == "FR" and day >= date(2026, 8, 11) else {}


def boundaries(book):
    for rule in (row for row in RULES if row["hours"]):
        groups = dict.fromkeys(weekday_hours(rule, day) for day in SUMMER)
        for hours in groups:
            days = [day for day in [*SUMMER, *(d + timedelta(days=161) for d in SUMMER)]
                    if usable(rule, day) and weekday_hours(rule, day) == hours]
            chosen = [days[0], *[day for day in WINTER if usable(rule, day) and weekday_hours(rule, day) == hours][:1]]
            for index, day in enumerate(chosen):
                edges_of(book, rule, day, hours, sides=(-1, 0, 1) if index == 0 else (-1, 0))
        for weekday in range(7):
            day = next((day for day in sorted(SUMMER) if day.weekday() == weekday and usable(rule, day)), None)
            if day and not weekday_hours(rule, day):
                expect = None if rule.get("unverified") else "prohibit"
                book.on(rule["id"], "closed weekday", day.isoformat(), "12:00:00", expect, window=True,
                        **facts_for(rule, day))


def edges_of(book, rule, day, hours, sides):
    for own_clock in rule.get("clocks", [rule["zone"]]):
        basis = "" if own_clock == rule["zone"] else f" ({own_clock} clock)"
        for first, last in spans(hours):
            for edge, word in ((first, "start"), (last, "end")):
                for side in sides:
                    moment = at(day.isoformat(), clock(edge), own_clock) + side * SECOND
                    side_word = {-1: "second before the", 0: "the very", 1: "second after the"}[side]
                    book.add(rule["id"], f"{side_word} {word}{basis}, {shown(moment, rule['zone'])}", moment,
                             window=side == 0 or (word == "end") == (side < 0), **facts_for(rule, day))


def scope(book):
    """Other purposes and channels at a time at which the rule's hours make a difference."""
    for rule in (row for row in RULES if row["hours"]):
        day = next(day for day in [*SUMMER, date(2026, 11, 18)] if usable(rule, day) and weekday_hours(rule, day))
        usual = spans(weekday_hours(rule, day))
        times = [usual[-1][1] + 900, usual[0][0] - 900]
        second = next((second for second in times if 8 * 3600 <= second < 21 * 3600), 21 * 3600 + 900)
        for purpose in [*rule["purposes"][1:], "informational"]:
            covered = "covered" if purpose in rule["purposes"] else "not covered"
            book.on(rule["id"], f"{purpose} {covered}", day.isoformat(), clock(second), purpose=purpose)
        for channel in ("text", "email"):
            covered = "covered" if channel in rule["channels"] else "not covered"
            book.on(rule["id"], f"{channel} {covered}", day.isoformat(), clock(second), channel=channel)


def dates_in_force(book):
    """The day before the effective date and the day itself, at a time that the rule closes."""
    for rule in (row for row in RULES if row["since"] and row["hours"] and row["id"] != "US-PA.holidays"):
        since = date.fromisoformat(rule["since"])
        for name, day, expect in (("last day before", since - DAY, "permit"),
                                  ("first day in force", since, "prohibit")):
            for second in range(20 * 3600 + 1800, 8 * 3600, -1800):
                before, after = (at(each.isoformat(), clock(second), rule["zone"]) for each in (since - DAY, since))
                if verdict(rule, before) and not verdict(rule, after):
                    book.on(rule["id"], name, day.isoformat(), clock(second), expect, window=True)
                    break
            else:
                raise AssertionError(f"{rule['id']}: its first day changes nothing")


def verdict(rule, moment):
    attempt = {"purpose": rule["purposes"][0], "places": [{"jurisdiction": rule["place"], "zone": rule["zone"]}]}
    return judge(attempt, moment)[0]


def every_holiday(book):
    """Each day of each calendar at least once, on an open weekday if there is one from 2025 to 2028."""
    for rule in (row for row in RULES if row["holidays"]):
        (calendar, hours), = rule["holidays"].items()
        by_name = {}
        for day, name in sorted(CALENDARS[calendar].items()):
            known = 2026 if calendar in ("ID", "TH") else 2027 if calendar in ("CL", "RU") else 2028
            first = 2026 if calendar in ("CL", "ID", "RU", "TH") else 2025
            in_force = (rule["since"] or "") <= day.isoformat() < (rule["until"] or "9999")
            retired = rule["id"] == "US-PA.holidays" and day >= date(2026, 10, 18)
            if first <= day.year <= known and in_force and not retired:
                by_name.setdefault(name, []).append(day)
        for index, (name, days) in enumerate(sorted(by_name.items())):
            working = [day for day in days if weekday_hours(rule, day) and day.weekday() < 5] or [
                day for day in days if weekday_hours(rule, day)] or days
            day = working[index % len(working)]
            one_holiday(book, rule, name, day, hours)
            weekend = [day for day in days if day.weekday() > 4 and weekday_hours(rule, day)]
            if weekend and day not in weekend and not hours:
                one_holiday(book, rule, f"{name} on a weekend", weekend[index % len(weekend)], hours)


def one_holiday(book, rule, name, day, hours):
    facts = facts_for(rule, day)
    if not hours:
        usual = spans(weekday_hours(rule, day)) or [(11 * 3600, 13 * 3600)]
        noon = max(usual[0][0], min(usual[0][1] - 3600, 12 * 3600))
        book.on(rule["id"], name, day.isoformat(), clock(noon), "prohibit", window=True, **facts)
        return
    (first, last), = spans(hours)
    usual = {edge for span in spans(weekday_hours(rule, day)) for edge in span}
    for edge, second, expect in ((first, first - 1, "prohibit"), (first, first, "permit"), (last, last - 1, "permit"),
                                 (last, last, "prohibit")):
        if edge in usual:
            continue
        book.on(rule["id"], f"{name} (shorter day)", day.isoformat(), clock(second), expect,
                window=second in (first - 1, last), **facts)


def all_of_it(book):
    boundaries(book)
    scope(book)
    dates_in_force(book)
    every_holiday(book)
