//! The settings of a client, validated once.

use std::time::Duration;

use crate::base_url::BaseUrl;
use crate::error::ConfigError;
use crate::secret::{ClientId, ClientSecret};

/// Everything that a [`CxoneClient`](crate::CxoneClient) needs to know. Made by [`CxoneConfig::builder`].
///
/// ```
/// use cxone_client::{BaseUrl, ClientId, ClientSecret, CxoneConfig};
///
/// let config = CxoneConfig::builder(
///     BaseUrl::for_org("acme")?,
///     ClientId::new("0123")?,
///     ClientSecret::new("from the environment, never from a flag")?,
/// )
/// .requests_per_second(40)
/// .build()?;
/// assert_eq!(config.base_url().as_str(), "https://acme.my.cxone.com");
/// # Ok::<(), cxone_client::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct CxoneConfig {
    pub(crate) base_url: BaseUrl,
    pub(crate) client_id: ClientId,
    pub(crate) client_secret: ClientSecret,
    /// 0: unlimited.
    pub(crate) requests_per_second: u32,
    pub(crate) page_size: u32,
    pub(crate) send_timeout: Duration,
    pub(crate) patience: Duration,
    pub(crate) retry: RetryConfig,
    pub(crate) seed: Option<u64>,
}

/// Builds a [`CxoneConfig`]; nothing is checked before [`CxoneConfigBuilder::build`].
#[derive(Clone, Debug)]
#[must_use]
pub struct CxoneConfigBuilder(CxoneConfig);

/// How often, and after which delays, one request is sent again. Throttling (429) is outside these numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryConfig {
    pub(crate) sends: u32,
    pub(crate) base: Duration,
    pub(crate) cap: Duration,
}

impl CxoneConfig {
    /// Requests per second unless set: the quota of a tenant under contract `contacts-v2`.
    pub const DEFAULT_REQUESTS_PER_SECOND: u32 = 50;
    /// Contacts per page unless set: the most that the contract permits.
    pub const DEFAULT_PAGE_SIZE: u32 = 100;
    /// Time for one send and its answer unless set.
    pub const DEFAULT_SEND_TIMEOUT: Duration = Duration::from_secs(30);
    /// Time without any success that a run bears unless set.
    pub const DEFAULT_PATIENCE: Duration = Duration::from_secs(300);

    /// Begins with the address of the tenant and the credentials; the rest has defaults.
    pub fn builder(
        base_url: BaseUrl,
        client_id: ClientId,
        client_secret: ClientSecret,
    ) -> CxoneConfigBuilder {
        CxoneConfigBuilder(Self {
            base_url,
            client_id,
            client_secret,
            requests_per_second: Self::DEFAULT_REQUESTS_PER_SECOND,
            page_size: Self::DEFAULT_PAGE_SIZE,
            send_timeout: Self::DEFAULT_SEND_TIMEOUT,
            patience: Self::DEFAULT_PATIENCE,
            retry: RetryConfig::default(),
            seed: None,
        })
    }

    /// Where the tenant is.
    #[must_use]
    pub fn base_url(&self) -> &BaseUrl {
        &self.base_url
    }
}

impl CxoneConfigBuilder {
    /// The most requests in any sliding second, pages and contacts together: 1 to 1000, or 0 for unlimited. Default 50.
    pub fn requests_per_second(mut self, rate: u32) -> Self {
        self.0.requests_per_second = rate;
        self
    }

    /// Contacts per page: 1 to 100. Default 100.
    pub fn page_size(mut self, contacts: u32) -> Self {
        self.0.page_size = contacts;
        self
    }

    /// The time that one send may take from first byte out to last byte in, waiting for pace excluded: 10 ms to
    /// 10 min. Default 30 s.
    pub fn send_timeout(mut self, timeout: Duration) -> Self {
        self.0.send_timeout = timeout;
        self
    }

