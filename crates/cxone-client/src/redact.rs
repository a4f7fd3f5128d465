//! What of a server's text may be shown: one line, short, free of our secrets.

use std::collections::VecDeque;
use std::sync::Mutex;

use url::form_urlencoded::byte_serialize;

use crate::secret::{AccessToken, ClientId, ClientSecret, REDACTED};
use crate::sync::lock;

/// The most characters of a server's text that are quoted.
const LONGEST_QUOTE: usize = 200;

/// The tokens remembered for redaction: the current one, and those that an answer under way may still echo.
const TOKENS_REMEMBERED: usize = 4;

/// Knows the secrets of a client, in order to keep them out of every text that is shown.
#[derive(Debug)]
pub(crate) struct Redactor {
    id: ClientId,
    secret: ClientSecret,
    tokens: Mutex<VecDeque<AccessToken>>,
}

impl Redactor {
    pub(crate) fn new(id: ClientId, secret: ClientSecret) -> Self {
        Self {
            id,
            secret,
            tokens: Mutex::default(),
        }
    }

    /// Keeps this token, too, out of texts from now on.
    pub(crate) fn learn(&self, token: &AccessToken) {
        let mut tokens = lock(&self.tokens);
        if tokens.len() == TOKENS_REMEMBERED {
            tokens.pop_front();
        }
        tokens.push_back(token.clone());
    }

    /// A server's (or a transport's) text as it may be shown: control characters become spaces, secrets
    /// `[redacted]`, and what follows the first 200 characters an ellipsis.
    pub(crate) fn quote(&self, text: &str) -> String {
        // Before redaction, or a secret broken by a line end would slip through; bounded, for bodies may be large.
        let stripped: String = text
            .chars()
            .filter(|c| !c.is_control() || c.is_whitespace())
            .take(1 << 16)
            .collect();
        let one_line = stripped.split_whitespace().collect::<Vec<_>>().join(" ");
        truncated(&self.redacted(one_line))
    }

    fn redacted(&self, mut text: String) -> String {
        let mut hide = |secret: &str| {
            let encoded: String = byte_serialize(secret.as_bytes()).collect();
            for form in [secret, &encoded] {
                if text.contains(form) {
                    text = text.replace(form, REDACTED);
                }
            }
        };
        hide(self.secret.expose());
        // A shorter one is part of ordinary words, and no secret worth the garbling.
        if self.id.expose().len() >= 8 {
            hide(self.id.expose());
        }
        for token in lock(&self.tokens).iter() {
            hide(token.expose());
        }
        text
    }
}

fn truncated(text: &str) -> String {
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn redactor() -> Redactor {
        let redactor = Redactor::new(
            ClientId::new("client-0123").unwrap(),
            ClientSecret::new("p&ss word").unwrap(),
        );
        redactor.learn(&AccessToken::new("tok-1".into()));
        redactor.learn(&AccessToken::new("tok-2".into()));
        redactor
    }

    #[test]
    fn secrets_and_all_recent_tokens_are_replaced_in_plain_and_encoded_form() {
        assert_eq!(
            redactor().quote("client-0123, secret p&ss word, form p%26ss+word, tokens tok-1 and tok-2"),
            "[redacted], secret [redacted], form [redacted], tokens [redacted] and [redacted]"
        );
        assert_eq!(
            redactor().quote("p&ss\r\nword, tok\u{0}-1"),
            "[redacted], [redacted]"
        );
    }

    #[test]
    fn quotes_are_one_short_line() {
        assert_eq!(redactor().quote(" a\r\n\tb\u{1b}[31m "), "a b[31m");
        let quote = redactor().quote(&"é".repeat(500));
        assert_eq!(quote.chars().count(), 201);
        assert!(quote.ends_with('…'));
        assert_eq!(redactor().quote(&"x".repeat(200)), "x".repeat(200));
        // A secret across the cut is replaced before the cut.
        assert!(
            !redactor()
                .quote(&format!("{}tok-1", "x".repeat(198)))
                .contains("to")
        );
    }

    #[test]
    fn old_tokens_are_forgotten_only_after_several_newer_ones() {
        let redactor = redactor();
        for n in 3..=5 {
            redactor.learn(&AccessToken::new(format!("tok-{n}")));
        }
        assert_eq!(redactor.quote("tok-2 tok-5"), "[redacted] [redacted]");
    }
}
