//! The binary as its users meet it: exit code, stdout, stderr.
//!
//! Snapshots are inline; `INSTA_UPDATE=always cargo test -p cli` writes what it now says, `cargo insta accept` takes it over.
#![cfg(test)]

mod kit;

mod check;
mod check_input;
mod demo;
mod formats;
mod general;
mod secrets;
mod settings;
mod simulate;
mod sync;
mod sync_ends;
mod sync_refusals;
mod tzdata;
mod windows;
mod zones;
