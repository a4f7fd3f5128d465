//! Where a run reads contacts, again and again if it follows what is deferred.

use core_compliance::ports::PortFailure;
use cxone_client::{CxoneClient, CxoneContactSource};
use pipeline::Reopen;

/// The tenant's own listing.
pub(crate) struct TenantListing {
    client: CxoneClient,
    label: String,
}

impl TenantListing {
    pub(crate) fn new(client: CxoneClient, target: &str) -> Self {
        Self {
            client,
            label: label(target, "tenant"),
        }
    }
}

/// The name under which contacts wait that were read here and go there.
pub(crate) fn label(target: &str, source: &str) -> String {
    format!("{source} > {target}")
}

impl Reopen for TenantListing {
    type Source = CxoneContactSource;

    fn label(&self) -> &str {
        &self.label
    }

    fn open(&mut self) -> Result<Self::Source, PortFailure> {
        Ok(self.client.contact_source())
    }
}
