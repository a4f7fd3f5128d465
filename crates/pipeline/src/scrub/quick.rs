//! Maps that are asked for every row.

use std::collections::HashMap;

use foldhash::fast::FixedState;

/// A map whose hashing is fast and the same in every run.
pub(super) type Quick<K, V> = HashMap<K, V, FixedState>;
