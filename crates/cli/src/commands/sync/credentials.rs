//! Who the client is: from the environment or a secrets file, never from the command line.

use std::path::Path;

use cxone_client::{BaseUrl, ClientId, ClientSecret};
use local_files::{SecretsFile, read_secrets_file};

use crate::exit::CliError;
use crate::settings::Layers;

const ORG: &str = "CXONE_ORG";
const CLIENT_ID: &str = "CXONE_CLIENT_ID";
const CLIENT_SECRET: &str = "CXONE_CLIENT_SECRET";

pub(crate) struct Credentials {
    pub(crate) base_url: BaseUrl,
    pub(crate) client_id: ClientId,
    pub(crate) client_secret: ClientSecret,
}

/// The environment wins over the file, name by name.
pub(crate) fn load(layers: &Layers) -> Result<Credentials, CliError> {
    let file = match layers.parse::<String>("sync.secrets_file")? {
        None => SecretsFile::default(),
        Some(path) => {
            read_secrets_file(Path::new(&path)).map_err(|error| CliError::usage(error.to_string()))?
        }
    };
    let value = |name: &str| {
        std::env::var(name)
            .ok()
            .filter(|value| !value.is_empty())
            .or_else(|| file.get(name).map(str::to_owned))
    };
    let base_url = layers.parse::<BaseUrl>("sync.base_url")?;
    let needed: Vec<&str> = [ORG, CLIENT_ID, CLIENT_SECRET]
        .into_iter()
        .filter(|name| !(*name == ORG && base_url.is_some()))
        .filter(|name| value(name).is_none())
        .collect();
    if !needed.is_empty() {
        return Err(CliError::usage(format!(
            "{} not set; set them in the environment or in a file that --secrets-file names. Without a tenant: \
             `curfew demo`, or `curfew simulate` and the line it prints",
            needed.join(", ")
        )));
    }
    let usage = |name: &str, error: &dyn std::fmt::Display| CliError::usage(format!("{name}: {error}"));
    let base_url = match base_url {
        Some(given) => given,
        None => BaseUrl::for_org(&value(ORG).unwrap_or_default()).map_err(|error| usage(ORG, &error))?,
    };
    Ok(Credentials {
        base_url,
        client_id: ClientId::new(value(CLIENT_ID).unwrap_or_default())
            .map_err(|error| usage(CLIENT_ID, &error))?,
        client_secret: ClientSecret::new(value(CLIENT_SECRET).unwrap_or_default())
            .map_err(|error| usage(CLIENT_SECRET, &error))?,
    })
}
