//! Tokens: issued to the right client, accepted until they expire or are revoked.

use std::collections::HashMap;
use std::time::Duration;

use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::config::Credentials;

/// How many tokens are remembered before the expired ones are forgotten.
const REMEMBERED: usize = 256;

/// The form of a token request, as sent.
#[derive(Debug, Default, serde::Deserialize)]
pub(crate) struct TokenRequest {
    pub(crate) grant_type: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<String>,
    pub(crate) scope: Option<String>,
}

/// Why no token is issued: status, OAuth code, description.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TokenRefusal {
    pub(crate) status: u16,
    pub(crate) error: &'static str,
    pub(crate) description: String,
}

impl TokenRequest {
    /// The scopes to grant.
    pub(crate) fn judge(
        &self,
        credentials: &Credentials,
        granted: &[String],
    ) -> Result<Vec<String>, TokenRefusal> {
        let refusal = |status, error, description: String| {
            Err(TokenRefusal {
                status,
                error,
                description,
            })
        };
        match self.grant_type.as_deref() {
            Some("client_credentials") => {}
            Some(other) => {
                let description = format!("grant_type `{other}` is not supported; use client_credentials");
                return refusal(400, "unsupported_grant_type", description);
            }
            None => return refusal(400, "invalid_request", "grant_type is missing".to_owned()),
        }
        if self.client_id.as_deref() != Some(credentials.client_id.as_str())
            || self.client_secret.as_deref() != Some(credentials.client_secret.as_str())
        {
            return refusal(401, "invalid_client", "client authentication failed".to_owned());
        }
        let asked: Vec<String> = self
            .scope
            .as_deref()
            .unwrap_or_default()
            .split_whitespace()
            .map(str::to_owned)
            .collect();
        if asked.is_empty() {
            return refusal(403, "insufficient_scope", "no scope was asked for".to_owned());
        }
        match asked.iter().find(|scope| !granted.contains(scope)) {
            Some(refused) => refusal(
                403,
                "insufficient_scope",
                format!("scope `{refused}` is not granted to this client"),
            ),
            None => Ok(asked),
        }
    }
}

struct Token {
    expires: Duration,
    scopes: Vec<String>,
}

/// Why a bearer is refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum BearerRefusal {
    /// No `Authorization: Bearer …`.
    Missing,
    /// Not a token of this tenant, or a revoked one.
    Unknown,
    /// A token whose life is over.
    Expired,
    /// A good token without this scope.
    Scope(&'static str),
}

/// The tokens of the tenant.
pub(crate) struct Tokens {
    rng: ChaCha8Rng,
    issued: HashMap<String, Token>,
}

impl Tokens {
    pub(crate) fn new(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(u64::MAX);
        Self {
            rng,
            issued: HashMap::new(),
        }
    }

    /// A new token, good until `now + life`.
    pub(crate) fn issue(&mut self, now: Duration, life: Duration, scopes: Vec<String>) -> String {
        if self.issued.len() >= REMEMBERED {
            self.issued.retain(|_, token| token.expires > now);
        }
        let text = format!("sim-{:016x}{:016x}", self.rng.next_u64(), self.rng.next_u64());
        self.issued.insert(
            text.clone(),
            Token {
                expires: now.saturating_add(life),
                scopes,
            },
        );
        text
    }

