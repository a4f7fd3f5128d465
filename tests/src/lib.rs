//! The acceptance kit.
