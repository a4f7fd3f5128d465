"""Cases about clocks and places: split states, summer time, new permanent times, several candidate places."""

from datetime import timedelta

from reader import at, instant

YES, NO = "permit", "prohibit"
SECOND = timedelta(seconds=1)

# Every zone of each split state or province; the first is the earliest.
SPLIT = {
    "US-AK": ["America/Juneau", "America/Adak"], "US-AZ": ["America/Denver", "America/Phoenix"],
    "US-ID": ["America/Boise", "America/Los_Angeles"], "US-IN": ["America/Indiana/Indianapolis", "America/Chicago"],
    "US-KS": ["America/Chicago", "America/Denver"], "US-MI": ["America/Detroit", "America/Menominee"],
    "US-ND": ["America/Chicago", "America/Denver"], "US-TN": ["America/New_York", "America/Chicago"],
    "US-NE": ["America/Chicago", "America/Denver"], "US-SD": ["America/Chicago", "America/Denver"],
    "US-KY": ["America/Kentucky/Louisville", "America/Chicago"], "US-FL": ["America/New_York", "America/Chicago"],
    "US-TX": ["America/Chicago", "America/Denver"], "US-OR": ["America/Boise", "America/Los_Angeles"],
}
STRICTER = {"US-KY": ("10:00:00", 21), "US-TX": ("09:00:01", 21), "US-FL": ("08:00:00", 20), "US-OR": ("08:00:00", 20)}

# (provision, jurisdiction, zone, day, opening, closing's last second): days on which clocks changed.
CHANGES = [
    *[("US.tcpa", state, zone, day, "08:00:00", "20:59:59")
      for state, zone in (("US-GA", "America/New_York"), ("US-MO", "America/Chicago"), ("US-CO", "America/Denver"),
                          ("US-ID", "America/Los_Angeles"), ("US-AK", "America/Anchorage"),
                          ("US-AZ", "America/Phoenix"), ("US-HI", "Pacific/Honolulu"))
      for day in ("2026-03-08", "2026-11-01", "2027-03-14", "2027-11-07")],
    ("US-FL", "US-FL", "America/New_York", "2026-03-08", "08:00:00", "19:59:59"),
    ("US-FL", "US-FL", "America/Chicago", "2026-11-01", "08:00:00", "19:59:59"),
    ("US-TX", "US-TX", "America/Chicago", "2026-03-08", "12:00:01", "20:59:59"),
    ("US-TX", "US-TX", "America/Denver", "2026-11-01", "12:00:01", "20:59:59"),
    ("CA.crtc", "CA-NL", "America/St_Johns", "2026-03-08", "10:00:00", "17:59:59"),
    ("CA.crtc", "CA-NL", "America/St_Johns", "2026-11-01", "10:00:00", "17:59:59"),
    ("CA.crtc", "CA-ON", "America/Toronto", "2026-11-01", "10:00:00", "17:59:59"),
    ("GB.dma", "GB", "Europe/London", "2026-03-29", "09:00:00", "20:59:59"),
    ("GB.dma", "GB", "Europe/London", "2026-10-25", "09:00:00", "20:59:59"),
    ("AU.research", "AU-NSW", "Australia/Sydney", "2026-10-04", "09:00:00", "16:59:59"),
    ("AU.research", "AU-NSW", "Australia/Lord_Howe", "2026-10-04", "09:00:00", "16:59:59"),
    ("PT", "PT", "Atlantic/Azores", "2026-03-29", "09:00:00", "21:59:59"),
    ("PT", "PT", "Atlantic/Madeira", "2026-10-25", "09:00:00", "21:59:59"),
    # The new permanent times of 2026: no fall back on 1 November.
    ("CA-BC", "CA-BC", "America/Vancouver", "2026-11-01", "10:00:00", "17:59:59"),
    ("CA-BC", "CA-BC", "America/Vancouver", "2026-12-01", "09:00:00", "21:29:59"),
    ("CA.crtc", "CA-AB", "America/Edmonton", "2026-11-01", "10:00:00", "17:59:59"),
    ("CA.crtc", "CA-AB", "America/Edmonton", "2026-12-01", "09:00:00", "21:29:59"),
    ("CA.crtc", "CA-MB", "America/Winnipeg", "2026-11-01", "10:00:00", "17:59:59"),
    ("CA.crtc", "CA-MB", "America/Winnipeg", "2026-12-01", "09:00:00", "21:29:59"),
    ("CA.crtc", "CA-NT", "America/Yellowknife", "2026-12-01", "09:00:00", "21:29:59"),
    ("CA.crtc", "CA-SK", "America/Regina", "2026-12-01", "09:00:00", "21:29:59"),
    ("CA.crtc", "CA-YT", "America/Whitehorse", "2026-12-01", "09:00:00", "21:29:59"),
    ("CA.crtc", "CA-NB", "America/Moncton", "2026-12-01", "09:00:00", "21:29:59"),
]
# UTC instants written by hand: the hour at which the calling day opens under the new offsets.
OPENING_UTC = {
    ("America/Vancouver", "2026-12-01"): "2026-12-01T16:00:00Z", ("America/Edmonton", "2026-12-01"):
    "2026-12-01T15:00:00Z", ("America/Winnipeg", "2026-12-01"): "2026-12-01T14:00:00Z",
    ("America/New_York", "2026-03-08"): "2026-03-08T12:00:00Z", ("America/New_York", "2026-11-01"):
    "2026-11-01T13:00:00Z", ("America/Phoenix", "2026-11-01"): "2026-11-01T15:00:00Z",
}