    /// Whether this `Authorization` header opens the door that needs `scope`.
    pub(crate) fn check(
        &self,
        now: Duration,
        authorization: Option<&str>,
        scope: &'static str,
    ) -> Result<(), BearerRefusal> {
        let bearer = authorization
            .and_then(|header| header.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, bearer)| bearer.trim())
            .filter(|bearer| !bearer.is_empty())
            .ok_or(BearerRefusal::Missing)?;
        let token = self.issued.get(bearer).ok_or(BearerRefusal::Unknown)?;
        if token.expires <= now {
            return Err(BearerRefusal::Expired);
        }
        if !token.scopes.iter().any(|granted| granted == scope) {
            return Err(BearerRefusal::Scope(scope));
        }
        Ok(())
    }

    /// Forgets every token.
    pub(crate) fn revoke_all(&mut self) {
        self.issued.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    fn granted() -> Vec<String> {
        vec!["contacts:read".to_owned(), "contacts:write".to_owned()]
    }

    fn request(fields: [Option<&str>; 4]) -> TokenRequest {
        let [grant_type, client_id, client_secret, scope] = fields.map(|field| field.map(str::to_owned));
        TokenRequest {
            grant_type,
            client_id,
            client_secret,
            scope,
        }
    }

    #[test]
    fn only_the_right_request_gets_a_token() {
        let (grant, id, secret) = (Some("client_credentials"), Some("demo"), Some("demo-secret"));
        let both = Some("contacts:write contacts:read");
        for (fields, expected) in [
            ([grant, id, secret, both], Ok(2)),
            ([grant, id, secret, Some("contacts:read")], Ok(1)),
            (
                [Some("password"), id, secret, both],
                Err((400, "unsupported_grant_type")),
            ),
            ([None, id, secret, both], Err((400, "invalid_request"))),
            ([grant, id, Some("wrong"), both], Err((401, "invalid_client"))),
            ([grant, Some("other"), secret, both], Err((401, "invalid_client"))),
            ([grant, None, None, both], Err((401, "invalid_client"))),
            ([grant, id, secret, None], Err((403, "insufficient_scope"))),
            ([grant, id, secret, Some(" ")], Err((403, "insufficient_scope"))),
            (
                [grant, id, secret, Some("contacts:read admin")],
                Err((403, "insufficient_scope")),
            ),
        ] {
            let judged = request(fields).judge(&Credentials::default(), &granted());
            let judged = judged
                .map(|scopes| scopes.len())
                .map_err(|refusal| (refusal.status, refusal.error));
            assert_eq!(judged, expected, "{fields:?}");
        }
    }

    #[test]
    fn a_token_works_until_the_end_of_its_life() {
        let mut tokens = Tokens::new(1);
        let bearer = format!("Bearer {}", tokens.issue(Duration::ZERO, HOUR, granted()));
        let just_before = HOUR - Duration::from_millis(1);
        assert_eq!(tokens.check(just_before, Some(&bearer), "contacts:read"), Ok(()));
        assert_eq!(
            tokens.check(HOUR, Some(&bearer), "contacts:read"),
            Err(BearerRefusal::Expired)
        );
        assert_eq!(
            tokens.check(HOUR, None, "contacts:read"),
            Err(BearerRefusal::Missing)
        );
        for wrong in ["Bearer", "Bearer ", "Basic ZGVtbw=="] {
            assert_eq!(
                tokens.check(HOUR, Some(wrong), "contacts:read"),
                Err(BearerRefusal::Missing),
                "{wrong}"
            );
        }
        assert_eq!(
            tokens.check(HOUR, Some("Bearer x"), "contacts:read"),
            Err(BearerRefusal::Unknown)
        );
        assert_eq!(
            tokens.check(just_before, Some(&bearer.replacen('B', "b", 1)), "contacts:write"),
            Ok(())
        );
        tokens.revoke_all();
        assert_eq!(
            tokens.check(just_before, Some(&bearer), "contacts:read"),
            Err(BearerRefusal::Unknown)
        );
    }

    #[test]
    fn scopes_are_those_asked_for() {
        let mut tokens = Tokens::new(1);
        let bearer = format!(
            "Bearer {}",
            tokens.issue(Duration::ZERO, HOUR, vec!["contacts:read".to_owned()])
        );
        let refused = tokens.check(Duration::ZERO, Some(&bearer), "contacts:write");
        assert_eq!(refused, Err(BearerRefusal::Scope("contacts:write")));
    }

    #[test]
    fn expired_tokens_are_forgotten_in_time() {
        let mut tokens = Tokens::new(1);
        for second in 0..2_000 {
            tokens.issue(Duration::from_secs(second), Duration::from_secs(10), Vec::new());
        }
        assert!(tokens.issued.len() <= REMEMBERED);
    }
}
