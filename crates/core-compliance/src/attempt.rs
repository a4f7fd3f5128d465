//! A call attempt: one planned call to one callee, with all that is known about it.

#[cfg(feature = "serde")]
mod input;

#[cfg(feature = "serde")]
pub use input::{AttemptInput, InputError};

use core::fmt;

use crate::Instant;
use crate::place::Place;

/// Declares a closed vocabulary with its names in files and on the command line.
macro_rules! vocabulary {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[non_exhaustive]
        pub enum $name {
            $(
                $(#[$variant_doc])*
                #[cfg_attr(feature = "serde", serde(rename = $text))]
                $variant,
            )+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The name in files, in JSON and on the command line.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }
        }

        impl fmt::Display for $name {
            fmt_as_str!();
        }

        impl core::str::FromStr for $name {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                Self::ALL.iter().copied().find(|each| each.as_str() == text).ok_or_else(|| UnknownWord {
                    word: text.to_owned(),
                    known: Self::ALL.iter().map(|each| each.as_str()).collect::<Vec<_>>().join(", "),
                })
            }
        }
    };
}

macro_rules! fmt_as_str {
    () => {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.as_str())
        }
    };
}

pub(crate) use {fmt_as_str, vocabulary};

/// A word outside a closed vocabulary.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not one of {known}")]
pub struct UnknownWord {
    /// What was given.
    pub word: String,
    /// What may be given.
    pub known: String,
}

vocabulary! {
    /// Why the call is made; rules name the purposes that they govern.
    Purpose {
        /// A sales call by a person.
        Sales = "sales",
        /// A sales call by an artificial or prerecorded voice, or by a machine that picks the numbers.
        SalesAutomated = "sales_automated",
        /// Asking for donations.
        Fundraising = "fundraising",
        /// Opinion or market research.
        Research = "research",
        /// Collecting a debt.
        Collections = "collections",
        /// Telling the callee something they need, selling nothing.
        Informational = "informational",
    }
}

vocabulary! {
    /// By what the callee is reached.
    Channel {
        /// A telephone call.
        Voice = "voice",
        /// A text message.
        Text = "text",
        /// An e-mail, where a rule on calls covers it too.
        Email = "email",
    }
}

vocabulary! {
    /// How firmly the callee agreed to be called.
    ConsentLevel {
        /// Said or shown clearly.
        Express = "express",
        /// In writing, with the callee's signature (47 CFR 64.1200(f)(9)).
        ExpressWritten = "express-written",
    }
}

vocabulary! {
    /// What ties the callee to the caller.
    RelationshipKind {
        /// The callee asked about goods or services.
        Inquiry = "inquiry",
        /// The callee bought or paid.
        Transaction = "transaction",
        /// A contract is running.
        ContractInProgress = "contract-in-progress",
    }
}

vocabulary! {
    /// Who is called.
    CalleeKind {
        /// A person in private.
        Consumer = "consumer",
        /// A business.
        Business = "business",
    }
}

vocabulary! {
    /// Who calls.
    CallerKind {
        /// A business.
        Commercial = "commercial",
        /// A tax-exempt nonprofit organisation.
        Nonprofit = "nonprofit",
        /// A political organisation or candidate.
        Political = "political",
    }
}

vocabulary! {
    /// How a past attempt ended.
    AttemptOutcome {
        /// The callee talked with the caller.
        Conversation = "conversation",
        /// The callee refused further calls.
        Refusal = "refusal",
        /// Nobody answered.
        NoAnswer = "no-answer",
        /// Answered, and no agent came to the line.
        Abandoned = "abandoned",
        /// A message was left.
        Voicemail = "voicemail",
    }
}

/// Consent to be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consent {
    /// How firmly.
    pub level: ConsentLevel,
    /// Since when; `None` = not known, which grants only what does not depend on the date.
    pub given_at: Option<Instant>,
    /// Until when.
    pub revoked_at: Option<Instant>,
}

/// An established business relationship.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BusinessRelationship {
    /// Of what sort.
    pub kind: RelationshipKind,
    /// When it was last acted on; `None` = not known, which grants only what does not depend on the date.
    pub last_at: Option<Instant>,
}

/// An attempt in the past.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastAttempt {
    /// When it was placed.
    pub at: Instant,
    /// How it ended, if known.
    pub outcome: Option<AttemptOutcome>,
    /// What it was about; `None` counts towards every matter.
    pub matter: Option<String>,
}

/// An entry of a do-not-call list that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// First instant at which it holds no more; `None` = it has no end.
    pub until: Option<Instant>,
    /// Why, in the list's words.
    pub reason: Option<String>,
}

/// What is known of where the callee is, as it was given.
///
/// Blank texts count as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// A region code: ISO 3166-2, ISO 3166-1, or one of the settings' own.
    pub region: Option<String>,
    /// An IANA time zone name.
    pub zone: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    /// The number to call, E.164.
    pub phone: Option<String>,
    /// A postal code, with its country in `country` or `region`.
    pub postal_code: Option<String>,
    /// Places given outright; they replace all other evidence.
    pub places: Vec<Place>,
    /// Fields that were there but could not be read as text, with why.
    pub unreadable: Vec<(EvidenceKind, String)>,
}

vocabulary! {
    /// Which piece of evidence speaks for a place.
    EvidenceKind {
        /// Given outright.
        Places = "places",
        /// The region field.
        Region = "region",
        /// The zone field.
        Zone = "zone",
        /// The country field.
        Country = "country",
        /// The number's prefix.
        Phone = "phone",
        /// The postal code.
        PostalCode = "postal_code",
    }
}

/// One planned call to one callee.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallAttempt {
    /// The caller's own name for it, repeated in the determination.
    pub id: Option<String>,
    /// When it is to be placed.
    pub at: Instant,
    /// Why it is made.
    pub purpose: Purpose,
    /// By what it is made.
    pub channel: Channel,
    /// Where the callee is.
    pub evidence: Evidence,
    /// Whether the callee agreed.
    pub consent: Option<Consent>,
    /// What ties callee and caller.
    pub business_relationship: Option<BusinessRelationship>,
    /// Who is called, if known.
    pub callee_kind: Option<CalleeKind>,
    /// Who calls, if known.
    pub caller_kind: Option<CallerKind>,
    /// Attempts so far, none later than `at`; `None` = not known, `[]` = none.
    pub history: Option<Vec<PastAttempt>>,
    /// The do-not-call entry that holds for the number, if one does.
    pub suppression: Option<Suppression>,
}

impl CallAttempt {
    /// A sales call by voice to a callee known by this evidence, all else unknown.
    #[must_use]
    pub fn new(at: Instant, evidence: Evidence) -> Self {
        Self {
            id: None,
            at,
            purpose: Purpose::Sales,
            channel: Channel::Voice,
            evidence,
            consent: None,
            business_relationship: None,
            callee_kind: None,
            caller_kind: None,
            history: None,
            suppression: None,
        }
    }

    /// When the consent ended: it was revoked, or the callee refused further calls after giving it, whichever came
    /// first. Where it is not known when consent was given, any refusal is taken for the later word.
    #[must_use]
    pub fn consent_withdrawn_at(&self) -> Option<Instant> {
        let consent = self.consent?;
        let after = |at: &Instant| consent.given_at.is_none_or(|given| given <= *at);
        let refusals = self.history.iter().flatten();
        let refusals = refusals.filter(|past| past.outcome == Some(AttemptOutcome::Refusal));
        let refused = refusals.map(|past| past.at).filter(after);
        consent.revoked_at.into_iter().chain(refused).min()
    }
}
