//! What ended a run early.

use std::sync::Mutex;

use core_compliance::ports::{PortFailure, PortFailureKind, mask_numbers};

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
        // What comes from this machine names files, whose digits are needed to find them.
        if matches!(
            failure.kind,
            PortFailureKind::Local | PortFailureKind::InUse | PortFailureKind::FootingLost
        ) {
            return Some(failure);
        }
        // Others may quote the tenant's words, and these a contact.
        Some(PortFailure {
            message: mask_numbers(&failure.message),
            ..failure
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_whole_and_contacts_are_not() {
        let shown = |kind| {
            let failures = Failures::default();
            failures.of_sending(PortFailure::new(kind, "000000000001 of +13055550123", "mend it"));
            failures.first().map(|failure| failure.message)
        };
        let whole = "000000000001 of +13055550123".to_owned();
        assert_eq!(shown(PortFailureKind::Local), Some(whole));
        let masked = "0000******01 of +1305*****23".to_owned();
        assert_eq!(shown(PortFailureKind::NotThisApi), Some(masked));
    }
}