    /// How long the run goes on without one success before it ends: 10 ms to 24 h. Default 5 min.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.0.patience = patience;
        self
    }

    /// Number and delays of retries. Default [`RetryConfig::default`].
    pub fn retry(mut self, retry: RetryConfig) -> Self {
        self.0.retry = retry;
        self
    }

    /// Seeds the jitter of delays and the request ids, so that a test repeats itself. Default: from the system.
    pub fn seed(mut self, seed: u64) -> Self {
        self.0.seed = Some(seed);
        self
    }

    /// Checks every value.
    ///
    /// # Errors
    /// [`ConfigError::Rate`], [`ConfigError::PageSize`] and [`ConfigError::Duration`], each naming value and range.
    pub fn build(self) -> Result<CxoneConfig, ConfigError> {
        let config = self.0;
        if config.requests_per_second > 1000 {
            return Err(ConfigError::Rate(config.requests_per_second));
        }
        if !(1..=100).contains(&config.page_size) {
            return Err(ConfigError::PageSize(config.page_size));
        }
        let ten_ms = Duration::from_millis(10);
        within(
            "a send timeout",
            config.send_timeout,
            ten_ms,
            Duration::from_secs(600),
        )?;
        within("a patience", config.patience, ten_ms, Duration::from_secs(86_400))?;
        Ok(config)
    }
}

impl RetryConfig {
    /// At most `sends` sends (1 to 100) of one contact per pass, the first included; before the n-th retry a delay
    /// drawn evenly from zero to `base` · 2ⁿ⁻¹, at most `cap`. `base` and `cap` are 1 ms to 60 s, `base` ≤ `cap`.
    ///
    /// # Errors
    /// [`ConfigError::Sends`], [`ConfigError::Duration`] and [`ConfigError::BaseAboveCap`].
    pub fn new(sends: u32, base: Duration, cap: Duration) -> Result<Self, ConfigError> {
        if !(1..=100).contains(&sends) {
            return Err(ConfigError::Sends(sends));
        }
        let (least, most) = (Duration::from_millis(1), Duration::from_secs(60));
        within("a first retry delay", base, least, most)?;
        within("a longest retry delay", cap, least, most)?;
        if base > cap {
            return Err(ConfigError::BaseAboveCap { base, cap });
        }
        Ok(Self { sends, base, cap })
    }
}

impl Default for RetryConfig {
    /// 20 sends, 100 ms doubling up to 5 s: on average 35 s of trouble are outlasted before the second pass.
    fn default() -> Self {
        Self {
            sends: 20,
            base: Duration::from_millis(100),
            cap: Duration::from_secs(5),
        }
    }
}

fn within(what: &'static str, given: Duration, least: Duration, most: Duration) -> Result<(), ConfigError> {
    if given < least || given > most {
        return Err(ConfigError::Duration {
            what,
            given,
            least,
            most,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn builder() -> CxoneConfigBuilder {
        CxoneConfig::builder(
            BaseUrl::for_org("acme").unwrap(),
            ClientId::new("id").unwrap(),
            ClientSecret::new("hunter2").unwrap(),
        )
    }

    #[test]
    fn ranges_hold_at_both_ends() {
        for rate in [0, 1, 50, 1000] {
            assert!(builder().requests_per_second(rate).build().is_ok(), "{rate}");
        }
        assert_eq!(
            builder().requests_per_second(1001).build().unwrap_err(),
            ConfigError::Rate(1001)
        );
        assert!(builder().page_size(1).build().is_ok());
        for size in [0, 101] {
            assert_eq!(
                builder().page_size(size).build().unwrap_err(),
                ConfigError::PageSize(size)
            );
        }
        for bad in [Duration::ZERO, Duration::from_secs(601)] {
            assert!(builder().send_timeout(bad).build().is_err());
        }
        for bad in [Duration::ZERO, Duration::from_secs(86_401)] {
            assert!(builder().patience(bad).build().is_err());
        }
    }

    #[test]
    fn retry_settings_are_checked() {
        let ms = Duration::from_millis;
        assert_eq!(
            RetryConfig::new(20, ms(100), ms(5000)),
            Ok(RetryConfig::default())
        );
        assert_eq!(RetryConfig::new(0, ms(1), ms(1)), Err(ConfigError::Sends(0)));
        assert_eq!(RetryConfig::new(101, ms(1), ms(1)), Err(ConfigError::Sends(101)));
        assert!(RetryConfig::new(1, Duration::ZERO, ms(1)).is_err());
        assert!(RetryConfig::new(1, ms(1), ms(60_001)).is_err());
        insta::assert_snapshot!(RetryConfig::new(1, ms(2), ms(1)).unwrap_err(), @"the first retry delay of 2ms is longer than the longest of 1ms; give base ≤ cap");
    }

    #[test]
    fn a_config_prints_without_its_credentials() {
        let printed = format!("{:?}", builder().build().unwrap());
        assert!(
            !printed.contains("hunter2") && printed.contains("[redacted]"),
            "{printed}"
        );
    }
}
