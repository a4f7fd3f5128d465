//! How long a run goes on without any success.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

use crate::sync::lock;

/// How long a server is tried that no connection was ever made to: most likely its name is wrong.
const FIRST_CONTACT: Duration = Duration::from_secs(15);
/// A gap without any request after which earlier trouble is forgotten: an idle run does not lose patience.
const IDLE: Duration = Duration::from_secs(30);

/// Measures the time since trouble began, over all requests of a client; any success ends the trouble.
#[derive(Debug)]
pub(crate) struct Patience {
    limit: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    trouble_since: Option<Instant>,
    reached: bool,
    under_way: usize,
    last_active: Option<Instant>,
}

/// Marks a request as under way until dropped.
#[derive(Debug)]
pub(crate) struct UnderWay<'a>(&'a Patience);

/// Which limit was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exhausted {
    /// The patience of the run.
    Patience,
    /// No connection was ever made.
    FirstContact,
}

impl Patience {
    pub(crate) fn new(limit: Duration) -> Self {
        Self {
            limit,
            state: Mutex::default(),
        }
    }

    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }

    /// Notes that a request begins.
    pub(crate) fn begin(&self) -> UnderWay<'_> {
        let now = Instant::now();
        let mut state = lock(&self.state);
        let idle = state
            .last_active
            .is_some_and(|last| now.saturating_duration_since(last) > IDLE);
        if state.under_way == 0 && idle {
            state.trouble_since = None;
        }
        state.under_way += 1;
        UnderWay(self)
    }

    /// Notes that a request came to its end by an answer that settles it.
    pub(crate) fn success(&self) {
        let mut state = lock(&self.state);
        state.trouble_since = None;
        state.reached = true;
    }

    /// Notes that there is a server: it answered, if only to refuse, or a connection to it broke.
    pub(crate) fn reached(&self) {
        lock(&self.state).reached = true;
    }

    /// Notes a failure that is worth a retry, and says how long a retry may still wait.
    ///
    /// # Errors
    /// The limit that was reached.
    pub(crate) fn trouble(&self) -> Result<Duration, Exhausted> {
        let now = Instant::now();
        let mut state = lock(&self.state);
        let since = *state.trouble_since.get_or_insert(now);
        let spent = now.saturating_duration_since(since);
        let (limit, name) = if state.reached || self.limit <= FIRST_CONTACT {
            (self.limit, Exhausted::Patience)
        } else {
            (FIRST_CONTACT, Exhausted::FirstContact)
        };
        if spent >= limit {
            Err(name)
        } else {
            Ok(limit - spent)
        }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        let mut state = lock(&self.0.state);
        state.under_way = state.under_way.saturating_sub(1);
        state.last_active = Some(Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn it_counts_from_the_first_trouble_after_the_last_success() {
        let patience = Patience::new(5 * MINUTE);
        let _under_way = patience.begin();
        advance(10 * MINUTE).await;
        patience.success();
        assert_eq!(patience.trouble(), Ok(5 * MINUTE));
        advance(4 * MINUTE).await;
        assert_eq!(patience.trouble(), Ok(MINUTE));
        patience.success();
        assert_eq!(patience.trouble(), Ok(5 * MINUTE));
        advance(5 * MINUTE).await;
        assert_eq!(patience.trouble(), Err(Exhausted::Patience));
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_was_never_reached_is_given_up_soon() {
        let patience = Patience::new(5 * MINUTE);
        assert_eq!(patience.trouble(), Ok(FIRST_CONTACT));
        advance(FIRST_CONTACT).await;
        assert_eq!(patience.trouble(), Err(Exhausted::FirstContact));
        patience.reached();
        assert_eq!(patience.trouble(), Ok(5 * MINUTE - FIRST_CONTACT));
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_run_loses_no_patience_but_a_busy_one_does() {
        let patience = Patience::new(MINUTE);
        patience.reached();
        drop(patience.begin());
        assert_eq!(patience.trouble(), Ok(MINUTE));
        advance(2 * MINUTE).await;
        let _under_way = patience.begin();
        assert_eq!(patience.trouble(), Ok(MINUTE));
        advance(MINUTE).await;
        drop(patience.begin());
        assert_eq!(patience.trouble(), Err(Exhausted::Patience));
    }
}
