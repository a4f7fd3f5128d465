//! Adapters to a state directory on this machine: the decision log, what a run has settled, what is deferred, and the
//! ledger of attempts.
