"""Holidays outside North America, as the laws and decrees list them; see `calendars.py`."""

from datetime import date

from calendars import (DAY, MON, ca_bc, ca_on, ca_qc, easter, monday_from, nth, pascha, shifted, us_al, us_al_gulf,
                       us_federal, us_la, us_pa, us_ri, us_ut)


def dates(y, text):
    """`"01-01 New Year; 12-25 Christmas"` in a year."""
    days = {}
    for entry in text.split(";"):
        day, name = entry.strip().split(" ", 1)
        days[date(y, int(day[:2]), int(day[3:]))] = name
    return days


def around_easter(y, **names):
    """Days by their distance from Easter: `m2="Good Friday"`, `p1="Easter Monday"`."""
    return {easter(y) + DAY * (int(key[1:]) * (-1 if key[0] == "m" else 1)): name for key, name in names.items()}


def au(y):
    fixed = "01-01 New Year's Day; 01-26 Australia Day; 04-25 Anzac Day; 12-25 Christmas Day; 12-26 Boxing Day"
    return dates(y, fixed) | around_easter(y, m2="Good Friday", p1="Easter Monday")


def br(y):
    fixed = ("01-01 New Year's Day; 04-21 Tiradentes; 05-01 Labour Day; 09-07 Independence Day; 10-12 Our Lady; "
             "11-02 All Souls' Day; 11-15 Proclamation of the Republic; 12-25 Christmas Day")
    if y >= 2024:
        fixed += "; 11-20 Black Awareness Day"
    return dates(y, fixed) | around_easter(y, m2="Good Friday")


def cl(y):
    fixed = ("01-01 New Year's Day; 05-01 Labour Day; 05-21 Navy Day; 07-16 Our Lady of Mount Carmel; "
             "08-15 Assumption; 09-18 Independence Day; 09-19 Army Day; 11-01 All Saints; "
             "12-08 Immaculate Conception; 12-25 Christmas Day")
    by_decree = {
        2026: "06-21 Indigenous Peoples; 06-29 Peter and Paul; 10-12 Two Worlds; 10-31 Evangelical Churches",
        2027: "06-21 Indigenous Peoples; 06-28 Peter and Paul (moved); 09-17 Bridge day; 10-11 Two Worlds (moved); "
              "10-31 Evangelical Churches",
    }
    days = dates(y, fixed) | around_easter(y, m2="Good Friday", m1="Holy Saturday")
    return days | (dates(y, by_decree[y]) if y in by_decree else {})


def co(y):
    days = dates(y, "01-01 New Year's Day; 05-01 Labour Day; 07-20 Independence Day; 08-07 Battle of Boyacá; "
                    "12-08 Immaculate Conception; 12-25 Christmas Day")
    moved = [(1, 6, "Epiphany"), (3, 19, "Saint Joseph"), (6, 29, "Peter and Paul"), (8, 15, "Assumption"),
             (10, 12, "Ethnic Diversity"), (11, 1, "All Saints"), (11, 11, "Independence of Cartagena")]
    if y >= 2026:
        moved.append((7, 9, "Virgin of Chiquinquirá"))
    days |= {monday_from(y, month, day): f"{name} (Monday)" for month, day, name in moved}
    return days | around_easter(y, m3="Maundy Thursday", m2="Good Friday", p43="Ascension (Monday)",
                                p64="Corpus Christi (Monday)", p71="Sacred Heart (Monday)")


def de(y):
    fixed = "01-01 New Year's Day; 05-01 Labour Day; 10-03 Unity Day; 12-25 Christmas Day; 12-26 Second Christmas Day"
    return dates(y, fixed) | around_easter(y, m2="Good Friday", p1="Easter Monday", p39="Ascension", p50="Whit Monday")


def es(y):
    fixed = ("01-01 New Year's Day; 01-06 Epiphany; 05-01 Labour Day; 08-15 Assumption; 10-12 National Day; "
             "11-01 All Saints; 12-06 Constitution Day; 12-08 Immaculate Conception; 12-25 Christmas Day")
    return dates(y, fixed) | around_easter(y, m2="Good Friday")