# (provision, what, places, instant, answer, the next change): openings that are not the next morning.
OPENINGS = [
    ("US-TX", "Saturday evening waits for Sunday noon", [("US-TX", "America/Chicago")], "2026-06-14T02:00:00Z", NO,
     "2026-06-14T17:00:01Z"),
    ("US-AL", "Saturday evening waits for Monday", [("US-AL", "America/Chicago")], "2026-06-14T01:00:00Z", NO,
     "2026-06-15T13:00:00Z"),
    ("US-AL", "eve of Juneteenth, observed on Friday and kept on Saturday", [("US-AL", "America/Chicago")],
     "2027-06-18T01:00:00Z", NO, "2027-06-21T13:00:00Z"),
    ("US-LA", "Thanksgiving weekend", [("US-LA", "America/Chicago")], "2026-11-26T02:00:00Z", NO,
     "2026-11-28T14:00:00Z"),
    ("US-UT", "Independence Day 2026, Friday to Sunday", [("US-UT", "America/Denver")], "2026-07-03T03:00:00Z", NO,
     "2026-07-06T14:00:00Z"),
    ("US-RI", "Independence Day 2026, Friday to Monday", [("US-RI", "America/New_York")], "2026-07-02T22:00:00Z", NO,
     "2026-07-07T13:00:00Z"),
    ("US-PA.sb992", "the first Sunday ban starts at midnight", [("US-PA", "America/New_York")], "2026-10-18T01:00:00Z",
     NO, "2026-10-19T13:00:00Z"),
    ("US-PA.sb992", "the last evening to 21:00", [("US-PA", "America/New_York")], "2026-10-18T00:30:00Z", YES,
     "2026-10-18T01:00:00Z"),
    ("US-NE.prerecorded", "Sunday evening before Labor Day", [("US-NE", "America/Chicago")], "2026-09-07T02:00:00Z", NO,
     "2026-09-07T18:00:00Z"),
    ("US-MS", "summer evening by the wall clock", [("US-MS", "America/Chicago")], "2026-06-11T00:59:59Z", YES,
     "2026-06-11T01:00:00Z"),
    ("US-MS", "summer morning by standard time", [("US-MS", "America/Chicago")], "2026-06-10T13:30:00Z", NO,
     "2026-06-10T14:00:00Z"),
    ("US-MS", "winter morning", [("US-MS", "America/Chicago")], "2026-01-14T14:00:00Z", YES, "2026-01-15T02:00:00Z"),
    ("US-MS", "Saturday evening before summer time ends", [("US-MS", "America/Chicago")], "2026-11-01T01:00:00Z", NO,
     "2026-11-02T14:00:00Z"),
    ("US-SD.automated", "Friday evening", [("US-SD", "America/Chicago")], "2026-06-13T02:00:00Z", NO,
     "2026-06-15T15:00:00Z"),
    ("US-SD.automated", "Central place waits for the Mountain clock", [("US-SD", "America/Chicago")],
     "2026-06-10T14:30:00Z", NO, "2026-06-10T15:00:00Z"),
    ("US-SD.automated", "Mountain place stops by the Central clock", [("US-SD", "America/Denver")],
     "2026-06-11T01:59:59Z", YES, "2026-06-11T02:00:00Z"),
    ("US.tcpa", "night before summer time begins", [("US-GA", "America/New_York")], "2026-03-08T03:00:00Z", NO,
     "2026-03-08T12:00:00Z"),
    ("US.tcpa", "night before summer time ends", [("US-GA", "America/New_York")], "2026-11-01T02:00:00Z", NO,
     "2026-11-01T13:00:00Z"),
    ("AU.telemarketing", "Easter 2026 with Anzac Day on a Saturday to come", [("AU-NSW", "Australia/Sydney")],
     "2026-04-02T09:00:00Z", NO, "2026-04-03T22:00:00Z"),
    ("AU.telemarketing", "Christmas 2026", [("AU-VIC", "Australia/Melbourne")], "2026-12-24T09:00:00Z", NO,
     "2026-12-27T22:00:00Z"),
    ("CA-BC", "Good Friday 2026", [("CA-BC", "America/Vancouver")], "2026-04-03T04:30:00Z", NO,
     "2026-04-04T17:00:00Z"),
    ("NO", "Easter 2026", [("NO", "Europe/Oslo")], "2026-04-01T19:00:00Z", NO, "2026-04-07T07:00:00Z"),
    ("ZA", "Freedom Day on a Monday", [("ZA", "Africa/Johannesburg")], "2026-04-25T11:00:00Z", NO,
     "2026-04-28T06:00:00Z"),
    ("CO", "Holy Week 2026", [("CO", "America/Bogota")], "2026-04-02T00:00:00Z", NO, "2026-04-04T13:00:00Z"),
    ("IT.codice", "Easter weekend 2026", [("IT", "Europe/Rome")], "2026-04-04T17:00:00Z", NO, "2026-04-07T07:00:00Z"),
    ("US-NY or US-CA", "opens when the later clock opens",
     [("US-NY", "America/New_York"), ("US-CA", "America/Los_Angeles")], "2026-06-10T13:00:00Z", NO,
     "2026-06-10T15:00:00Z"),
    ("US-NY or US-CA", "closes when the earlier clock closes",
     [("US-NY", "America/New_York"), ("US-CA", "America/Los_Angeles")], "2026-06-10T15:00:00Z", YES,
     "2026-06-11T01:00:00Z"),
    ("US-FL or US-GA", "Florida closes first", [("US-FL", "America/New_York"), ("US-GA", "America/New_York")],
     "2026-06-10T12:30:00Z", YES, "2026-06-11T00:00:00Z"),
    ("US-AL or US-TX", "Sunday afternoon is Texas's, not Alabama's",
     [("US-AL", "America/Chicago"), ("US-TX", "America/Chicago")], "2026-06-14T18:00:00Z", NO, "2026-06-15T14:00:01Z"),
    ("GB or FR", "lunch in Paris", [("GB", "Europe/London"), ("FR", "Europe/Paris")], "2026-06-10T11:30:00Z", NO,
     "2026-06-10T12:00:00Z"),
    ("GB or FR", "Bastille Day", [("GB", "Europe/London"), ("FR", "Europe/Paris")], "2026-07-14T10:00:00Z", NO,
     "2026-07-15T08:00:00Z"),
    ("AU-NSW or AU-QLD", "one state in summer time, one not",
     [("AU-NSW", "Australia/Sydney"), ("AU-QLD", "Australia/Brisbane")], "2026-01-14T22:30:00Z", NO,
     "2026-01-14T23:00:00Z"),
    ("US-CT or US-NV", "ten to twenty", [("US-CT", "America/New_York"), ("US-NV", "America/Los_Angeles")],
     "2026-06-10T16:00:00Z", YES, "2026-06-11T00:00:00Z"),
    ("US-PA or US-RI", "Veterans Day", [("US-PA", "America/New_York"), ("US-RI", "America/New_York")],
     "2026-11-11T17:00:00Z", NO, "2026-11-12T14:00:00Z"),
    ("NZ or GB", "opposite ends of the world leave an hour",
     [("NZ", "Pacific/Auckland"), ("GB", "Europe/London")], "2026-06-10T06:00:00Z", NO, "2026-06-10T07:00:00Z"),
]
CITES = {"US-NY or US-CA": "47 CFR 64.1200(c)(1)", "US-FL or US-GA": "Fla. Stat. 501.616(6)(a)",
         "US-AL or US-TX": "Ala. Admin. Code r. 770-X-5-.17; Tex. Bus. & Com. Code 301.051(b)(2)",
         "GB or FR": "C. conso. D.223-9",
         "AU-NSW or AU-QLD": "Telemarketing and Research Calls Industry Standard 2017 s.8",
         "US-CT or US-NV": "Conn. Gen. Stat. 42-288a(c); NRS 598.0918(3)",
         "US-PA or US-RI": "73 P.S. 2245(a)(1); R.I. Gen. Laws 5-61-3.6(a)",
         "NZ or GB": "former DMA Code of Practice 21.41; house hours"}


