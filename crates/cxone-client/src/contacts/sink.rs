//! Hands contacts over to the tenant, one upsert each.

use core_compliance::Instant;
use core_compliance::ports::{ContactRecord, ContactSink, Delivery, PortFailure};
use http::StatusCode;
use serde_json::Value;

use super::UPSERT;
use crate::client::CxoneClient;
use crate::error::ClientError;
use crate::middleware::CallError;
use crate::middleware::send_deadline::Deadline;
use crate::request;
use crate::response::object;
use crate::transport::Response;

/// The tenant's campaign, as [`ContactSink`]. Use it from as many tasks as there may be sends under way at once: at 50
/// requests per second and 300 ms of latency, 15 and some.
///
/// Sends are repeated only because the contract's upsert by `externalId` is idempotent: a contact without one is
/// rejected here, unsent. A contact that passed its deadline after a send of unknown outcome is
/// [`Delivery::NotDelivered`], not [`Delivery::Withheld`].
#[derive(Clone, Debug)]
pub struct CxoneContactSink {
    client: CxoneClient,
}

impl CxoneContactSink {
    pub(crate) fn new(client: CxoneClient) -> Self {
        Self { client }
    }

    async fn send(
        &self,
        contact: &ContactRecord,
        deadline: Option<Instant>,
    ) -> Result<Delivery, ClientError> {
        if contact.external_id().is_none() {
            let reason = "it has no externalId, by which alone it can be sent without doubling it".to_owned();
            return Ok(Delivery::Rejected { reason });
        }
        let mut request = match request::upsert(contact) {
            Ok(request) => request,
            Err(error) => {
                return Ok(Delivery::Rejected {
                    reason: format!("it cannot be written as JSON: {error}"),
                });
            }
        };
        if let Some(deadline) = deadline {
            request.extensions_mut().insert(Deadline(deadline));
        }
        match self.client.call(request).await {
            Ok(response) => self.read(&response),
            Err(CallError::Withheld) => Ok(Delivery::Withheld),
            Err(CallError::GaveUp { reason, sends }) => Ok(Delivery::NotDelivered { reason, sends }),
            Err(CallError::Run(error)) => Err(error),
        }
    }

    fn read(&self, response: &Response) -> Result<Delivery, ClientError> {
        let answer = || self.client.describe(response);
        match response.status() {
            StatusCode::CREATED => Ok(Delivery::Inserted),
            StatusCode::ACCEPTED => Ok(Delivery::Pending {
                job: job(response.body()),
            }),
            status if status.is_success() => Ok(Delivery::Updated),
            StatusCode::CONFLICT => Ok(Delivery::AlreadyThere),
            status if status.is_redirection() => Err(ClientError::Redirected {
                place: UPSERT,
                answer: answer(),
            }),
            StatusCode::FORBIDDEN => Err(ClientError::ScopeMissing {
                scope: "contacts:write",
                answer: answer(),
            }),
            _ => Ok(Delivery::Rejected { reason: answer() }),
        }
    }
}

impl ContactSink for CxoneContactSink {
    async fn upsert(
        &self,
        contact: &ContactRecord,
        deadline: Option<Instant>,
    ) -> Result<Delivery, PortFailure> {
        Ok(self.send(contact, deadline).await?)
    }
}

/// The number of the job that was begun.
fn job(body: &[u8]) -> String {
    let fields = object(body).unwrap_or_default();
    let named = ["jobId", "job_id", "id"]
        .into_iter()
        .find_map(|field| match fields.get(field)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        });
    named.unwrap_or_else(|| "not named".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_found_under_their_usual_names() {
        for (body, expected) in [
            (r#"{"jobId":"j-1"}"#, "j-1"),
            (r#"{"job_id":17}"#, "17"),
            (r#"{"id":"x"}"#, "x"),
            (r#"{"jobId":null}"#, "not named"),
            ("", "not named"),
        ] {
            assert_eq!(job(body.as_bytes()), expected, "{body}");
        }
    }
}