def fr(y):
    fixed = ("01-01 New Year's Day; 05-01 Labour Day; 05-08 Victory Day; 07-14 National Day; 08-15 Assumption; "
             "11-01 All Saints; 11-11 Armistice Day; 12-25 Christmas Day")
    return dates(y, fixed) | around_easter(y, p1="Easter Monday", p39="Ascension", p50="Whit Monday")


def gr(y):
    fixed = ("01-01 New Year's Day; 01-06 Epiphany; 03-25 Independence Day; 05-01 Labour Day; 08-15 Dormition; "
             "10-28 Ohi Day; 12-25 Christmas Day; 12-26 Second Christmas Day")
    sunday = pascha(y)
    days = dates(y, fixed) | {sunday - 48 * DAY: "Clean Monday", sunday - 2 * DAY: "Orthodox Good Friday",
                              sunday + DAY: "Orthodox Easter Monday", sunday + 50 * DAY: "Orthodox Whit Monday"}
    decided = {2022: "05-02", 2024: "05-07", 2027: "05-04"}
    return days | (dates(y, decided[y] + " Labour Day (moved)") if y in decided else {})


def ind(y):
    fixed = ("01-01 New Year's Day; 05-01 Labour Day; 06-01 Pancasila Day; 08-17 Independence Day; "
             "12-25 Christmas Day")
    moon = {2026: "01-16 Isra and Mi'raj; 02-17 Lunar New Year; 03-19 Nyepi; 03-21 Eid al-Fitr; "
                  "03-22 Eid al-Fitr (second day); 05-27 Eid al-Adha; 05-31 Vesak; 06-16 Islamic New Year; "
                  "08-25 Birthday of the Prophet"}
    days = dates(y, fixed) | around_easter(y, m2="Good Friday", p0="Easter Sunday", p39="Ascension")
    return days | (dates(y, moon[y]) if y in moon else {})


def it(y):
    fixed = ("01-01 New Year's Day; 01-06 Epiphany; 04-25 Liberation Day; 05-01 Labour Day; 06-02 Republic Day; "
             "08-15 Assumption; 11-01 All Saints; 12-08 Immaculate Conception; 12-25 Christmas Day; "
             "12-26 Saint Stephen")
    if y >= 2026:
        fixed += "; 10-04 Saint Francis"
    return dates(y, fixed) | around_easter(y, p1="Easter Monday")


def mx(y):
    days = dates(y, "01-01 New Year's Day; 05-01 Labour Day; 09-16 Independence Day; 12-25 Christmas Day")
    days |= {nth(y, 2, MON, 1): "Constitution Day", nth(y, 3, MON, 3): "Juárez's Birthday",
             nth(y, 11, MON, 3): "Revolution Day"}
    return days | ({date(y, 10, 1): "Change of government"} if y in (2024, 2030) else {})


def nl(y):
    days = dates(y, "01-01 New Year's Day; 04-27 King's Day; 12-25 Christmas Day; 12-26 Second Christmas Day")
    days |= around_easter(y, p0="Easter Sunday", p1="Easter Monday", p39="Ascension", p49="Whit Sunday",
                          p50="Whit Monday")
    return shifted(days, ["us"], ["King's Day"])


def nl_special(y):
    return dates(y, "05-04 Remembrance Day; 12-05 Eve of Saint Nicholas; 12-24 Christmas Eve")


def no(y):
    fixed = "01-01 New Year's Day; 05-01 Labour Day; 05-17 Constitution Day; 12-25 Christmas Day; 12-26 Second Day"
    return dates(y, fixed) | around_easter(y, m3="Maundy Thursday", m2="Good Friday", p0="Easter Sunday",
                                           p1="Easter Monday", p39="Ascension", p49="Whit Sunday", p50="Whit Monday")


