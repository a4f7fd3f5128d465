//! What to do after each send of one request: the pure heart of the retry layer.

use std::time::Duration;

use crate::retry::classify::Verdict;

/// A token that had worked before may be revoked under several sends in a row; a server that revokes without end is
/// left after this many.
const MOST_REFUSALS: u32 = 5;

/// What happened to one request so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Sends that reached the transport.
    pub(crate) sends: u32,
    /// Those of them that count against the request.
    pub(crate) charged: u32,
    throttlings: u32,
    /// Refused tokens in a row.
    refusals: u32,
    /// Whether an earlier send may have had its effect although it failed.
    pub(crate) ambiguous: bool,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// The answer settles it.
    Finish,
    /// Send again, after our backoff for retry number `retry` and no earlier than the server asked.
    Retry { retry: u32, asked: Option<Duration> },
    /// Send again when the tenant permits: nobody's fault, so this may go on for as long as the run is patient.
    Throttle {
        throttlings: u32,
        asked: Option<Duration>,
    },
    /// Send again with a new token.
    NewToken,
    /// Tried often enough.
    GiveUp,
    /// A new token was refused as well.
    TokenRefused,
    /// Nothing that this server says can be trusted.
    Distrust,
}

/// The circumstances of a send that its verdict does not know.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Circumstances {
    /// The most charged sends.
    pub(crate) most_sends: u32,
    /// The request is to be tried beyond that: a page of a listing has no second pass.
    pub(crate) stubborn: bool,
    /// The refused token had been accepted before.
    pub(crate) token_had_worked: bool,
}

impl Tally {
    /// Counts a send that ended so, and decides.
    pub(crate) fn next(&mut self, verdict: Verdict, given: Circumstances) -> Step {
        self.sends = self.sends.saturating_add(1);
        if verdict != Verdict::Unauthorized {
            self.refusals = 0;
        }
        match verdict {
            Verdict::Success | Verdict::Final => Step::Finish,
            Verdict::Throttled { retry_after } => {
                self.throttlings = self.throttlings.saturating_add(1);
                Step::Throttle {
                    throttlings: self.throttlings,
                    asked: retry_after,
                }
            }
            Verdict::Transient {
                retry_after,
                ambiguous,
            } => {
                self.ambiguous |= ambiguous;
                self.charged = self.charged.saturating_add(1);
                if self.charged >= given.most_sends && !given.stubborn {
                    return Step::GiveUp;
                }
                Step::Retry {
                    retry: self.charged,
                    asked: retry_after,
                }
            }
            Verdict::Unauthorized => {
                self.refusals += 1;
                // A second refusal in a row of a token fresh from the endpoint cannot be chance. One of a token that
                // worked for others is: it was revoked between their send and this one.
                let chance = given.token_had_worked && self.refusals < MOST_REFUSALS;
                if self.refusals >= 2 && !chance {
                    Step::TokenRefused
                } else {
                    Step::NewToken
                }
            }
            Verdict::TooLarge => {
                self.ambiguous = true;
                Step::GiveUp
            }
            Verdict::Untrusted => Step::Distrust,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRANSIENT: Verdict = Verdict::Transient {
        retry_after: None,
        ambiguous: false,
    };

    fn given() -> Circumstances {
        Circumstances {
            most_sends: 3,
            stubborn: false,
            token_had_worked: false,
        }
    }

    #[test]
    fn transient_endings_are_charged_until_the_limit() {
        let mut tally = Tally::default();
        assert_eq!(
            tally.next(TRANSIENT, given()),
            Step::Retry {
                retry: 1,
                asked: None
            }
        );
        assert_eq!(
            tally.next(TRANSIENT, given()),
            Step::Retry {
                retry: 2,
                asked: None
            }
        );
        assert_eq!(tally.next(TRANSIENT, given()), Step::GiveUp);
        assert_eq!((tally.sends, tally.ambiguous), (3, false));
    }

    #[test]
    fn throttling_is_never_charged() {
        let mut tally = Tally::default();
        for n in 1..=1000 {
            let step = tally.next(Verdict::Throttled { retry_after: None }, given());
            assert_eq!(
                step,
                Step::Throttle {
                    throttlings: n,
                    asked: None
                }
            );
        }
        assert_eq!(
            tally.next(TRANSIENT, given()),
            Step::Retry {
                retry: 1,
                asked: None
            }
        );
    }

    #[test]
    fn a_stubborn_request_goes_on() {
        let mut tally = Tally::default();
        for n in 1..=50 {
            let step = tally.next(
                TRANSIENT,
                Circumstances {
                    stubborn: true,
                    ..given()
                },
            );
            assert_eq!(
                step,
                Step::Retry {
                    retry: n,
                    asked: None
                }
            );
        }
    }

    #[test]
    fn the_second_refusal_in_a_row_ends_it() {
        let mut tally = Tally::default();
        assert_eq!(tally.next(Verdict::Unauthorized, given()), Step::NewToken);
        assert_eq!(tally.next(Verdict::Unauthorized, given()), Step::TokenRefused);

        let mut tally = Tally::default();
        assert_eq!(tally.next(Verdict::Unauthorized, given()), Step::NewToken);
        assert_eq!(
            tally.next(TRANSIENT, given()),
            Step::Retry {
                retry: 1,
                asked: None
            }
        );
        assert_eq!(tally.next(Verdict::Unauthorized, given()), Step::NewToken);
    }

    #[test]
    fn tokens_revoked_while_they_worked_are_renewed_a_few_times() {
        let mut tally = Tally::default();
        let given = Circumstances {
            token_had_worked: true,
            ..given()
        };
        for _ in 1..MOST_REFUSALS {
            assert_eq!(tally.next(Verdict::Unauthorized, given), Step::NewToken);
        }
        assert_eq!(tally.next(Verdict::Unauthorized, given), Step::TokenRefused);
    }

    #[test]
    fn the_rest_is_settled_at_once() {
        for (verdict, step) in [
            (Verdict::Success, Step::Finish),
            (Verdict::Final, Step::Finish),
            (Verdict::TooLarge, Step::GiveUp),
            (Verdict::Untrusted, Step::Distrust),
        ] {
            assert_eq!(Tally::default().next(verdict, given()), step);
        }
    }

    #[test]
    fn ambiguity_is_remembered() {
        let mut tally = Tally::default();
        tally.next(
            Verdict::Transient {
                retry_after: None,
                ambiguous: true,
            },
            given(),
        );
        tally.next(TRANSIENT, given());
        assert!(tally.ambiguous);
    }
}
