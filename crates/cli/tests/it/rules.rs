//! `curfew rules`: the rulebook in use, read, checked and compared.

use insta::assert_snapshot;

use crate::kit::{curfew, shown};

/// Closes Florida's Saturdays.
const SATURDAYS: &str = r#"
[[rule]]
id = "acme.fl-saturdays"
jurisdiction = "US-FL"
purposes = ["sales"]
hours = "mon-fri,sun 08:00-20:00"
"#;

const RELAXATION: &str = r#"
[[relaxation]]
relaxes = "US-AL"
hours = "mon-sat 08:00-21:00"
reason = "counsel's opinion of 2026-05-04"
author = "j.doe@example.com"
expires = "2027-05-04"
"#;

#[test]
fn everything_is_listed_in_a_table_that_fits_a_hundred_columns() {
    let all = shown("rules list");
    assert!(all.starts_with("exit: 0\n"), "{all}");
    assert!(all.lines().all(|line| line.chars().count() <= 100), "{all}");
    assert_snapshot!(shown("rules list --jurisdiction US-OK"), @"
    exit: 0
    --- stdout
    id          in     status  confidence  hours
    US-OK       US-OK  law     high        08-20
    US-OK.adad  US-OK  law     high        09-21
    US-OK.cap   US-OK  law     high        cap: 3 in 24 h
    2 rules, 1 cap, 0 places without hours of their own
    rulebook 2026.11.1, reviewed on 2026-11-23
    ");
    let own = curfew("rules list --jurisdiction US-FL --rules own.toml").file("own.toml", SATURDAYS);
    assert_snapshot!(own.shown(), @"
    exit: 0
    --- stdout
    id                   in     status    confidence  hours
    US-FL                US-FL  law       high        08-20
    acme.fl-saturdays *  US-FL  practice  -           mon-fri 08-20; sun 08-20
    US-FL.cap            US-FL  law       high        cap: 3 in 24 h
    2 rules, 1 cap, 0 places without hours of their own
    rulebook 2026.11.1+overlay, reviewed on 2026-11-23
    * own, not shipped
    ");
    let unverified = shown("rules list --status unverified");
    assert!(
        unverified
            .lines()
            .any(|line| line.starts_with("US-IN.adad") && line.contains("unverified"))
    );
    assert!(!unverified.contains("US-FL"), "{unverified}");
}

#[test]
fn machines_get_every_field() {
    let (exit, document) = curfew("rules list --format json").json();
    assert_eq!(exit, 0);
    let rules = document["rules"].as_array().unwrap();
    let florida = rules.iter().find(|rule| rule["id"] == "US-FL").unwrap();
    assert_eq!(florida["hours"], "08:00-20:00");
    assert_eq!(florida["citation"], "Fla. Stat. 501.616(6)(a)");
    let lines = shown("rules list --format ndjson");
    assert_eq!(
        lines.lines().filter(|line| line.starts_with('{')).count(),
        rules.len()
    );
}

#[test]
fn every_row_of_the_research_notes_is_listed_with_its_status() {
    let notes = include_str!("../../../../tests/data/rulebook-ids.tsv");
    let (_, document) = curfew("rules list --format json").json();
    let rules = document["rules"].as_array().unwrap();
    let has_status = |rule: &&serde_json::Value| {
        let known = ["law", "self-regulatory", "practice", "unverified", "none"];
        known.contains(&rule["status"].as_str().unwrap())
    };
    let listed: Vec<_> = rules.iter().filter(has_status).collect();
    assert_eq!(listed.len(), rules.len());
    let page = include_str!("../../../../docs/rulebook.md");
    let mut counts = std::collections::BTreeMap::new();
    for row in notes.lines().filter(|line| !line.starts_with('#')) {
        let (kind, id) = row.split_once('\t').unwrap();
        let is_listed = match kind {
            "jurisdiction" => listed.iter().any(|rule| rule["jurisdiction"] == id),
            "calendar" => page.contains(id),
            kind => listed.iter().any(|rule| rule["id"] == id && rule["kind"] == kind),
        };
        assert!(is_listed, "{row}");
        *counts.entry(kind).or_insert(0) += 1;
    }
    let expected = [("calendar", 25), ("cap", 21), ("jurisdiction", 101), ("rule", 64)];
    assert_eq!(counts.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn a_rule_is_explained_whole() {
    assert_snapshot!(shown("rules explain us-fl --at 2026-06-10"), @r#"
    exit: 0
    --- stdout
    US-FL: Florida's hours for telephone sales calls
      kind            rule, shipped
      jurisdiction    US-FL Florida
      purposes        sales
                      sales_automated
      channels        voice
                      text
      hours           every day 08:00-20:00, local time
      unless          with express consent
                      with a contract in progress
                      after a purchase or payment of the callee
                      after an inquiry of the callee
      effective from  2021-07-01
      status          law
      confidence      high
      citation        Fla. Stat. 501.616(6)(a)
      text            "before 8 a.m. or after 8 p.m. local time in the called person's time zone"
      source          http://www.lawserver.com/law/state/florida/statutes/florida_statutes_501-616
      note            Exempt: an express request, an existing debt or contract, a prior or existing
                      business relationship (whatever its age). The exempt sellers of s. 501.604 are not
                      modelled. Section 501.059: a Florida area code raises a rebuttable presumption of
                      a Florida resident.
    "#);
    let alabama = shown("rules explain US-AL --at 2026-06-10");
    assert!(
        alabama.contains("12-25 Christmas Day") && alabama.contains("US-AL 2027: "),
        "{alabama}"
    );
    assert_snapshot!(shown("rules explain US-F"), @"
    exit: 2
    --- stderr
    error: `US-F` is not in the rulebook; did you mean US-FL, US-FL.cap?
    ");
    assert_snapshot!(shown("rules explain atlantis"), @"
    exit: 2
    --- stderr
    error: `atlantis` is not in the rulebook; `curfew rules list` shows all ids
    ");
}

#[test]
fn a_place_is_shown_with_all_that_governs_there() {
    assert_snapshot!(shown("rules show US-PA --at 2026-12-25"), @"
    exit: 0
    --- stdout
    US-PA Pennsylvania, in US United States
    Friday 2026-12-25, sales voice, local time:
      America/New_York               closed (Christmas Day)

    US-PA.holidays (law, confidence high)
      title           Pennsylvania's ban on telemarketing on legal holidays
      hours           every day 08:00-21:00
      purposes        sales, sales_automated
      channels        voice, text
      holidays        a day of US-PA: no calls
      unless          after a purchase or payment of the callee made at most 12 months before; or by a
                      nonprofit caller; or by a political caller
      in force        from 2019-12-03
      citation        73 P.S. 2245(a)(1), (a)(10) (Act 73 of 2019)

    US-PA.sb992 (law, confidence high)
      title           Pennsylvania's hours for telemarketing since October 2026
      hours           Monday to Saturday 09:00-19:00; never on Sunday
      purposes        sales, sales_automated
      channels        voice, text
      holidays        a day of US-PA: no calls
      in force        from 2026-10-18
      citation        73 P.S. 2245(a)(1), (a)(10) as amended by Act 47 of 2026 (SB 992)

    US.regf (law, confidence high)
      title           Federal hours for debt collectors (Regulation F)
      hours           every day 08:00-21:00
      purposes        collections
      channels        voice, text, email
      unless          with express consent
      citation        12 CFR 1006.6(b)(1)(i), (b)(4); comment 6(b)(1)(i)

    US.tcpa (law, confidence high)
      title           Federal hours for telephone solicitations (TCPA)
      hours           every day 08:00-21:00
      purposes        sales, sales_automated
      channels        voice, text
      unless          with express consent; or after a purchase or payment of the callee made at most 18
                      months before; or after an inquiry of the callee made at most 3 months before; or
                      by a nonprofit caller
      citation        47 CFR 64.1200(c)(1), (e), (f)(15); 47 U.S.C. 227(a)(4)

    US.tsr (law, confidence high)
      title           Federal hours for telemarketing (Telemarketing Sales Rule)
      hours           every day 08:00-21:00
      purposes        sales, sales_automated, fundraising
      channels        voice
      unless          with express consent; or to a business
      citation        16 CFR 310.4(c); business calls: 310.6(b)(7)

    US.regf.7in7 (law, confidence high)
      title           Seven calls in seven days about a debt (Regulation F)
      purposes        collections
      channels        voice
      limits          at most 7 in 7 consecutive calendar days
      cooldowns       after a conversation: none for 7 calendar days, of which the day itself is the
                      first
      counts          every attempt, separately for each matter
      citation        12 CFR 1006.14(b)(2)-(4)

    US.tcpa.exempt-prerecorded (law, confidence high)
      title           Three exempt calls in thirty days (TCPA; taken for recorded)
      purposes        research, fundraising
      channels        voice
      limits          at most 3 in 30 consecutive calendar days
      counts          every attempt
      unless          with express consent
      in force        from 2023-07-20
      citation        47 CFR 64.1200(a)(3)(ii)-(v)

    The rulebook gives no hours for research, informational by voice: the house hours decide.
    ");
    let date = |args: &str| {
        let shown = shown(&format!("rules show {args}"));
        shown.lines().skip(3).take(2).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(date("FR --at 2026-12-24"), @"
    Thursday 2026-12-24, sales voice, local time:
      Europe/Paris                   closed, without the facts that FR.optin requires
    ");
    assert_snapshot!(date("US-FL --at 2026-12-24"), @"
    Thursday 2026-12-24, sales voice, local time:
      America/New_York               08:00-20:00
    ");
    assert_snapshot!(shown("rules show JP"), @"
    exit: 0
    --- stdout
    JP Japan

    JP.collections (law, confidence high)
      title           Japan's hours for lenders' collection calls
      hours           every day 08:00-21:00
      purposes        collections
      channels        voice, text, email
      citation        Money Lending Business Act art. 21(1)(i), Enforcement Regulation r.19(1): 21:00 to
                      08:00

    The rulebook gives no hours for sales, sales_automated, fundraising, research, informational by
    voice: the house hours decide.
    ");
    assert_snapshot!(shown("rules show US-FLA"), @"
    exit: 2
    --- stderr
    error: `US-FLA` is not a known jurisdiction; write ISO codes such as `US-FL` or `GB`
    ");
    assert_snapshot!(shown("rules show US-FL --at tomorrow"), @"
    exit: 2
    --- stderr
    error: invalid value 'tomorrow' for '--at <DATE>': `tomorrow` is not a date; write it as 2026-12-25

    For more information, try '--help'.
    ");
}

#[test]
fn the_shipped_rulebook_is_clean() {
    assert_snapshot!(shown("rules lint --at 2026-10-01"), @"
    exit: 0
    --- stdout
    clean: rulebook 2026.11.1, reviewed on 2026-11-23, judged as of 2026-10-01
    ");
    // What is only to be noted leaves the exit code alone.
    assert_snapshot!(shown("rules lint --at 2026-12-01"), @"
    exit: 0
    --- stdout
    note     ID-decreed: calendar-ends-soon: its days after 2026-12-31 are not known yet; until they
             are, those dates are prohibited
    note     TH-decreed: calendar-ends-soon: its days after 2026-12-31 are not known yet; until they
             are, those dates are prohibited
    clean, 2 to note: rulebook 2026.11.1, reviewed on 2026-11-23, judged as of 2026-12-01
    ");
}

#[test]
fn relaxations_are_named_with_who_answers_for_them() {
    let lint = |at: &str| {
        curfew(&format!("rules lint --rules own.toml --at {at}"))
            .file("own.toml", RELAXATION)
            .shown()
    };
    assert_snapshot!(lint("2026-10-01"), @"
    exit: 4
    --- stdout
    warning  US-AL: relaxation: relaxed to Monday to Saturday 08:00-21:00; never on Sunday until
             2027-05-04 by j.doe@example.com, because of: counsel's opinion of 2026-05-04
    0 errors, 1 warning, 0 to note: rulebook 2026.11.1+overlay, reviewed on 2026-11-23, judged as of
    2026-10-01
    ");
    assert!(lint("2027-05-04").contains("error    US-AL: relaxation-expired"));
    let (exit, document) = curfew("rules lint --rules own.toml --at 2026-10-01 --format json")
        .file("own.toml", RELAXATION)
        .json();
    assert_eq!(
        (exit, &document["findings"][0]["code"]),
        (4, &"relaxation".into())
    );
}

#[test]
fn a_comparison_tells_which_hours_close() {
    let diff = curfew("rules diff shipped own.toml --at 2026-06-01").file("own.toml", SATURDAYS);
    assert_snapshot!(diff.shown(), @"
    exit: 0
    --- stdout
    old  shipped: rulebook 2026.11.1 ([sha256])
    new  own.toml: rulebook 2026.11.1+overlay ([sha256])
    + rule acme.fl-saturdays added
        jurisdiction  US-FL
        purposes      sales
        hours         mon-fri 08:00-20:00; sun 08:00-20:00
        status        practice
    hours, sales voice, 2026-06-01T00:00:00Z to 2027-06-01T00:00:00Z, local time:
      US-FL Florida: America/New_York, America/Chicago
        closes 624 h: Sat 08:00-20:00 (52 days)
    hours, collections voice, 2026-06-01T00:00:00Z to 2027-06-01T00:00:00Z, local time: the same
          everywhere
    ");
    let (exit, document) =
        curfew("rules diff own.toml shipped --at 2026-06-01 --purpose sales --format json")
            .file("own.toml", SATURDAYS)
            .json();
    assert_eq!((exit, &document["changes"][0]["change"]), (0, &"removed".into()));
    let florida = &document["hours"]["differences"][0];
    assert_eq!(
        (&florida["opens_s"], &florida["closes_s"]),
        (&(624 * 3_600).into(), &0.into())
    );
    assert_eq!(florida["opens"].as_array().map(Vec::len), Some(52));
    assert_eq!(florida["opens"][0]["open"], "2026-06-06T12:00:00Z");
}

#[test]
fn a_folder_of_rulebook_files_is_compared() {
    let book = concat!(env!("CARGO_MANIFEST_DIR"), "/../core-compliance/rulebook");
    let same = curfew("rules diff --at 2026-06-01 shipped").arg(book).shown();
    assert!(
        same.contains("the rules are the same") && same.contains("sales voice"),
        "{same}"
    );
    let head = "[rulebook]\nversion = \"1\"\nreviewed_on = 2026-06-01\n";
    let rule = "[[rule]]\nid = \"NZ\"\njurisdiction = \"NZ\"\ntitle = \"t\"\nhours = \"09:00-18:00\"\ncitation = \"c\"\nsource = \"s\"\nconfidence = \"low\"\n";
    let later = rule.replace("18:00", "19:00");
    let diff = curfew("rules diff old new --at 2026-06-01 --purpose sales")
        .file("old/book.toml", format!("{head}{rule}"))
        .file("new/book.toml", format!("{head}{later}"));
    assert_snapshot!(diff.shown(), @"
    exit: 0
    --- stdout
    old  old: rulebook 1 ([sha256])
    new  new: rulebook 1 ([sha256])
    ~ rule NZ changed
        hours         - 09:00-18:00
                      + 09:00-19:00
    hours, sales voice, 2026-06-01T00:00:00Z to 2027-06-01T00:00:00Z, local time:
      NZ New Zealand: Pacific/Auckland, Pacific/Chatham
        opens  365 h: every day 18:00-19:00 (365 days)
    ");
    assert_snapshot!(shown("rules diff shipped nothing.toml"), @"
    exit: 2
    --- stderr
    error: NEW: nothing.toml: cannot be read: No such file or directory (os error 2)
    ");
}

#[test]
fn the_page_says_what_it_is() {
    let page = shown("rules document");
    assert!(
        page.contains("**This is not legal advice.**") && page.contains("\n## Florida (US-FL)\n"),
        "{page}"
    );
}
