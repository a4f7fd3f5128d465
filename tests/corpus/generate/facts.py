"""Cases in which facts about consent, relationship, callee and caller decide; each answer is written here by hand."""

YES, NO = "permit", "prohibit"
WED = "2026-06-10"


def consent(given_at=None, level="express", revoked_at=None):
    if given_at is None:
        return {"consent": level}
    return {"consent": {"level": level, "given_at": given_at, "revoked_at": revoked_at}}


def tie(kind, last_at=None):
    return {"business_relationship": {"kind": kind, "last_at": last_at} if last_at else kind}


def refused(when):
    return {"attempts": [{"at": when, "outcome": "refusal"}]}


BUSINESS, CONSUMER = {"callee_kind": "business"}, {"callee_kind": "consumer"}
NONPROFIT, POLITICAL, COMMERCIAL = ({"caller_kind": kind} for kind in ("nonprofit", "political", "commercial"))
TEXT = {"channel": "text"}
MAY = "2026-05-01T12:00:00Z"

# (provision, what, local day, local time, answer, facts)
TABLE = [
    # Both federal rules end at 21:00 like the house hours, so an exemption shows in the findings, not in the hours.
    ("US.tcpa", "consent lifts both federal rules, house hours remain", WED, "20:59:59", YES, consent(MAY)),
    ("US.tcpa", "consent lifts the law, not the house hours", WED, "21:00:00", NO, consent(MAY)),
    ("US.tcpa", "text with an old purchase", WED, "20:30", YES, TEXT | tie("transaction", "2024-12-09T12:00:00Z")),
    ("US.tcpa", "text, purchase within 18 months", WED, "20:30", YES,
     TEXT | tie("transaction", "2024-12-13T12:00:00Z")),
    ("US.tcpa", "text, inquiry within 3 months", WED, "20:30", YES, TEXT | tie("inquiry", "2026-03-12T12:00:00Z")),
    ("US.tcpa", "text, inquiry too old", WED, "20:30", YES, TEXT | tie("inquiry", "2026-03-08T12:00:00Z")),
    ("US.tcpa", "text, purchase without a date", WED, "20:30", YES, TEXT | tie("transaction")),
    ("US.tcpa", "text from a nonprofit", WED, "07:59:59", NO, TEXT | NONPROFIT),
    ("US.tsr", "a purchase does not lift it", WED, "21:00:00", NO, tie("transaction", MAY)),
    ("US.tsr", "a nonprofit's sale does not lift it", WED, "21:00:00", NO, NONPROFIT),
    ("US.tsr", "a call to a business stays under the TCPA rule", WED, "21:00:00", NO, BUSINESS),
    ("US.tsr", "fundraising with consent, house hours remain", WED, "08:00:00", YES,
     {"purpose": "fundraising"} | consent(MAY)),
    ("US.regf", "consent given to the collector, house hours remain", WED, "20:30", YES, consent(MAY)),
    ("US.regf", "consent given later does not count", WED, "07:30", NO, consent("2026-06-11T12:00:00Z")),
    # Alabama, Louisiana, Maryland, Massachusetts know no consent.
    ("US-AL", "consent is no exemption", WED, "20:30", NO, consent(MAY)),
    ("US-LA", "consent is no exemption", WED, "20:30", NO, consent(MAY)),
    ("US-LA", "a contract is no exemption", WED, "20:30", NO, tie("contract-in-progress")),
    ("US-MA", "consent is no exemption", WED, "20:30", NO, consent(MAY)),
    ("US-MD", "consent is no exemption", WED, "20:30", NO, consent(MAY)),
    ("US-MD", "a contract is no exemption", WED, "20:30", NO, tie("contract-in-progress")),
    ("US-MS", "a call to a business is covered", WED, "08:30", NO, BUSINESS),
    ("US-NM", "consent is no exemption", WED, "08:30", NO, consent(MAY)),
    ("US-NV", "consent is no exemption", WED, "20:30", NO, consent(MAY)),
    ("US-RI", "consent is no exemption", WED, "18:30", NO, consent(MAY)),
    ("US-WA", "consent is no exemption", WED, "20:30", NO, consent(MAY)),
    ("US-CT", "written consent", WED, "20:30", YES, consent(MAY, "express-written")),
    ("US-CT", "written consent without a date", WED, "08:30", YES, consent(level="express-written")),
    ("US-CT", "consent that is not written", WED, "20:30", NO, consent(MAY)),
    ("US-CT", "written consent revoked", WED, "20:30", NO, consent(MAY, "express-written", "2026-06-01T12:00:00Z")),
    ("US-CT", "written consent revoked later", WED, "20:30", YES,
     consent(MAY, "express-written", "2026-06-12T12:00:00Z")),
    ("US-CT", "existing customer", WED, "20:30", YES, tie("contract-in-progress")),
    ("US-CT", "earlier customer", WED, "20:30", NO, tie("transaction", MAY)),
    ("US-CT", "an inquiry is not modelled", WED, "20:30", NO, tie("inquiry", MAY)),
    ("US-CT", "business", WED, "08:30", YES, BUSINESS),
    ("US-CT", "consumer", WED, "08:30", NO, CONSUMER),
    ("US-FL", "express request", WED, "20:30", YES, consent(MAY)),
    ("US-FL", "express request without a date", WED, "20:30", YES, consent()),
    ("US-FL", "written consent is express too", WED, "20:30", YES, consent(MAY, "express-written")),
    ("US-FL", "consent revoked", WED, "20:30", NO, consent(MAY, revoked_at="2026-06-01T12:00:00Z")),
    ("US-FL", "consent revoked later", WED, "20:30", YES, consent(MAY, revoked_at="2026-06-12T12:00:00Z")),
    ("US-FL", "refused after the consent", WED, "20:30", NO, consent(MAY) | refused("2026-06-01T15:00:00Z")),
    ("US-FL", "refused, consent without a date", WED, "20:30", NO, consent() | refused("2026-06-01T15:00:00Z")),
    ("US-FL", "refused before the consent", WED, "20:30", YES, consent(MAY) | refused("2026-04-01T15:00:00Z")),
    ("US-FL", "consent given this very second", WED, "20:30", YES, consent("2026-06-11T00:30:00Z")),
    ("US-FL", "consent given a second later", WED, "20:30", NO, consent("2026-06-11T00:30:01Z")),
    ("US-FL", "consent given later", WED, "20:30", NO, consent("2026-06-12T12:00:00Z")),
    ("US-FL", "old purchase, whatever its age", WED, "20:30", YES, tie("transaction", "2019-01-02T12:00:00Z")),
    ("US-FL", "purchase without a date", WED, "20:30", YES, tie("transaction")),
    ("US-FL", "inquiry", WED, "20:30", YES, tie("inquiry", MAY)),
    ("US-FL", "contract", WED, "20:30", YES, tie("contract-in-progress")),
    ("US-FL", "business callee is covered", WED, "20:30", NO, BUSINESS),
    ("US-FL", "nonprofit caller is covered", WED, "20:30", NO, NONPROFIT),
    ("US-KY", "business", WED, "09:30", YES, BUSINESS),
    ("US-KY", "consumer", WED, "09:30", NO, CONSUMER),
    ("US-KY", "consent is no exemption", WED, "09:30", NO, consent(MAY)),
    ("US-OK", "contract", WED, "20:30", YES, tie("contract-in-progress")),
    ("US-OK", "purchase", WED, "20:30", YES, tie("transaction")),
    ("US-OK", "inquiry is not enough", WED, "20:30", NO, tie("inquiry", MAY)),
    ("US-OK", "consent is not enough", WED, "20:30", NO, consent(MAY)),
    ("US-OK.adad", "a contract does not lift the machine's hours", WED, "08:30", NO, tie("contract-in-progress")),
    ("US-OR", "business", WED, "20:30", YES, BUSINESS),
    ("US-OR", "consumer", WED, "20:30", NO, CONSUMER),
    ("US-OR", "purchase does not lift the hours", WED, "20:30", NO, tie("transaction", MAY)),
    ("US-PA.holidays", "holiday, purchase within 12 months", "2026-05-25", "12:00", YES,
     tie("transaction", "2025-05-27T12:00:00Z")),
    ("US-PA.holidays", "holiday, purchase too old", "2026-05-25", "12:00", NO,
     tie("transaction", "2025-05-23T12:00:00Z")),
    ("US-PA.holidays", "holiday, purchase a second short of 12 months ago", "2026-05-25", "12:00", YES,
     tie("transaction", "2025-05-25T16:00:01Z")),
    ("US-PA.holidays", "holiday, purchase 12 months and a second ago", "2026-05-25", "12:00", NO,
     tie("transaction", "2025-05-25T15:59:59Z")),
    ("US-PA.holidays", "holiday, purchase without a date", "2026-05-25", "12:00", NO, tie("transaction")),
    ("US-PA.holidays", "holiday, nonprofit", "2026-05-25", "12:00", YES, NONPROFIT),
    ("US-PA.holidays", "holiday, political", "2026-05-25", "12:00", YES, POLITICAL),
    ("US-PA.holidays", "holiday, commercial", "2026-05-25", "12:00", NO, COMMERCIAL),
    ("US-PA.sb992", "a purchase no longer lifts the holiday", "2026-11-26", "12:00", NO,
     tie("transaction", "2026-10-01T12:00:00Z")),
    ("US-PA.sb992", "political, after 19:00", "2026-11-18", "19:30", NO, POLITICAL),
    ("US-TX", "express request at 09:00:00", WED, "09:00:00", YES, consent(MAY)),
    ("US-TX", "contract on Sunday morning", "2026-06-14", "10:00", YES, tie("contract-in-progress")),
    ("US-TX", "purchase", WED, "08:30", YES, tie("transaction")),
    ("US-TX", "inquiry is not enough", WED, "08:30", NO, tie("inquiry", MAY)),
    ("US-UT", "consent on a Sunday", "2026-06-14", "12:00", YES, consent(MAY)),
    ("US-UT", "consent on Pioneer Day", "2026-07-24", "12:00", YES, consent(MAY)),
    ("US-UT", "purchase on Pioneer Day", "2026-07-24", "12:00", NO, tie("transaction", MAY)),
    ("US-WY", "express request", WED, "20:30", YES, consent(MAY)),
    ("US-WY", "contract", WED, "20:30", YES, tie("contract-in-progress")),
    ("US-WY", "purchase", WED, "20:30", YES, tie("transaction")),
    ("US-WY", "inquiry is not enough", WED, "20:30", NO, tie("inquiry", MAY)),
    ("AU.telemarketing", "consent on Sunday, house hours", "2026-06-14", "20:59:59", YES, consent(MAY)),
    ("AU.telemarketing", "consent on Australia Day", "2026-01-26", "12:00", YES, consent("2026-01-02T00:00:00Z")),
    ("AU.telemarketing", "contract is no exemption", "2026-06-14", "12:00", NO, tie("contract-in-progress")),
    ("AU.research", "consent is no exemption", WED, "20:45", NO, consent(MAY)),
    ("ID.collections", "agreement on Sunday", "2026-06-14", "12:00", YES, consent(MAY)),
    ("ID.collections", "agreement after the last known list", "2027-01-05", "12:00", YES, consent(MAY)),
    ("PH.collections", "agreement: house hours are narrower", WED, "21:30", NO, consent(MAY)),
    ("PH.collections", "no agreement: to 22:00", WED, "21:30", YES, {}),
    ("PT", "agreement: house hours open at 8", WED, "08:30", YES, consent(MAY)),
    ("PT", "agreement: house hours end at 21", WED, "21:30", NO, consent(MAY)),
    ("VN.ads", "agreement with the subscriber", WED, "17:30", YES, consent(MAY)),
    ("VN.ads", "purchase is no agreement", WED, "17:30", NO, tie("transaction", MAY)),
    ("ZA", "agreed on Sunday", "2026-06-14", "12:00", YES, consent(MAY)),
    ("ZA", "agreed on Youth Day", "2026-06-16", "12:00", YES, consent(MAY)),
    ("ZA", "purchase is no agreement", "2026-06-16", "12:00", NO, tie("transaction", MAY)),
    ("JP.collections", "sales calls keep to house hours", WED, "20:30", YES, {"purpose": "sales"}),
    ("GB.dma", "consent does not lift the old code", "2026-06-13", "08:30", NO, consent(MAY)),
    ("ES", "consent does not lift the hours", "2026-06-13", "12:00", NO, consent(MAY)),
    ("NO", "consent does not lift the hours", "2026-06-13", "12:00", NO, consent(MAY)),
    ("CO", "consent does not lift the hours", WED, "19:30", NO, consent(MAY)),
]

