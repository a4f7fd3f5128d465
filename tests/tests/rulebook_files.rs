//! Every file of the rulebook is embedded in the crate.

#[test]
fn every_file_is_embedded() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../crates/core-compliance");
    let source = std::fs::read_to_string(format!("{folder}/src/rulebook/shipped.rs")).unwrap();
    let mut count = 0;
    for file in std::fs::read_dir(format!("{folder}/rulebook")).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        assert!(
            source.contains(&format!("\"{name}\"")),
            "add `{name}` to `files!` in shipped.rs"
        );
        count += 1;
    }
    assert!(count > 25, "{count} files");
}
