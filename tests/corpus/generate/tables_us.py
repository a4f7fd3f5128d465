"""The hours, conditions and caps of the United States as their texts say, one line a provision.

Hours: `{"mon-sat": "8-20", "sun": "12-20"}`; half hours as `7:30`. Conditions (`free`, `needs`): `consent`, `written`,
`transaction`, `inquiry`, `contract`, `business`, `nonprofit`, `political`; `<18m` = at most 18 months old.
`holidays`: `{calendar: hours}`, `""` = closed. See `reader.py` for what each key means.
"""

SALES = ["sales", "sales_automated"]
LIVE_AND_GIFTS = ["sales", "sales_automated", "fundraising"]
ROBOT = ["sales_automated"]
DEBT = ["collections"]
PHONE = ["voice", "text"]
ALL = ["voice", "text", "email"]

NY, CHI, DEN, LA = "America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles"


def rule(rid, purposes, hours, cite, **more):
    """One provision about hours; `place` and `zone` are where its cases are set."""
    jurisdiction = more.pop("j", rid.split(".")[0])
    return {"id": rid, "j": jurisdiction, "purposes": purposes, "channels": PHONE, "hours": hours, "cite": cite,
            "place": jurisdiction, "zone": NY, "free": [], "holidays": {}, "since": None, "until": None, **more}


def cap(cid, purposes, cite, **more):
    """One provision about frequency."""
    jurisdiction = more.pop("j", cid.split(".")[0])
    return {"id": cid, "j": jurisdiction, "purposes": purposes, "channels": ["voice"], "cite": cite,
            "place": jurisdiction, "zone": NY, "free": [], "since": None, "until": None, "limits": [], "rest": [],
            "counts": "attempt", "by_matter": False, **more}


EVERY = "mon-sun"
TEXAS = {"mon-sat": "9-21", "sun": "12-21"}