FRANCE = [
    ("FR.hours", "consent lifts the hours until 10 August", "2026-08-10", "20:30", YES, consent(MAY)),
    ("FR.hours", "consent without a date lifts them as well", "2026-08-10", "13:30", YES, consent()),
    ("FR.hours", "consent lifts the weekend", "2026-08-08", "12:00", YES, consent(MAY)),
    ("FR.hours", "consent lifts a holiday", "2026-07-14", "12:00", YES, consent(MAY)),
    ("FR.hours", "no consent, lunch", "2026-08-10", "13:30", NO, {}),
    ("FR.hours", "no consent, last day of the old law", "2026-08-10", "19:59:59", YES, {}),
    ("FR.hours", "consent no longer lifts the lunch", "2026-08-11", "13:30", NO, consent(MAY)),
    ("FR.hours", "consent no longer lifts the evening", "2026-08-11", "20:00:00", NO, consent(MAY)),
    ("FR.hours", "contract does not lift the weekend", "2026-09-05", "12:00", NO, tie("contract-in-progress")),
    ("FR.hours", "contract does not lift Armistice Day", "2026-11-11", "12:00", NO, tie("contract-in-progress")),
    ("FR.optin", "day before, no consent", "2026-08-10", "10:30", YES, {}),
    ("FR.optin", "first day, no consent", "2026-08-11", "10:30", NO, {}),
    ("FR.optin", "first day, consent of May", "2026-08-11", "10:30", YES, consent(MAY)),
    ("FR.optin", "first second", "2026-08-11", "10:00:00", YES, consent(MAY)),
    ("FR.optin", "consent without a date is not enough", "2026-08-11", "10:30", NO, consent()),
    ("FR.optin", "consent nearly a year old", "2026-09-10", "10:30", YES, consent("2025-09-11T12:00:00Z")),
    ("FR.optin", "consent over a year old", "2026-09-10", "10:30", NO, consent("2025-09-08T12:00:00Z")),
    ("FR.optin", "consent a second short of a year old", "2026-09-10", "10:30", YES, consent("2025-09-10T08:30:01Z")),
    ("FR.optin", "consent a year and a second old", "2026-09-10", "10:30", NO, consent("2025-09-10T08:29:59Z")),
    ("FR.optin", "consent withdrawn", "2026-09-10", "10:30", NO, consent(MAY, revoked_at="2026-09-01T12:00:00Z")),
    ("FR.optin", "refused after the consent", "2026-09-10", "10:30", NO, consent(MAY) | refused("2026-09-01T08:30:00Z")),
    ("FR.optin", "refused at the second of the consent", "2026-09-10", "10:30", NO,
     consent("2026-09-01T08:30:00Z") | refused("2026-09-01T08:30:00Z")),
    ("FR.optin", "refused before the consent", "2026-09-10", "10:30", YES,
     consent("2026-09-01T08:30:01Z") | refused("2026-09-01T08:30:00Z")),
    ("FR.optin", "refused, with a contract", "2026-09-10", "10:30", YES,
     tie("contract-in-progress") | consent(MAY) | refused("2026-09-01T08:30:00Z")),
    ("FR.optin", "not answered after the consent", "2026-09-10", "10:30", YES,
     consent(MAY) | {"attempts": [{"at": "2026-09-01T08:30:00Z", "outcome": "no-answer"}]}),
    ("FR.optin", "consent given later", "2026-09-10", "10:30", NO, consent("2026-09-11T12:00:00Z")),
    ("FR.optin", "contract in progress", "2026-09-10", "10:30", YES, tie("contract-in-progress")),
    ("FR.optin", "an earlier purchase is no contract", "2026-09-10", "10:30", NO, tie("transaction", MAY)),
    ("FR.optin", "an inquiry is no consent", "2026-09-10", "10:30", NO, tie("inquiry", MAY)),
    ("FR.optin", "text with a contract: house hours", "2026-09-10", "20:30", YES, TEXT | tie("contract-in-progress")),
    ("FR.optin", "text without consent", "2026-09-10", "10:30", NO, TEXT),
    ("FR.optin", "text before the law", "2026-08-10", "20:30", YES, TEXT),
    ("FR.optin", "collections need no consent", "2026-09-10", "20:30", YES, {"purpose": "collections"}),
    ("FR.optin", "research needs no consent", "2026-09-10", "20:30", YES, {"purpose": "research"}),
    ("FR.optin", "sales by machine need consent", "2026-09-10", "10:30", NO, {"purpose": "sales_automated"}),
    ("FR.optin", "business is covered", "2026-09-10", "10:30", NO, BUSINESS),
]


