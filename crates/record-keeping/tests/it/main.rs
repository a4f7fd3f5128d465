//! State directories on a real disk, through the public interface.
#![cfg(test)]

mod admissions;
mod kit;
mod pruning;
mod runs;
mod tears;