RULES = [
    rule("US.tcpa", SALES, {EVERY: "8-21"}, "47 CFR 64.1200(c)(1)", place="US-NJ",
         free=["consent", "transaction<18m", "inquiry<3m", "nonprofit"]),
    rule("US.tsr", LIVE_AND_GIFTS, {EVERY: "8-21"}, "16 CFR 310.4(c)", place="US-NJ", channels=["voice"],
         free=["consent", "business"]),
    rule("US.regf", DEBT, {EVERY: "8-21"}, "12 CFR 1006.6(b)(1)(i)", place="US-NJ", channels=ALL, free=["consent"]),
    rule("US-AL", SALES, {"mon-sat": "8-20"}, "Ala. Admin. Code r. 770-X-5-.17(1)(b), (2)", zone=CHI,
         holidays={"US-AL": ""}),
    rule("US-CA.adad", ROBOT, {EVERY: "9-21"}, "Cal. Pub. Util. Code 2872", zone=LA),
    rule("US-CT", SALES, {EVERY: "9-20"}, "Conn. Gen. Stat. 42-288a(c)", since="2023-10-01",
         free=["written", "contract", "business"]),
    rule("US-FL", SALES, {EVERY: "8-20"}, "Fla. Stat. 501.616(6)(a)", since="2021-07-01",
         free=["consent", "contract", "transaction", "inquiry"]),
    rule("US-IL.autodialer", ROBOT, {EVERY: "9-21"}, "815 ILCS 305", zone=CHI),
    rule("US-IN.adad", ROBOT, {EVERY: "9-20"}, "Ind. Code 24-5-14-8", zone="America/Indiana/Indianapolis",
         unverified=True),
    rule("US-KY", SALES, {EVERY: "10-21"}, "KRS 367.46955(16)", zone="America/Kentucky/Louisville", free=["business"]),
    rule("US-LA", SALES, {"mon-sat": "8-20"}, "LPSC General Order R-29617 s.V(A)(1)-(2)", zone=CHI,
         holidays={"US-LA": ""}),
    rule("US-MA", SALES, {EVERY: "8-20"}, "201 CMR 12.02(2); M.G.L. c.159C s.3"),
    rule("US-MD", SALES, {EVERY: "8-20"}, "Md. Code, Com. Law 14-4502(c)(1)", since="2024-01-01"),
    rule("US-ME.automated", ROBOT, {"mon-fri": "9-17"}, "10 M.R.S. 1498(3)", clocks=[NY]),
    rule("US-MI.adad", ROBOT, {EVERY: "9-21"}, "MCL 750.540e(1)(f)", zone="America/Detroit"),
    rule("US-MI.live", ["sales", "fundraising"], {EVERY: "9-21"}, "MCL 750.540e(1)(f)", zone="America/Detroit",
         unverified=True),
    rule("US-MN.adad", ROBOT, {EVERY: "9-21"}, "Minn. Stat. 325E.30", zone=CHI),
    rule("US-MN.live", ["sales"], {EVERY: "9-21"}, "Minn. Stat. 325E.30, 325E.26", zone=CHI, unverified=True),
    rule("US-MS", SALES, {"mon-sat": "8-20"}, "Miss. Code 77-3-723(1)", zone=CHI, clocks=[-6]),
    rule("US-MS.local", SALES, {"mon-sat": "8-20"}, "Miss. Code 77-3-723(1)", zone=CHI),
    rule("US-NE.prerecorded", ROBOT, {"mon-sat": "8-21", "sun": "13-21"},
         "Neb. Rev. Stat. 86-248(1)(a); 291 Neb. Admin. Code ch. 11 s.003", zone=CHI, holidays={"US-federal": "13-21"}),
    rule("US-NM", SALES, {EVERY: "9-21"}, "NMSA 57-12-22(B)(5)", zone=DEN),
    rule("US-NV", SALES, {EVERY: "9-20"}, "NRS 598.0918(3)", zone=LA),
    rule("US-OK", SALES, {EVERY: "8-20"}, "15 O.S. 775C.4", zone=CHI, since="2022-11-01",
         free=["contract", "transaction"]),
    rule("US-OK.adad", ROBOT, {EVERY: "9-21"}, "15 O.S. 755.1(C)(2)(a)", zone=CHI),
    rule("US-OR", SALES, {EVERY: "8-20"}, "ORS 646.563(1)(b)", zone=LA, since="2026-01-01", free=["business"]),
    rule("US-PA.holidays", SALES, {EVERY: "8-21"}, "73 P.S. 2245(a)(1), (a)(10) (Act 73 of 2019)",
         since="2019-12-03", holidays={"US-PA": ""}, free=["transaction<12m", "nonprofit", "political"]),
    rule("US-PA.sb992", SALES, {"mon-sat": "9-19"}, "73 P.S. 2245(a)(1), (a)(10) as amended by Act 47 of 2026",
         since="2026-10-18", holidays={"US-PA": ""}),
    rule("US-RI", SALES, {"mon-fri": "9-18", "sat": "10-17"}, "R.I. Gen. Laws 5-61-2(2), 5-61-3.6(a)",
         holidays={"US-RI": ""}),
    rule("US-SD.automated", ROBOT, {"mon-fri": "9-21"}, "SDCL 37-30-28", zone=CHI, clocks=[CHI, DEN]),
    rule("US-SD.live", ["sales"], {"mon-sat": "9-21"}, "SDCL 37-30A-3(2)", zone=CHI, unverified=True),
    rule("US-TX", SALES, TEXAS, "Tex. Bus. & Com. Code 301.051(b)(2)", zone=CHI, after_start=True,
         free=["consent", "contract", "transaction"]),
    rule("US-UT", SALES, {"mon-sat": "8-21"}, "Utah Code 13-25a-103(3)", zone=DEN, holidays={"US-UT": ""},
         free=["consent"]),
    rule("US-WA", LIVE_AND_GIFTS, {EVERY: "8-20"}, "RCW 19.158.040(2)", zone=LA, since="2022-06-09"),
    rule("US-WA.collections", DEBT, {EVERY: "7:30-21"}, "RCW 19.16.250(13)", zone=LA, channels=ALL),
    rule("US-WY", SALES, {EVERY: "8-20"}, "Wyo. Stat. 40-12-302(d)", zone=DEN,
         free=["consent", "contract", "transaction"]),
]

CAPS = [
    cap("US.regf.7in7", DEBT, "12 CFR 1006.14(b)(2)-(4)", place="US-GA", limits=[(7, "days", 7)],
        rest=[("conversation", "days", 7)], by_matter=True),
    cap("US.tcpa.exempt-prerecorded", ["research", "fundraising"], "47 CFR 64.1200(a)(3)(ii)-(v)", place="US-GA",
        limits=[(3, "days", 30)], free=["consent"], since="2023-07-20"),
    cap("US-FL.cap", SALES, "Fla. Stat. 501.616(6)(b)", channels=PHONE, limits=[(3, "hours", 24)], by_matter=True,
        since="2021-07-01"),
    cap("US-MA.collections", DEBT, "940 CMR 7.04(1)(f)", channels=ALL, limits=[(2, "days", 7)], by_matter=True),
    cap("US-MD.cap", SALES, "Md. Code, Com. Law 14-4502(c)(2)", channels=PHONE, limits=[(3, "hours", 24)],
        by_matter=True, since="2024-01-01"),
    cap("US-ME.automated.cap", ROBOT, "10 M.R.S. 1498(3)", channels=PHONE, limits=[(1, "hours", 8)],
        counts="answered"),
    cap("US-OK.cap", SALES, "15 O.S. 775C.4", channels=PHONE, limits=[(3, "hours", 24)], by_matter=True, zone=CHI,
        since="2022-11-01"),
    cap("US-OR.cap", SALES, "ORS 646.563(1)(b), 646.561(4)(b)(C)", channels=PHONE, limits=[(3, "hours", 24)], zone=LA,
        free=["transaction<18m", "business"], since="2026-01-01"),
    cap("US-WA.collections.cap", DEBT, "RCW 19.16.250(12)", channels=ALL, limits=[(3, "days", 7)], zone=LA),
]