def all_of_it(book):
    for rid, what, day, clock, expect, more in TABLE + FRANCE:
        book.on(rid, what, day, clock, expect, **more)
    martinique = {"zone_name": "America/Martinique", **tie("contract-in-progress")}
    book.on("FR.hours", "Martinique after Paris has closed", "2026-09-10", "14:30", YES, **martinique)
    book.on("FR.hours", "Bastille Day in Tahiti while Paris is a day further", "2026-07-14", "15:00", NO,
            zone_name="Pacific/Tahiti", window="2026-07-15T20:00:00Z")
    book.on("FR.hours", "the eve in Tahiti while Paris is at its holiday", "2026-07-13", "14:30", YES,
            zone_name="Pacific/Tahiti", window="2026-07-14T06:00:00Z")
    book.on("FR.optin", "Martinique is still in the old law at 20:59 there", "2026-08-10", "19:59:59", YES,
            zone_name="America/Martinique")
    book.on("FR.hours", "evening of the last day, consent lifts the hours no more tomorrow", "2026-08-10", "21:30", NO,
            window="2026-08-11T08:00:00Z", **consent(MAY))
    book.on("FR.hours", "Friday evening, contract", "2026-11-06", "20:00:00", NO, window="2026-11-09T09:00:00Z",
            **tie("contract-in-progress"))
    book.on("FR.hours", "eve of Armistice Day, contract", "2026-11-10", "20:00:00", NO, window="2026-11-12T09:00:00Z",
            **tie("contract-in-progress"))
    book.on("FR.optin", "never opens without consent", "2026-09-10", "11:30", NO, window=True)
    book.on("FR.optin", "the old law's last evening, never opens", "2026-08-10", "20:00:00", NO, window=True)
