//! `curfew simulate`: a tenant on this machine.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use cxone_simulator::{Simulator, SimulatorConfig};
use tokio::signal::unix::{SignalKind, signal};

use crate::args::SimulateArgs;
use crate::clock::SystemClock;
use crate::durations::parse_duration;
use crate::exit::{CliError, Exit};
use crate::output::Output;

pub(crate) fn run(args: &SimulateArgs, output: &Output) -> Result<u8, CliError> {
    let mut config = SimulatorConfig::new(Arc::new(SystemClock));
    config.contacts = args.contacts;
    config.seed = args.seed;
    config.profile = args.profile;
    config.latency = args.latency;
    config.token_life = parse_duration(&args.token_life)
        .map_err(|error| CliError::usage(format!("--token-life: {error}")))?;
    config.quota = args.quota;
    config.faults = args.faults.clone();
    runtime()?.block_on(serve(
        config,
        SocketAddr::from((Ipv4Addr::LOCALHOST, args.port)),
        output,
    ))
}

async fn serve(config: SimulatorConfig, address: SocketAddr, output: &Output) -> Result<u8, CliError> {
    let failed = |error: &dyn std::fmt::Display| CliError::failed(error.to_string());
    let server = Simulator::bind(config, address)
        .await
        .map_err(|error| failed(&error))?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(|error| failed(&error))?;
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| failed(&error))?;
    output.line(&format!("LISTENING {}", server.base_url()))?;
    output.note(&format!(
        "CXONE_BASE_URL={} CXONE_ORG=demo CXONE_CLIENT_ID=demo CXONE_CLIENT_SECRET=demo-secret curfew sync",
        server.base_url()
    ));
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    server.shutdown().await;
    Ok(Exit::DONE)
}

/// One thread is enough: the work waits for the wire.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, CliError> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| CliError::failed(format!("the asynchronous runtime cannot be started: {error}")))
}
