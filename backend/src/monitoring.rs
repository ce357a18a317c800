//! Numbers for Prometheus, on a port of their own.
//!
//! Owns the recorder, the gauges that are read when somebody asks, and `/metrics`. Each feature counts its own
//! (`messages/telemetry.rs`); labels are gateways, purposes and reasons, never who or to whom.

use std::sync::OnceLock;

use actix_web::dev::Server;
use actix_web::{App, HttpResponse, HttpServer, get, web};
use anyhow::Context;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use crate::app::Services;
use crate::messages;
use crate::problem::{Failure, Fault};

/// Seconds: from a gateway on the same machine to one that is given up, and on to a retry after a minute.
const BUCKETS: [f64; 11] = [0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0];

/// There is one recorder a process, whichever server in it asks first.
static RECORDER: OnceLock<PrometheusHandle> = OnceLock::new();

fn install() -> anyhow::Result<PrometheusHandle> {
    if let Some(handle) = RECORDER.get() {
        return Ok(handle.clone());
    }
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &BUCKETS)
        .context("the buckets")?
        .build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).map_err(|_| anyhow::anyhow!("a recorder was installed before"))?;
    describe();
    Ok(RECORDER.get_or_init(|| handle).clone())
}

/// Files away what was measured since: it would pile up where nobody scrapes.
pub fn upkeep() {
    if let Some(handle) = RECORDER.get() {
        handle.run_upkeep();
    }
}

fn describe() {
    metrics::describe_gauge!("motcua_outbox_queued", "Messages that wait to be sent");
    metrics::describe_gauge!("motcua_outbox_oldest_seconds", "Age of the oldest message that waits to be sent");
    metrics::describe_counter!("motcua_gateway_calls_total", "Calls to a gateway by what it made of them");
    metrics::describe_histogram!("motcua_gateway_call_seconds", "How long a call to a gateway took");
    metrics::describe_counter!(
        "motcua_gateway_rests_total",
        "Times a gateway was passed over, its circuit breaker open"
    );
    metrics::describe_counter!("motcua_message_attempts_total", "Attempts by how they ended");
    metrics::describe_histogram!("motcua_message_send_seconds", "From being asked for to being accepted by a gateway");
    metrics::describe_counter!("motcua_message_reports_total", "Delivery reports that changed a message's state");
}

/// Serves `/metrics` where the settings say so.
///
/// # Errors
/// An address that cannot be listened on.
pub fn serve(services: &Services) -> anyhow::Result<Option<Server>> {
    let listen = services.settings.server.metrics_listen.clone();
    if listen.is_empty() {
        return Ok(None);
    }
    let handle = web::Data::new(install()?);
    let data = web::Data::new(services.clone());
    let server =
        HttpServer::new(move || App::new().app_data(data.clone()).app_data(handle.clone()).service(get_metrics))
            .workers(1)
            .disable_signals()
            .bind(&listen)
            .with_context(|| format!("cannot listen on {listen} for /metrics"))?;
    tracing::info!(address = ?server.addrs(), "metrics");
    Ok(Some(server.run()))
}

#[get("/metrics")]
async fn get_metrics(
    services: web::Data<Services>,
    handle: web::Data<PrometheusHandle>,
) -> Result<HttpResponse, Failure> {
    read_gauges(&services).await?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(handle.render()))
}

async fn read_gauges(services: &Services) -> Result<(), Fault> {
    let depth = messages::depth(services.database.reader()).await?;
    let age = depth.oldest_queued_at.map_or(0.0, |at| (services.clock.now() - at).as_seconds_f64());
    #[expect(clippy::cast_precision_loss, reason = "no outbox is 2^52 messages deep")]
    metrics::gauge!("motcua_outbox_queued").set(depth.queued as f64);
    metrics::gauge!("motcua_outbox_oldest_seconds").set(age);
    Ok(())
}
