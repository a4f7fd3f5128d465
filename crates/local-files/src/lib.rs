//! Adapters to local files: contact lists, do-not-call lists, settings, rule overlays, zoneinfo folders, secrets.
//!
//! Every error names the file, and the line and key where there is one.
#![deny(missing_docs)]

mod attempts;
mod columns;
mod contacts;
mod error;
mod list;
mod rules_file;
mod secrets;
mod settings_file;
mod suppression;
mod zoneinfo;

pub use attempts::{AttemptReport, RejectedLine, ReportError, ReportFormat, ReportedLine};
pub use columns::{ColumnMapping, Columns, ColumnsError, Field};
pub use contacts::{FileContactSource, ListFormat, ListOptions, ListRow, ListRows, RejectedRows};
pub use error::FileError;
pub use list::{
    ANNOTATION_COLUMNS, DelimitedLayout, Ended, LONGEST_ROW, ListBlocks, ListForm, ListHead, ListInput,
    ListOutput, NdjsonLayout, Packing, form_of, open_list,
};
pub use rules_file::{read_rulebook_folder, read_rules_file};
pub use secrets::{SecretsFile, read_secrets_file};
pub use settings_file::{FieldLists, Scalar, SettingsFile, read_settings_file};
pub use suppression::{SuppressionEntry, SuppressionFile};
pub use zoneinfo::{newer, read_zoneinfo_folder};
