"""Cases about caps and rests; each answer is written here by hand."""

from datetime import datetime, timedelta

from reader import BY_ID, at

YES, NO = "permit", "prohibit"


def past(cid, *entries, zone_name=None):
    """History in local time: `"2026-06-10 09:00"`, `"2026-06-10 09:00 conversation"`, `"... no-answer matter"`."""
    attempts = []
    for entry in entries:
        day, clock, *rest = entry.split()
        moment = at(day, clock, zone_name or BY_ID[cid]["zone"]).strftime("%Y-%m-%dT%H:%M:%SZ")
        named = dict(zip(("outcome", "matter"), rest))
        attempts.append({"at": moment, **named} if named else moment)
    return attempts


def days_from(first, count, tail="10:00"):
    """One attempt a day."""
    start = datetime.fromisoformat(first)
    return [f"{start + timedelta(days=offset):%Y-%m-%d} {tail}" for offset in range(count)]


THREE = ["2026-06-10 09:00", "2026-06-10 11:00", "2026-06-10 13:00"]

# (cap, what, history, local day, local time, answer)
TABLE = [
    ("US.regf.7in7", "six calls in seven days", days_from("2026-06-01", 6), "2026-06-07", "12:00", YES),
    ("US.regf.7in7", "seventh call already made", days_from("2026-06-01", 7), "2026-06-07", "20:59:59", NO),
    ("US.regf.7in7", "first call is eight days old", days_from("2026-06-01", 7), "2026-06-08", "08:00:00", YES),
    ("US.regf.7in7", "seven on one day, sixth day after", ["2026-06-01 10:00"] * 7, "2026-06-07", "20:00", NO),
    ("US.regf.7in7", "seven on one day, seventh day after", ["2026-06-01 10:00"] * 7, "2026-06-08", "08:00:00", YES),
    ("US.regf.7in7", "late evening counts for its own day", ["2026-06-01 20:59:59"] * 7, "2026-06-08", "08:00", YES),
    ("US.regf.7in7", "six about one debt, one about another",
     [*days_from("2026-06-01", 6, "10:00 no-answer debt-a"), "2026-06-07 11:00 no-answer debt-b"], "2026-06-07",
     "12:00", YES),
    ("US.regf.7in7", "six about one debt, one about none in particular",
     [*days_from("2026-06-01", 6, "10:00 no-answer debt-a"), "2026-06-07 11:00"], "2026-06-07", "12:00", NO),
    ("US.regf.7in7", "the day of a conversation", ["2026-04-06 11:00 conversation"], "2026-04-06", "11:00:01", NO),
    ("US.regf.7in7", "day seven after a conversation", ["2026-04-06 11:00 conversation"], "2026-04-12", "20:59:59",
     NO),
    ("US.regf.7in7", "day eight after a conversation", ["2026-04-06 11:00 conversation"], "2026-04-13", "08:00:00",
     YES),
    ("US.regf.7in7", "voicemail is no conversation", ["2026-04-06 11:00 voicemail"], "2026-04-06", "12:00", YES),
    ("US.regf.7in7", "rest across the change to summer time", ["2026-03-05 11:00 conversation"], "2026-03-11", "20:59",
     NO),
    ("US.regf.7in7", "rest across the change, eighth day", ["2026-03-05 11:00 conversation"], "2026-03-12", "08:00:00",
     YES),
    ("US.tcpa.exempt-prerecorded", "fourth research call", days_from("2026-06-01", 3), "2026-06-10", "12:00", NO),
    ("US.tcpa.exempt-prerecorded", "third research call", days_from("2026-06-01", 2), "2026-06-10", "12:00", YES),
    ("US.tcpa.exempt-prerecorded", "first call out of thirty days", days_from("2026-06-01", 3), "2026-07-01", "12:00",
     YES),
    ("US.tcpa.exempt-prerecorded", "first call on day thirty", days_from("2026-06-01", 3), "2026-06-30", "12:00", NO),
    *[(cid, what, history, day, clock, answer)
      for cid in ("US-FL.cap", "US-MD.cap", "US-OK.cap", "US-OR.cap")
      for what, history, day, clock, answer in [
          ("third call", THREE[:2], "2026-06-10", "15:00", YES), ("fourth call", THREE, "2026-06-10", "15:00", NO),
          ("second before the first is a day old", THREE, "2026-06-11", "08:59:59", NO),
          ("the first is a day old", THREE, "2026-06-11", "09:00:00", YES),
          ("empty history", [], "2026-06-10", "15:00", YES)]],
    *[(cid, "two subjects", ["2026-06-10 09:00 no-answer a", "2026-06-10 11:00 no-answer a",
                             "2026-06-10 13:00 no-answer b"], "2026-06-10", "15:00", YES)
      for cid in ("US-MD.cap", "US-OK.cap")],
    ("KR.collections.cap", "two claims", [*days_from("2026-06-01", 6, "10:00 no-answer a"),
                                          "2026-06-07 09:00 no-answer b"], "2026-06-07", "12:00", YES),
    ("US-FL.cap", "two subjects", ["2026-06-10 09:00 no-answer a", "2026-06-10 11:00 no-answer a",
                                   "2026-06-10 13:00 no-answer b"], "2026-06-10", "15:00", YES),
    ("US-FL.cap", "one subject and one call about none",
     ["2026-06-10 09:00 no-answer a", "2026-06-10 11:00 no-answer a", "2026-06-10 13:00"], "2026-06-10", "15:00", NO),
    ("US-OR.cap", "two subjects count together", ["2026-06-10 09:00 no-answer a", "2026-06-10 11:00 no-answer a",
                                                  "2026-06-10 13:00 no-answer b"], "2026-06-10", "15:00", NO),
    ("US-FL.cap", "24 hours are 25 on the clock in spring", ["2026-03-07 09:00"] * 3, "2026-03-08", "09:59:59", NO),
    ("US-FL.cap", "24 hours are over in spring", ["2026-03-07 09:00"] * 3, "2026-03-08", "10:00:00", YES),
    ("US-FL.cap", "24 hours end earlier in autumn", ["2026-10-31 10:00"] * 3, "2026-11-01", "08:59:59", NO),
    ("US-FL.cap", "24 hours are over in autumn", ["2026-10-31 10:00"] * 3, "2026-11-01", "09:00:00", YES),
    ("US-FL.cap", "midnight does not reset it", ["2026-06-10 19:00"] * 3, "2026-06-11", "18:59:59", NO),
    ("US-FL.cap", "free again an hour before closing", ["2026-06-10 19:00"] * 3, "2026-06-11", "19:00:00", YES),
    ("US-MA.collections", "second communication", ["2026-06-01 10:00"], "2026-06-03", "12:00", YES),
    ("US-MA.collections", "third communication", days_from("2026-06-01", 2), "2026-06-03", "12:00", NO),
    ("US-MA.collections", "seventh day", days_from("2026-06-01", 2), "2026-06-07", "20:59:59", NO),
    ("US-MA.collections", "eighth day", days_from("2026-06-01", 2), "2026-06-08", "08:00:00", YES),
    ("US-MA.collections", "two debts", ["2026-06-01 10:00 no-answer a", "2026-06-02 10:00 no-answer b"], "2026-06-03",
     "12:00", YES),
    ("US-ME.automated.cap", "answered an hour ago", ["2026-06-10 08:00 voicemail"], "2026-06-10", "09:00:00", NO),
    ("US-ME.automated.cap", "second before eight hours", ["2026-06-10 08:00 conversation"], "2026-06-10", "15:59:59",
     NO),
    ("US-ME.automated.cap", "eight hours later", ["2026-06-10 08:00 conversation"], "2026-06-10", "16:00:00", YES),
    ("US-ME.automated.cap", "nobody answered", ["2026-06-10 09:00 no-answer"], "2026-06-10", "10:00", YES),
    ("US-ME.automated.cap", "eight hours end after closing", ["2026-06-10 09:00 abandoned"], "2026-06-10", "16:59:59",
     NO),
    ("US-WA.collections.cap", "third call", days_from("2026-06-01", 2), "2026-06-04", "12:00", YES),
    ("US-WA.collections.cap", "fourth call", days_from("2026-06-01", 3), "2026-06-04", "12:00", NO),
    ("US-WA.collections.cap", "seventh day", days_from("2026-06-01", 3), "2026-06-07", "20:59:59", NO),
    ("US-WA.collections.cap", "eighth day", days_from("2026-06-01", 3), "2026-06-08", "08:00:00", YES),
    ("AE.cap", "second call on a day", ["2026-06-10 10:00 no-answer"], "2026-06-10", "17:59:59", NO),
    ("AE.cap", "next day", ["2026-06-10 10:00 no-answer"], "2026-06-11", "09:00:00", YES),
    ("AE.cap", "third call in a week", ["2026-06-08 10:00", "2026-06-10 10:00"], "2026-06-14", "12:00", NO),
    ("AE.cap", "third call on the eighth day", ["2026-06-08 10:00", "2026-06-10 10:00"], "2026-06-15", "09:00:00",
     YES),
    ("AE.cap", "years after a refusal", ["2024-09-02 10:00 refusal"], "2026-06-10", "12:00", NO),
    ("CA-BC.cap", "day thirty", ["2026-06-02 10:00"], "2026-07-02", "12:00", YES),
    ("CA-BC.cap", "day twenty-nine", ["2026-06-03 10:00"], "2026-07-02", "12:00", NO),
    ("CA-BC.cap", "with permission", ["2026-06-10 10:00"], "2026-06-11", "12:00", YES),
    ("CA-BC.cap", "any matter blocks a call that names none", ["2026-06-10 10:00 no-answer a"], "2026-06-11", "12:00",
     NO),
    ("CA-ON.collections.cap", "three rings are no contact", days_from("2026-06-08", 3, "10:00 no-answer"),
     "2026-06-11", "12:00", YES),
    ("CA-ON.collections.cap", "three contacts", days_from("2026-06-08", 3, "10:00 voicemail"), "2026-06-11", "12:00",
     NO),
    ("CA-ON.collections.cap", "two contacts and a ring",
     [*days_from("2026-06-08", 2, "10:00 conversation"), "2026-06-10 10:00 no-answer"], "2026-06-11", "12:00", YES),
    ("CA-ON.collections.cap", "seventh day, Sunday", days_from("2026-06-08", 3, "10:00 voicemail"), "2026-06-14",
     "13:00:00", NO),
    ("CA-ON.collections.cap", "eighth day", days_from("2026-06-08", 3, "10:00 voicemail"), "2026-06-15", "07:00:00",
     YES),
    ("CL.collections.cap", "a week", ["2026-06-08 10:00"], "2026-06-13", "12:00", NO),
    ("CL.collections.cap", "eighth day", ["2026-06-08 10:00"], "2026-06-15", "08:00:00", YES),
    ("CL.collections.cap", "no call yet", [], "2026-06-15", "08:00:00", YES),
    ("CL.collections.cap", "seventh day is a Sunday anyway", ["2026-06-08 10:00"], "2026-06-14", "12:00", NO),
    ("CO.cap", "contact this morning", ["2026-06-10 08:00 conversation"], "2026-06-10", "12:00", NO),
    ("CO.cap", "no contact this morning", ["2026-06-10 08:00 no-answer"], "2026-06-10", "12:00", YES),
    ("CO.cap", "contact yesterday", ["2026-06-09 18:59 conversation"], "2026-06-10", "07:00:00", YES),
    ("CO.cap", "voicemail is contact", ["2026-06-10 08:00 voicemail"], "2026-06-10", "18:59:59", NO),
    ("FR.cap", "fourth attempt", days_from("2026-06-02", 3), "2026-06-10", "10:30", YES),
    ("FR.cap", "fifth attempt", days_from("2026-06-02", 4), "2026-06-10", "10:30", NO),
    ("FR.cap", "day thirty of the first", days_from("2026-06-02", 4), "2026-07-01", "19:59:59", NO),
    ("FR.cap", "first attempt is thirty days old", days_from("2026-06-02", 4), "2026-07-02", "10:00:00", YES),
    ("FR.refusal", "the day after a refusal", ["2026-05-07 11:00 refusal"], "2026-05-11", "10:30", NO),
    ("FR.refusal", "sixtieth day after", ["2026-05-07 11:00 refusal"], "2026-07-06", "19:59:59", NO),
    ("FR.refusal", "sixty-first day after", ["2026-05-07 11:00 refusal"], "2026-07-07", "10:00:00", YES),
    ("FR.refusal", "last day of the old law", ["2026-07-20 11:00 refusal"], "2026-08-10", "10:30", NO),
    ("GB.ofcom", "second before 72 hours", ["2026-06-08 10:00 abandoned"], "2026-06-11", "09:59:59", NO),
    ("GB.ofcom", "72 hours later", ["2026-06-08 10:00 abandoned"], "2026-06-11", "10:00:00", YES),
    ("GB.ofcom", "no answer needs no rest", ["2026-06-08 10:00 no-answer"], "2026-06-08", "12:00", YES),
    ("GB.ofcom", "72 hours across the change to summer time", ["2026-03-27 10:00 abandoned"], "2026-03-30", "10:59:59",
     NO),
    ("GB.ofcom", "72 hours over in summer time", ["2026-03-27 10:00 abandoned"], "2026-03-30", "11:00:00", YES),
    ("GR.collections.cap", "yesterday", ["2026-06-09 10:00"], "2026-06-10", "12:00", NO),
    ("GR.collections.cap", "the day before yesterday", ["2026-06-09 10:00"], "2026-06-11", "09:00:00", YES),
    ("GR.collections.cap", "today", ["2026-06-09 10:00"], "2026-06-09", "19:59:59", NO),
    ("GR.collections.cap", "first call", [], "2026-06-09", "09:00:00", YES),
    ("KR.collections.cap", "six contacts", days_from("2026-06-01", 6), "2026-06-07", "12:00", YES),
    ("KR.collections.cap", "seven contacts", days_from("2026-06-01", 7), "2026-06-07", "12:00", NO),
    ("KR.collections.cap", "eighth day", days_from("2026-06-01", 7), "2026-06-08", "08:00:00", YES),
    ("KR.collections.cap", "before the act", days_from("2024-10-10", 7), "2024-10-16", "12:00", YES),
    ("KR.collections.cap", "first day of the act", days_from("2024-10-11", 7), "2024-10-17", "12:00", NO),
    ("RU.collections.cap", "second call on a day", ["2026-06-10 09:00"], "2026-06-10", "21:59:59", NO),
    ("RU.collections.cap", "next day", ["2026-06-10 21:30"], "2026-06-11", "08:00:00", YES),
    ("RU.collections.cap", "third call in a week", days_from("2026-06-08", 2), "2026-06-14", "19:59:59", NO),
    ("RU.collections.cap", "Monday starts a week", days_from("2026-06-08", 2), "2026-06-15", "08:00:00", YES),
    ("RU.collections.cap", "Monday after a weekend of two calls", days_from("2026-06-13", 2), "2026-06-15", "08:00:00",
     YES),
    ("RU.collections.cap", "ninth call in a month",
     days_from("2026-07-01", 2) + days_from("2026-07-06", 2) + days_from("2026-07-13", 2) + days_from("2026-07-20", 2),
     "2026-07-31", "12:00", NO),
    ("RU.collections.cap", "the next month",
     days_from("2026-07-01", 2) + days_from("2026-07-06", 2) + days_from("2026-07-13", 2) + days_from("2026-07-20", 2),
     "2026-08-01", "09:00:00", YES),
    ("CA-ON.collections.cap", "fourth contact, how the others ended not told",
     ["2026-06-08 11:00", "2026-06-09 11:00", "2026-06-10 11:00"], "2026-06-11", "11:00", NO),
    ("US-ME.automated.cap", "second call, how the first ended not told", ["2026-06-10 09:30"], "2026-06-10", "16:00",
     NO),
    ("TH.collections.cap", "second contact on a day", ["2026-06-10 09:00"], "2026-06-10", "19:59:59", NO),
    ("TH.collections.cap", "next day", ["2026-06-10 19:59"], "2026-06-11", "08:00:00", YES),
    ("TH.collections.cap", "first contact", [], "2026-06-11", "08:00:00", YES),
    ("TH.collections.cap", "second contact on a weekend day", ["2026-06-13 09:00"], "2026-06-13", "12:00", NO),
    ("VN.ads.cap", "second call within a day", ["2026-06-10 09:00"], "2026-06-11", "08:59:59", NO),
    ("VN.ads.cap", "a day later", ["2026-06-10 09:00"], "2026-06-11", "09:00:00", YES),
    ("VN.ads.cap", "second call in the evening", ["2026-06-10 09:00"], "2026-06-10", "17:00:00", NO),
    ("VN.ads.cap", "with permission", ["2026-06-10 09:00"], "2026-06-10", "12:00", YES),
    ("VN.ads.cap", "automated calls are not capped", ["2026-06-10 09:00"], "2026-06-10", "12:00", YES),
]
EXTRA = {
    "with permission": {"consent": "express"}, "automated calls are not capped": {"purpose": "sales_automated"},
    "years after a refusal": {"window": False},
}


