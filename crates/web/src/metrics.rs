//! Counts and times of requests, in the text that Prometheus reads. Labels are a method, a route as written on the page
//! of routes, and a status: never a title, a name or a reference.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use metrics::{Label, counter, histogram, with_local_recorder};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusRecorder};

/// Upper bounds of the groups in which times are counted, in seconds.
const BOUNDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// What is counted. Each server has its own.
pub(crate) struct Metrics {
    recorder: PrometheusRecorder,
    answered: AtomicU64,
}

/// After so many answers the single times are put into their groups: until then they take room.
const UPKEEP_EVERY: u64 = 1_000;

impl Metrics {
    pub(crate) fn new() -> Self {
        let builder = PrometheusBuilder::new();
        // Only an empty list of bounds is refused.
        let builder = builder.set_buckets(&BOUNDS).unwrap_or_else(|_| PrometheusBuilder::new());
        Self { recorder: builder.build_recorder(), answered: AtomicU64::new(0) }
    }

    /// Counts a request that was answered.
    pub(crate) fn answered(&self, method: &str, route: &str, status: u16, took: Duration) {
        let labels = vec![
            Label::new("method", method.to_owned()),
            Label::new("route", route.to_owned()),
            Label::new("status", status.to_string()),
        ];
        with_local_recorder(&self.recorder, || {
            counter!("http_requests_total", labels.clone()).increment(1);
            histogram!("http_request_seconds", labels).record(took.as_secs_f64());
        });
        if self.answered.fetch_add(1, Ordering::Relaxed).is_multiple_of(UPKEEP_EVERY) {
            self.recorder.handle().run_upkeep();
        }
    }

    /// Everything counted so far.
    pub(crate) fn text(&self) -> String {
        self.recorder.handle().render()
    }
}