def pe(y):
    fixed = ("01-01 New Year's Day; 05-01 Labour Day; 06-07 Flag Day; 06-29 Peter and Paul; 07-23 Air Force Day; "
             "07-28 Independence Day; 07-29 Independence Day (second); 08-06 Battle of Junín; 08-30 Saint Rose; "
             "10-08 Battle of Angamos; 11-01 All Saints; 12-08 Immaculate Conception; 12-09 Battle of Ayacucho; "
             "12-25 Christmas Day")
    return dates(y, fixed) | around_easter(y, m3="Maundy Thursday", m2="Good Friday")


def ru(y):
    days = dates(y, "02-23 Defender of the Fatherland Day; 03-08 Women's Day; 05-01 Labour Day; 05-09 Victory Day; "
                    "06-12 Russia Day; 11-04 Unity Day")
    days |= {date(y, 1, day): "Orthodox Christmas" if day == 7 else f"New Year holiday {day}" for day in range(1, 9)}
    moved = {2026: "01-09 day off moved; 03-09 day off moved; 05-11 day off moved; 12-31 day off moved",
             2027: "02-22 day off moved; 05-03 day off moved; 05-10 day off moved; 06-14 day off moved; "
                   "11-05 day off moved; 12-31 day off moved"}
    return days | (dates(y, moved[y]) if y in moved else {})


def th(y):
    days = dates(y, "01-01 New Year's Day; 04-06 Chakri Day; 04-13 Songkran; 04-14 Songkran (second day); "
                    "04-15 Songkran (third day); 05-01 Labour Day; 05-04 Coronation Day; 06-03 Queen's Birthday; "
                    "07-28 King's Birthday; 08-12 Queen Mother's Birthday; 10-13 King Bhumibol Memorial Day; "
                    "10-23 Chulalongkorn Day; 12-05 King Bhumibol's Birthday; 12-10 Constitution Day; "
                    "12-31 New Year's Eve")
    if y == 2026:
        days |= dates(y, "01-02 Bridge day; 03-03 Makha Bucha; 05-31 Visakha Bucha; 06-01 Visakha Bucha (Monday); "
                         "07-29 Asalha Bucha; 07-30 Buddhist Lent")
    return shifted(days, ["sm", "um"])


def za(y):
    fixed = ("01-01 New Year's Day; 03-21 Human Rights Day; 04-27 Freedom Day; 05-01 Workers' Day; 06-16 Youth Day; "
             "08-09 Women's Day; 09-24 Heritage Day; 12-16 Reconciliation; 12-25 Christmas Day; 12-26 Goodwill")
    proclaimed = {2019: "05-08", 2021: "11-01", 2022: "12-27", 2023: "12-15", 2024: "05-29", 2026: "11-04"}
    days = shifted(dates(y, fixed) | around_easter(y, m2="Good Friday", p1="Family Day"), ["um"])
    return days | (dates(y, proclaimed[y] + " Proclaimed day") if y in proclaimed else {})


CALENDARS = {
    "US-federal": us_federal, "US-AL": us_al, "US-AL gulf": us_al_gulf, "US-LA": us_la, "US-PA": us_pa, "US-RI": us_ri,
    "US-UT": us_ut, "CA-BC": ca_bc, "CA-ON": ca_on, "CA-QC": ca_qc, "AU": au, "BR": br, "CL": cl, "CO": co, "DE": de,
    "ES": es, "FR": fr, "GR": gr, "ID": ind, "IT": it, "MX": mx, "NL": nl, "NL special": nl_special, "NO": no, "PE": pe,
    "RU": ru, "TH": th, "ZA": za,
}
# Lists that follow decrees or the moon are known up to a date; what comes after is prohibited.
KNOWN_THROUGH = {"CL": date(2027, 12, 31), "ID": date(2026, 12, 31), "RU": date(2027, 12, 31),
                 "TH": date(2026, 12, 31)}


def holidays(calendar):
    """All days of a calendar, 2013 to 2031."""
    every = {}
    for year in range(2013, 2032):
        every |= CALENDARS[calendar](year)
    return every