def split_states(book):
    for state, zones in SPLIT.items():
        rid = state if state in STRICTER else "US.tcpa"
        opening, closing = STRICTER.get(state, ("08:00:00", 21))
        for name in zones:
            moment = at("2026-07-15", opening, name)
            end = at("2026-07-15", f"{closing}:00:00", name)
            for what, when, answer in (("before it opens", moment - SECOND, NO), ("opens", moment, YES),
                                       ("last second", end - SECOND, YES), ("has closed", end, NO)):
                book.add(rid, f"{state} {name} {what}", when, answer, places=[(state, name)])
        both = [(state, name) for name in zones]
        first, last = (at("2026-07-15", opening, name) for name in zones)
        end = at("2026-07-15", f"{closing}:00:00", zones[0])
        utc = "%Y-%m-%dT%H:%M:%SZ"
        book.add(rid, f"{state} in either zone: open in {zones[0]} alone", first, NO, places=both,
                 window=last.strftime(utc))
        book.add(rid, f"{state} in either zone: open in both", last, YES, places=both, window=end.strftime(utc))
        book.add(rid, f"{state} in either zone: closed in {zones[0]}", end, NO, places=both,
                 window=(last + timedelta(days=1)).strftime(utc))


def all_of_it(book):
    split_states(book)
    for rid, state, name, day, opening, closing in CHANGES:
        start, end = at(day, opening, name), at(day, closing, name)
        fixed = OPENING_UTC.get((name, day))
        assert not fixed or rid == "US-FL" or start == instant(fixed), (name, day, start)
        for what, when, answer in (("before it opens", start - SECOND, NO), ("opens", start, YES),
                                   ("last second", end, YES), ("has closed", end + SECOND, NO)):
            book.add(rid, f"clock change, {state} {name} {day} {what}", when, answer, places=[(state, name)],
                     window=answer == YES and what == "opens" or what == "has closed")
    for rid, what, places, when, answer, change in OPENINGS:
        if rid in CITES:
            book.add("US.tcpa", what, instant(when), answer, places=places, window=change, cite=CITES[rid],
                     purpose="sales", label=rid)
        else:
            book.add(rid, what, instant(when), answer, places=places, window=change)
