//! What ended a run early.

use std::sync::Mutex;

use core_compliance::ports::{PortFailure, mask_numbers};

use crate::sync::lock;

/// What ended the run early. A source that fails stops the reading alone: what was read is still worked on.
#[derive(Default)]
pub(super) struct Failures {
    source: Mutex<Option<PortFailure>>,
    sending: Mutex<Option<PortFailure>>,
}

impl Failures {
    /// Nothing more can be read.
    pub(super) fn of_source(&self, failure: PortFailure) {
        lock(&self.source).get_or_insert(failure);
    }

    /// Nothing more may be sent: the tenant, the records or the footing of the run have failed.
    pub(super) fn of_sending(&self, failure: PortFailure) {
        lock(&self.sending).get_or_insert(failure);
    }

    pub(super) fn sending_ended(&self) -> bool {
        lock(&self.sending).is_some()
    }

    pub(super) fn any(&self) -> bool {
        self.sending_ended() || lock(&self.source).is_some()
    }

    pub(super) fn first(&self) -> Option<PortFailure> {
        let failure = lock(&self.sending).take().or_else(|| lock(&self.source).take())?;
        // It may quote the tenant's words, and these a contact.
        Some(PortFailure {
            message: mask_numbers(&failure.message),
            ..failure
        })
    }
}
