//! The key under which phone numbers are hashed: with it a person's records can be found, without it nobody's can.

use core::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::RecordsError;
use crate::layout::{Layout, sync_folder, write_whole};

const LENGTH: usize = 32;

/// A key of 32 random bytes. It has no text form.
#[derive(Clone)]
pub struct PhoneKey([u8; LENGTH]);

impl PhoneKey {
    /// The key of these bytes.
    #[must_use]
    pub fn new(bytes: [u8; LENGTH]) -> Self {
        Self(bytes)
    }

    /// HMAC-SHA256 of a number as it is written (E.164), in hexadecimal digits.
    #[must_use]
    pub fn hash(&self, number: &str) -> String {
        let digest = self.digest(number);
        let mut text = String::with_capacity(2 * digest.len());
        for byte in digest {
            use fmt::Write as _;
            // Writing to a `String` cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }

    /// HMAC-SHA256 of a number as it is written (E.164).
    pub(crate) fn digest(&self, number: &str) -> [u8; 32] {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            // HMAC takes keys of any length.
            return [0; 32];
        };
        mac.update(number.trim().as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// The key of a state directory, if it has one.
    pub(crate) fn read(layout: &Layout) -> Result<Option<Self>, RecordsError> {
        let path = layout.key();
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(RecordsError::io(&path, "reading the key", error)),
        };
        let found = bytes.len();
        bytes
            .try_into()
            .map(|bytes| Some(Self(bytes)))
            .map_err(|_| RecordsError::Key {
                path: path.display().to_string(),
                message: format!("a key has {LENGTH} bytes, this file {found}"),
            })
    }

    /// Makes the key of a state directory; if another process has been faster, its key is taken.
    pub(crate) fn make(layout: &Layout) -> Result<Self, RecordsError> {
        let mut bytes = [0; LENGTH];
        getrandom::fill(&mut bytes).map_err(|error| RecordsError::Key {
            path: layout.key().display().to_string(),
            message: format!("the system gives no random bytes for a key: {error}"),
        })?;
        let path = layout.key();
        // Each process has its own, to the name that it is written under.
        let unfinished = layout.root.join(format!("key-{}", std::process::id()));
        write_whole(&unfinished, &bytes)?;
        let placed = std::fs::hard_link(&unfinished, &path);
        // A left-over key opens nothing.
        let _ = std::fs::remove_file(&unfinished);
        match placed {
            Ok(()) => sync_folder(&layout.root)?,
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(RecordsError::io(&path, "writing", error)),
        }
        Self::read(layout)?.ok_or_else(|| RecordsError::Key {
            path: path.display().to_string(),
            message: "it was taken away while it was made".to_owned(),
        })
    }
}

impl fmt::Debug for PhoneKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhoneKey([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_hmac_sha256() {
        // RFC 4231, test case 1 has a key of 20 bytes; HMAC fills keys up with zeros.
        let mut key = [0; LENGTH];
        key[..20].fill(0x0b);
        assert_eq!(
            PhoneKey::new(key).hash("Hi There"),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        );
    }

    #[test]
    fn a_key_is_made_once_kept_and_never_shown() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path());
        assert!(PhoneKey::read(&layout).unwrap().is_none());
        let made = PhoneKey::make(&layout).unwrap();
        let read = PhoneKey::read(&layout).unwrap().unwrap();
        assert_eq!(made.hash("+13055550123"), read.hash(" +13055550123 "));
        assert_ne!(made.hash("+13055550123"), made.hash("+13055550124"));
        assert_eq!(format!("{made:?}"), "PhoneKey([redacted])");
        let again = PhoneKey::make(&layout).unwrap();
        assert_eq!(
            made.hash("+13055550123"),
            again.hash("+13055550123"),
            "the first stays"
        );
        std::fs::write(layout.key(), "short").unwrap();
        let error = PhoneKey::read(&layout).unwrap_err();
        assert!(
            error.to_string().contains("a key has 32 bytes, this file 5"),
            "{error}"
        );
    }
}
