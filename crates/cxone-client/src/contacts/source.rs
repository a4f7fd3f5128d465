//! Reads the tenant's contacts, page by page, one page ahead.

use core_compliance::ports::{ContactSource, PortFailure, Reading};
use tokio::task::JoinSet;
use tracing::Instrument;

use super::fetch;
use super::listing::{Fetched, Listing, Want, Wanted};
use crate::client::CxoneClient;
use crate::error::ClientError;

/// The contacts of a tenant, as [`ContactSource`]. While one page is handed out, the next is fetched, and never more
/// than that: reading waits for whoever uses the contacts.
///
/// Follows the listing past empty and missing pages; ends with [`ClientError::BrokenListing`] when it leads in a circle;
/// begins anew when a page token expires, without returning anything twice. A contact without `externalId` is returned
/// as it is. Once it failed, it goes on failing the same way.
#[derive(Debug)]
pub struct CxoneContactSource {
    client: CxoneClient,
    listing: Listing,
    /// The one page under way; dropping the source ends it.
    ahead: JoinSet<Result<Fetched, ClientError>>,
}

impl CxoneContactSource {
    pub(crate) fn new(client: CxoneClient) -> Self {
        Self {
            client,
            listing: Listing::new(),
            ahead: JoinSet::new(),
        }
    }

    fn fetch_ahead(&mut self) {
        if let (true, Want::Page(wanted)) = (self.ahead.is_empty(), self.listing.want()) {
            self.ahead
                .spawn(fetch(self.client.clone(), wanted.clone()).in_current_span());
        }
    }
}

impl ContactSource for CxoneContactSource {
    async fn next(&mut self) -> Result<Option<Reading>, PortFailure> {
        loop {
            self.fetch_ahead();
            if let Some(reading) = self.listing.next_reading() {
                return Ok(Some(reading));
            }
            match self.listing.want() {
                Want::Nothing => return Ok(None),
                Want::Failed(error) => return Err(error.clone().into()),
                Want::Page(Wanted { number, .. }) => {
                    let page = *number;
                    // Safe to be cancelled: the page stays under way.
                    match self.ahead.join_next().await {
                        Some(Ok(Ok(fetched))) => self.listing.accept(fetched),
                        Some(Ok(Err(error))) => self.listing.fail(error),
                        Some(Err(error)) => {
                            let problem = format!("reading it was cut off: {error}");
                            self.listing.fail(ClientError::BrokenListing { page, problem });
                        }
                        None => {}
                    }
                }
            }
        }
    }
}