def all_of_it(book):
    for cid, what, history, day, clock, expect in TABLE:
        more = {"window": True} | EXTRA.get(what, {})
        book.on(cid, what, day, clock, expect, attempts=past(cid, *history), **more)
    for cid in ("US-FL.cap", "US.regf.7in7", "AE.cap", "FR.cap"):
        book.on(cid, "no history given", "2026-06-10", "15:00", YES, notes=["cap-not-evaluated"])
    book.on("AE.cap", "never again after a refusal", "2026-06-10", "13:00", NO, window=True,
            attempts=past("AE.cap", "2026-06-01 10:00 refusal"))
    book.on("US-OR.cap", "purchase within 18 months lifts the cap", "2026-06-10", "15:00", YES,
            attempts=past("US-OR.cap", *THREE),
            business_relationship={"kind": "transaction", "last_at": "2025-01-10T12:00:00Z"})
    book.on("US-OR.cap", "purchase without a date lifts nothing", "2026-06-10", "15:00", NO,
            attempts=past("US-OR.cap", *THREE), business_relationship="transaction")
    book.on("US-FL.cap", "consent lifts the hours, not the cap", "2026-06-10", "20:30", NO, consent="express",
            attempts=past("US-FL.cap", *THREE), window="2026-06-11T13:00:00Z")
    book.on("FR.refusal", "from 11 August the rest is gone", "2026-08-11", "10:00:00", YES,
            attempts=past("FR.refusal", "2026-07-20 11:00 refusal"), business_relationship="contract-in-progress")
    for purpose, expect in (("research", NO), ("fundraising", NO), ("sales", YES), ("informational", YES)):
        book.on("US.tcpa.exempt-prerecorded", f"three calls before, {purpose}", "2026-06-20", "12:00", expect,
                purpose=purpose, attempts=past("US.tcpa.exempt-prerecorded", *days_from("2026-06-01", 3)), window=True)
    book.on("US.tcpa.exempt-prerecorded", "three calls before, consent", "2026-06-20", "12:00", YES, consent="express",
            attempts=past("US.tcpa.exempt-prerecorded", *days_from("2026-06-01", 3)))
    book.on("US.tcpa.exempt-prerecorded", "three calls before, last day without it", "2023-07-19", "12:00", YES,
            attempts=past("US.tcpa.exempt-prerecorded", *days_from("2023-07-01", 3)))
    book.on("US-MD.cap", "last day before the act", "2023-12-31", "15:00", YES,
            attempts=past("US-MD.cap", *["2023-12-31 09:00"] * 3))
    book.on("US-MD.cap", "first day of the act", "2024-01-01", "15:00", NO,
            attempts=past("US-MD.cap", *["2024-01-01 09:00"] * 3), window=True)
    georgia = [("US-GA", "America/New_York"), ("US-FL", "America/New_York")]
    for places, expect in ((georgia, NO), (georgia[:1], YES)):
        names = " or ".join(place[0] for place in places)
        book.add("US-FL.cap", f"three calls to somebody in {names}", at("2026-06-10", "15:00", "America/New_York"),
                 expect, places=places, purpose="sales", attempts=past("US-FL.cap", *THREE), window=True)
    for name, expect in (("Europe/Moscow", YES), ("Asia/Vladivostok", NO)):
        book.on("RU.collections.cap", f"18:30 in Moscow is tomorrow in Vladivostok, {name}", "2026-06-11", "10:00",
                expect, zone_name=name, attempts=past("RU.collections.cap", "2026-06-10 18:30"), window=True)
    book.on("RU.collections.cap", "Sunday evening in Moscow is Monday in Vladivostok", "2026-06-18", "12:00", NO,
            zone_name="Asia/Vladivostok", window="2026-06-21T22:00:00Z",
            attempts=past("RU.collections.cap", "2026-06-14 18:30", "2026-06-16 18:30"))
    both = [("US-IN", "America/Indiana/Indianapolis"), ("US-IN", "America/Chicago")]
    talk = past("US.regf.7in7", "2026-04-06 00:30 conversation")
    for places, day, expect in ((both, "2026-04-12", NO), (both, "2026-04-13", YES), (both[1:], "2026-04-12", YES),
                                (both[:1], "2026-04-12", NO)):
        zones = " and ".join(place[1] for place in places)
        book.add("US.regf.7in7", f"a conversation at 00:30 Eastern is the day before in Central, {zones}, {day}",
                 at(day, "12:00", "America/Chicago"), expect, places=places, attempts=talk, window=True)
