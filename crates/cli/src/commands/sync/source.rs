//! Where a run reads contacts, again and again if it follows what is deferred.

use core_compliance::ports::{ContactSource, PortFailure, Reading};
use cxone_client::{CxoneClient, CxoneContactSource};
use pipeline::Reopen;

use super::list::{ListFile, ListSource};

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

/// One of the places where contacts are read.
pub(crate) enum Listing<'l> {
    Tenant(TenantListing),
    List(ListFile<'l>),
}

/// One reading of it.
pub(crate) enum Contacts {
    Tenant(Box<CxoneContactSource>),
    List(ListSource),
}

impl Reopen for Listing<'_> {
    type Source = Contacts;

    fn label(&self) -> &str {
        match self {
            Self::Tenant(listing) => listing.label(),
            Self::List(list) => list.label(),
        }
    }

    fn open(&mut self) -> Result<Contacts, PortFailure> {
        Ok(match self {
            Self::Tenant(listing) => Contacts::Tenant(Box::new(listing.open()?)),
            Self::List(list) => Contacts::List(list.open()?),
        })
    }
}

impl ContactSource for Contacts {
    async fn next(&mut self) -> Result<Option<Reading>, PortFailure> {
        match self {
            Self::Tenant(source) => source.next().await,
            Self::List(source) => source.next().await,
        }
    }
}
