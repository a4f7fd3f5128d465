//! The simulator from the outside: its contract, its faults, its port.
#![cfg(test)]

mod contract;
mod faults;
mod tcp;
mod tenant;
