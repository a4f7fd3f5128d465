//! Addresses and postal codes met of late, found without building a key: nearly every row's is one of them.

/// How many are remembered.
pub(super) const RECENT: usize = 1 << SLOT_BITS;
const SLOT_BITS: u32 = 10;
/// Texts that are longer together are not remembered here.
const ROOM: usize = 48;

/// One address: region, zone and country one after the other.
#[derive(Clone, Debug)]
pub(super) struct Recent {
    bytes: [u8; ROOM],
    ends: [u8; 3],
    is_set: bool,
    pub(super) address: u32,
}

impl Default for Recent {
    fn default() -> Self {
        Self {
            bytes: [0; ROOM],
            ends: [0; 3],
            is_set: false,
            address: 0,
        }
    }
}

impl Recent {
    /// Whether these are its texts.
    pub(super) fn is(&self, texts: [&[u8]; 3]) -> bool {
        let mut start = 0;
        self.is_set
            && texts.into_iter().zip(self.ends).all(|(text, end)| {
                let held = self.bytes.get(start..usize::from(end));
                start = usize::from(end);
                held.is_some_and(|held| are_equal(held, text))
            })
    }

    /// Takes the place of what was here, if there is room for these texts.
    pub(super) fn set(&mut self, texts: [&[u8]; 3], address: u32) {
        self.is_set = false;
        let mut start = 0;
        for (text, end) in texts.into_iter().zip(&mut self.ends) {
            let next = start + text.len();
            let Some(room) = self.bytes.get_mut(start..next) else {
                return;
            };
            room.copy_from_slice(text);
            *end = u8::try_from(next).unwrap_or(u8::MAX);
            start = next;
        }
        self.address = address;
        self.is_set = true;
    }
}

/// Whether two texts are the same; most are short, and are compared by their first and last eight bytes.
fn are_equal(one: &[u8], two: &[u8]) -> bool {
    if one.len() != two.len() {
        return false;
    }
    match (
        one.first_chunk::<8>(),
        one.last_chunk::<8>(),
        two.first_chunk::<8>(),
        two.last_chunk::<8>(),
    ) {
        (Some(first), Some(last), Some(other_first), Some(other_last)) => {
            first == other_first && last == other_last && (one.len() <= 16 || one == two)
        }
        _ => one.iter().zip(two).all(|(one, two)| one == two),
    }
}

/// Where an address is remembered.
pub(super) fn slot(texts: [&[u8]; 3]) -> usize {
    let mixed = texts.into_iter().fold(0_u64, |all, text| {
        (all.rotate_left(23) ^ ends_of(text)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    });
    usize::try_from(mixed >> (u64::BITS - SLOT_BITS)).unwrap_or(0)
}

/// A postal code of a country, as a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PostalSlot {
    code: u64,
    /// Country and length.
    what: u32,
}

impl PostalSlot {
    /// `None` for codes that do not fit.
    pub(super) fn of(country: u16, code: &[u8]) -> Option<Self> {
        let mut bytes = [0; 8];
        bytes.get_mut(..code.len())?.copy_from_slice(code);
        Some(Self {
            code: u64::from_le_bytes(bytes),
            what: u32::from(country) << 8 | u32::try_from(code.len()).ok()?,
        })
    }

    fn index(self) -> usize {
        let mixed = (self.code ^ u64::from(self.what).rotate_left(40)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        usize::try_from(mixed >> (u64::BITS - CODE_BITS)).unwrap_or(0)
    }
}

const CODE_BITS: u32 = 12;

/// Postal codes with their meanings; 0 = none is there.
#[derive(Debug)]
pub(super) struct RecentCodes(Box<[(PostalSlot, u16)]>);

impl Default for RecentCodes {
    fn default() -> Self {
        Self(vec![(PostalSlot::default(), 0); 1 << CODE_BITS].into())
    }
}

impl RecentCodes {
    pub(super) fn get(&self, slot: &PostalSlot) -> Option<u16> {
        let (held, meaning) = self.0.get(slot.index())?;
        (held == slot && *meaning != 0).then_some(*meaning)
    }

    pub(super) fn set(&mut self, slot: PostalSlot, meaning: u16) {
        if let Some(place) = self.0.get_mut(slot.index()) {
            *place = (slot, meaning);
        }
    }
}

/// The first and the last bytes of a text, mixed.
fn ends_of(text: &[u8]) -> u64 {
    if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
        return u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(29);
    }
    if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
        return u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last));
    }
    text.iter()
        .fold(text.len() as u64, |all, byte| all << 8 | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_postal_code_is_found_in_its_country() {
        let mut recent = RecentCodes::default();
        let slot = |country, code: &[u8]| PostalSlot::of(country, code).unwrap();
        assert_eq!(recent.get(&slot(1, b"33101")), None);
        recent.set(slot(1, b"33101"), 7);
        assert_eq!(recent.get(&slot(1, b"33101")), Some(7));
        assert_eq!(recent.get(&slot(2, b"33101")), None);
        assert_eq!(recent.get(&slot(1, b"33101\0")), None);
        assert_eq!(PostalSlot::of(1, b"33101-4711"), None);
    }

    #[test]
    fn an_address_is_found_by_all_of_its_texts() {
        let mut recent = Recent::default();
        let florida: [&[u8]; 3] = [b"US-FL", b"America/New_York", b""];
        assert!(!recent.is([b"", b"", b""]));
        recent.set(florida, 7);
        assert!(recent.is(florida) && recent.address == 7);
        assert!(are_equal(
            b"America/Argentina/La_Rioja",
            b"America/Argentina/La_Rioja"
        ));
        assert!(!are_equal(
            b"America/ArgentinaXLa_Rioja",
            b"America/Argentina/La_Rioja"
        ));
        for other in [
            [b"US-FL".as_slice(), b"America/New_Yor", b"k"],
            [b"US-F", b"LAmerica/New_York", b""],
        ] {
            assert!(!recent.is(other));
        }
        recent.set([b"", &[b'x'; ROOM + 1], b""], 8);
        assert!(!recent.is(florida), "what does not fit leaves nothing behind");
        assert_ne!(slot(florida), slot([b"US-FL", b"America/Chicago", b""]));
    }
}
