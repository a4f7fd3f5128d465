//! Which provisions reach a jurisdiction, looked up instead of searched for at every decision.

use std::collections::BTreeMap;

use crate::Jurisdiction;

/// Positions of provisions by the code of the jurisdiction that they are the law of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reach(BTreeMap<String, Vec<usize>>);

impl Reach {
    pub(super) fn of<'j>(jurisdictions: impl Iterator<Item = &'j Jurisdiction>) -> Self {
        let mut reach = Self::default();
        for (position, jurisdiction) in jurisdictions.enumerate() {
            let positions = reach.0.entry(jurisdiction.as_str().to_owned()).or_default();
            positions.push(position);
        }
        reach
    }

    /// Positions of the provisions that reach the jurisdiction, in order.
    pub(super) fn on(&self, jurisdiction: &Jurisdiction) -> Vec<usize> {
        let mut positions = Vec::with_capacity(8);
        for code in jurisdiction.governing_codes() {
            positions.extend(self.0.get(code).into_iter().flatten());
        }
        positions.sort_unstable();
        positions
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_up_is_what_governs() {
        let code = |text: &str| text.parse::<Jurisdiction>().unwrap();
        let laws = ["FR", "US", "US-AL", "US-AL:Mobile", "US-FL", "AU", "US"].map(code);
        let reach = Reach::of(laws.iter());
        for text in [
            "US",
            "US-AL",
            "US-AL:Mobile",
            "US-AL:Baldwin",
            "US-GA",
            "GP",
            "NF",
            "DE",
        ] {
            let here = code(text);
            let searched: Vec<usize> = (0..laws.len())
                .filter(|position| here.is_governed_by(&laws[*position]))
                .collect();
            assert_eq!(reach.on(&here), searched, "{text}");
        }
    }
}
