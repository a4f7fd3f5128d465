"""Cases in which evidence says where the callee is; each answer is written here by hand."""

YES, NO = "permit", "prohibit"
DAY = "2026-06-10T"
NIGHT = "2026-06-11T"
US = "47 CFR 64.1200(c)(1), 16 CFR 310.4(c)"
FL, KY, OR = "Fla. Stat. 501.616(6)(a)", "KRS 367.46955", "ORS 646.563(1)(b)"
CRTC = "CRTC UTR Part III s.23"
AU = "Telemarketing and Research Calls Industry Standard 2017 s.8"
NONE = "none: no place, no law; what cannot be known is prohibited"
HOUSE = "none: house hours"

# (what, answer, instant, law, evidence)
TABLE = [
    # Prefixes of North American numbers; those that public maps have wrong first.
    ("+1 689 is Florida, Eastern: 08:30", YES, DAY + "12:30:00Z", FL, {"phone": "+16895550123"}),
    ("+1 689 at 20:30", NO, NIGHT + "00:30:00Z", FL, {"phone": "+16895550123"}),
    ("+1 474 is Saskatchewan, -06: 09:00", YES, DAY + "15:00:00Z", CRTC, {"phone": "+14745550123"}),
    ("+1 474 at 08:59:59", NO, DAY + "14:59:59Z", CRTC, {"phone": "+14745550123"}),
    ("+1 474 at 21:29:59", YES, NIGHT + "03:29:59Z", CRTC, {"phone": "+14745550123"}),
    ("+1 474 at 21:30:00", NO, NIGHT + "03:30:00Z", CRTC, {"phone": "+14745550123"}),
    ("+1 364 like 270: 10:30 Eastern is 09:30 Central", NO, DAY + "14:30:00Z", KY, {"phone": "+13645550123"}),
    ("+1 364: 10:30 Central", YES, DAY + "15:30:00Z", KY, {"phone": "+13645550123"}),
    ("+1 270: 10:30 Eastern is 09:30 Central", NO, DAY + "14:30:00Z", KY, {"phone": "+12705550123"}),
    ("+1 448 like 850: 08:30 Eastern is 07:30 Central", NO, DAY + "12:30:00Z", FL, {"phone": "+14485550123"}),
    ("+1 850: 08:30 Eastern is 07:30 Central", NO, DAY + "12:30:00Z", FL, {"phone": "+18505550123"}),
    ("+1 930 like 812: 08:30 Eastern is 07:30 Central", NO, DAY + "12:30:00Z", US, {"phone": "+19305550123"}),
    ("+1 812: 08:30 Eastern is 07:30 Central", NO, DAY + "12:30:00Z", US, {"phone": "+18125550123"}),
    ("+1 219: 08:30 Eastern is 07:30 Central", NO, DAY + "12:30:00Z", US, {"phone": "+12195550123"}),
    ("+1 423: 08:30 Eastern is 07:30 Central", NO, DAY + "12:30:00Z", US, {"phone": "+14235550123"}),
    ("+1 458 like 541: 08:30 Mountain is 07:30 Pacific", NO, DAY + "14:30:00Z", OR, {"phone": "+14585550123"}),
    ("+1 541 at 20:30 Mountain, 19:30 Pacific", NO, NIGHT + "02:30:00Z", OR, {"phone": "+15415550123"}),
    ("+1 928: Navajo Nation 08:30, the rest of Arizona 07:30", NO, "2026-07-15T14:30:00Z", US,
     {"phone": "+19285550123"}),
    ("+1 602: Phoenix 08:30", YES, "2026-07-15T15:30:00Z", US, {"phone": "+16025550123"}),
    ("+1 867: 09:30 in Yellowknife is 08:30 in Whitehorse", NO, "2026-11-24T15:30:00Z", CRTC,
     {"phone": "+18675550123"}),
    ("+1 867: 09:00 in Whitehorse", YES, "2026-11-24T16:00:00Z", CRTC, {"phone": "+18675550123"}),
    ("+1 236 is British Columbia, where 16:00 UTC is 09:00", YES, "2026-11-24T16:00:00Z",
     "B.C. Telemarketer Licensing Regulation", {"phone": "+12365550123"}),
    ("+1 787: Puerto Rico 08:00", YES, "2026-01-15T12:00:00Z", US, {"phone": "+17875550123"}),
    ("+1 671: Guam 12:00", YES, "2026-01-15T02:00:00Z", US, {"phone": "+16715550123"}),
    ("+1 876: Jamaica 12:00", YES, "2026-01-15T17:00:00Z", HOUSE, {"phone": "+18765550123"}),
    ("+1 242: Bahamas 07:30", NO, DAY + "11:30:00Z", HOUSE, {"phone": "+12425550123"}),
    # Numbers that name no place.
    *[(f"toll-free +1 {prefix} alone", NO, DAY + "16:00:00Z", NONE, {"phone": f"+1{prefix}5550123"})
      for prefix in (800, 833, 844, 855, 866, 877, 888)],
    ("toll-free with an address", YES, DAY + "16:00:00Z", US, {"phone": "+18005550123", "region": "US-NY"}),
    ("international freephone alone", NO, DAY + "16:00:00Z", NONE, {"phone": "+80012345678"}),
    ("satellite number alone", NO, DAY + "16:00:00Z", NONE, {"phone": "+88161234567"}),
    # Numbers of other countries: a mobile is anywhere in its country.
    ("Australian mobile: 12:00 in Sydney is 10:00 in Perth", YES, DAY + "02:00:00Z", AU, {"phone": "+61412345678"}),
    ("Australian mobile: 09:30 in Sydney is 07:30 in Perth", NO, "2026-06-09T23:30:00Z", AU,
     {"phone": "+61412345678"}),
    ("Australian mobile, address in Sydney: 09:30", YES, "2026-06-09T23:30:00Z", AU,
     {"phone": "+61412345678", "region": "AU-NSW", "zone": "Australia/Sydney"}),
    ("Australian mobile, New South Wales: 09:00 in Broken Hill too", YES, "2026-06-09T23:30:00Z", AU,
     {"phone": "+61412345678", "region": "AU-NSW"}),
    ("Australian mobile, New South Wales: 08:45 in Broken Hill", NO, "2026-06-09T23:15:00Z", AU,
     {"phone": "+61412345678", "region": "AU-NSW"}),
    ("Spanish mobile: 09:30 in Madrid is 08:30 in the Canaries", NO, DAY + "07:30:00Z", "TRLGDCU art. 96.2",
     {"phone": "+34612345678"}),
    ("Spanish mobile: 09:30 in the Canaries", YES, DAY + "08:30:00Z", "TRLGDCU art. 96.2", {"phone": "+34612345678"}),
    ("Madrid number: 09:30", YES, DAY + "07:30:00Z", "TRLGDCU art. 96.2", {"phone": "+34912345678"}),
    ("Russian mobile: 13:00 in Moscow is 22:00 in Kamchatka", NO, DAY + "10:00:00Z", "Federal Law 230-FZ art. 7(3)(1)",
     {"phone": "+79161234567", "purpose": "collections"}),
    ("London number: 10:00", YES, DAY + "09:00:00Z", "former DMA Code of Practice 21.41", {"phone": "+442079460123"}),
    ("London number: 07:30", NO, DAY + "06:30:00Z", "former DMA Code of Practice 21.41", {"phone": "+442079460123"}),
    ("British mobile: 10:00", YES, DAY + "09:00:00Z", "former DMA Code of Practice 21.41",
     {"phone": "+447912345678"}),
    ("Dublin number: 10:00", YES, DAY + "09:00:00Z", HOUSE, {"phone": "+35312345678"}),
    ("Dublin number: 07:30", NO, DAY + "06:30:00Z", HOUSE, {"phone": "+35312345678"}),
    # Postal codes.
    ("ZIP of Pensacola: 07:30 Central", NO, DAY + "12:30:00Z", FL, {"country": "US", "postal_code": "32501"}),
    ("ZIP of Miami: 08:30 Eastern", YES, DAY + "12:30:00Z", FL, {"country": "US", "postal_code": "33101"}),
    ("ZIP of Miami: 20:30", NO, NIGHT + "00:30:00Z", FL, {"country": "US", "postal_code": "33101"}),
    ("ZIP of El Paso: 20:30 Mountain", YES, "2026-06-16T02:30:00Z", "Tex. Bus. & Com. Code 301.051(b)",
     {"country": "US", "postal_code": "79901"}),
    ("ZIP that lost its zero", NO, DAY + "16:00:00Z", NONE, {"country": "US", "postal_code": "1234"}),
    ("ZIP that nobody has", NO, DAY + "16:00:00Z", NONE, {"country": "US", "postal_code": "00000"}),
    ("postal code of Montreal: Easter Monday", NO, "2026-04-06T16:00:00Z", "CQLR c. R-2.2",
     {"country": "CA", "postal_code": "H3Z 2Y7", "purpose": "collections"}),
    ("postal code of Vancouver: 09:00 at -07", YES, "2026-11-24T16:00:00Z", "B.C. Telemarketer Licensing Regulation",
     {"country": "CA", "postal_code": "V5K 0A1"}),
    ("postcode of Sydney: 09:00", YES, "2026-06-09T23:00:00Z", AU, {"country": "AU", "postal_code": "2000"}),
    ("postcode of Perth: 07:00", NO, "2026-06-09T23:00:00Z", AU, {"country": "AU", "postal_code": "6000"}),
    ("postcode of Broken Hill: 08:30", NO, "2026-06-09T23:00:00Z", AU, {"country": "AU", "postal_code": "2880"}),
    # Regions: a state alone is all of its clocks, an unknown code is nobody's parent.
    ("Tennessee alone: 08:30 Eastern is 07:30 Central", NO, DAY + "12:30:00Z", US, {"region": "US-TN"}),
    ("Tennessee alone: 08:00 Central", YES, DAY + "13:00:00Z", US, {"region": "US-TN"}),
    ("Tennessee alone: 20:30 Central is 21:30 Eastern", NO, NIGHT + "01:30:00Z", US, {"region": "US-TN"}),
    ("Florida alone: 07:30 in Pensacola", NO, DAY + "12:30:00Z", FL, {"region": "US-FL"}),
    ("Arizona alone: 07:30 outside the Navajo Nation", NO, "2026-07-15T14:30:00Z", US, {"region": "US-AZ"}),
    ("Indiana alone: 07:30 in Gary", NO, "2026-07-15T12:30:00Z", US, {"region": "US-IN"}),
    ("Ontario alone: 08:30 in the west", NO, DAY + "13:30:00Z", CRTC, {"region": "CA-ON"}),
    ("Ontario alone: 09:00 in the west", YES, DAY + "14:00:00Z", CRTC, {"region": "CA-ON"}),
    ("South Dakota, Central: the whole state's clocks for machines", NO, DAY + "14:30:00Z", "SDCL 37-30-28",
     {"region": "US-SD", "zone": "America/Chicago", "purpose": "sales_automated"}),
    ("the United States alone: night in Guam", NO, DAY + "16:00:00Z", US, {"region": "US"}),
    ("US-EST with a New York number: 20:30", YES, NIGHT + "00:30:00Z", US,
     {"region": "US-EST", "phone": "+12125550123"}),
    ("US-EST alone: Florida is possible at 20:30", NO, NIGHT + "00:30:00Z", FL, {"region": "US-EST"}),
    ("country with a New York number", YES, DAY + "16:00:00Z", US, {"country": "US", "phone": "+12125550123"}),
    ("Germany on a Saturday at 17:30", YES, "2026-06-13T15:30:00Z", "house policy: UWG 7(2) gives no hours",
     {"region": "DE"}),
    ("Germany on a Sunday", NO, "2026-06-14T12:00:00Z", "house policy: UWG 7(2) gives no hours", {"region": "DE"}),
    ("Japan, sales at noon", YES, DAY + "03:00:00Z", HOUSE, {"region": "JP"}),
    ("a region that does not exist", NO, DAY + "16:00:00Z", NONE, {"region": "US-FLA"}),
    ("a zone that does not exist", NO, DAY + "16:00:00Z", NONE, {"region": "US-NY", "zone": "America/Nowhere"}),
    ("a number without its plus", NO, DAY + "16:00:00Z", NONE, {"region": "US-NY", "phone": "12125550123"}),
    ("nothing at all", NO, DAY + "16:00:00Z", NONE, {}),
    # Contradictions: every place is judged.
    ("Georgia with a Miami number: 20:30", NO, NIGHT + "00:30:00Z", FL, {"region": "US-GA", "phone": "+13055550123"}),
    ("Georgia with a Miami number: 19:30", YES, DAY + "23:30:00Z", FL, {"region": "US-GA", "phone": "+13055550123"}),
    ("Georgia with an Atlanta number: 20:30", YES, NIGHT + "00:30:00Z", US,
     {"region": "US-GA", "phone": "+14045550123"}),
    ("Georgia with a Miami number: the fourth call in a day", NO, DAY + "18:00:00Z", "Fla. Stat. 501.616(6)(b)",
     {"region": "US-GA", "phone": "+13055550123",
      "attempts": [DAY + "13:00:00Z", DAY + "15:00:00Z", DAY + "17:00:00Z"]}),
    ("New York with a London number: 23:30 in London", NO, DAY + "22:30:00Z", US,
     {"region": "US-NY", "phone": "+442079460123"}),
]


def all_of_it(book):
    for what, expect, moment, cite, known in TABLE:
        book.put("evidence", {
            "name": f"evidence: {what}", "citation": cite,
            "attempt": {"at": moment, "purpose": known.get("purpose", "sales"), **known}, "expect": expect})
