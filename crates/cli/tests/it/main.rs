//! The binary as its users meet it: exit code, stdout, stderr.
//!
//! Snapshots are inline; `cargo insta test --accept -p cli` takes over what it now says. Read the diff.
#![cfg(test)]

mod kit;

mod attempts;
mod check;
mod check_facts;
mod check_input;
mod demo;
mod formats;
mod general;
mod log;
mod rules;
mod scrub;
mod secrets;
mod settings;
mod simulate;
mod suppress;
mod sync;
mod sync_ends;
mod sync_from;
mod sync_records;
mod sync_refusals;
mod tzdata;
mod windows;
mod zones;
