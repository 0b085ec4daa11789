//! What every handler shares: the register, where people reach it, and the one way to run a use case.

use std::sync::Arc;

use nevertwice_service::use_case::{Asked, UseCase};
use nevertwice_service::{Identity, RequestKey, Service, ServiceError};

use crate::metrics::Metrics;
use crate::origin::Origin;
use crate::server::Proxies;

/// The web side of a register; cloning shares everything.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    service: Service,
    origin: Origin,
    proxies: Proxies,
    metrics: Metrics,
}

impl App {
    /// A register to be shown under an address, perhaps behind proxies.
    #[must_use]
    pub fn new(service: Service, origin: Origin, proxies: Proxies) -> Self {
        Self { inner: Arc::new(Inner { service, origin, proxies, metrics: Metrics::new() }) }
    }

    /// Whose word on where a request came from is taken.
    pub(crate) fn proxies(&self) -> &Proxies {
        &self.inner.proxies
    }

    /// The register.
    pub(crate) fn service(&self) -> &Service {
        &self.inner.service
    }

    /// Where people reach it.
    pub(crate) fn origin(&self) -> &Origin {
        &self.inner.origin
    }

    /// Counts and times of requests.
    pub(crate) fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    /// Runs a use case in somebody's name, off the threads that answer requests.
    ///
    /// # Errors
    /// What the use case reports.
    pub(crate) async fn call<U: UseCase>(
        &self,
        identity: &Identity,
        use_case: U,
    ) -> Result<U::Output, ServiceError> {
        let identity = identity.clone();
        self.blocking(move |app| app.run(&identity, use_case)).await
    }

    /// Runs a use case on this thread, which must be one that may wait.
    ///
    /// # Errors
    /// What the use case reports.
    pub(crate) fn run<U: UseCase>(
        &self,
        identity: &Identity,
        use_case: U,
    ) -> Result<U::Output, ServiceError> {
        Asked::new(self.service(), identity).run(use_case)
    }

    /// As [`Self::call`]; under a key it is done once, however often it is asked.
    ///
    /// # Errors
    /// What the use case reports.
    pub(crate) async fn call_once<U: UseCase>(
        &self,
        identity: &Identity,
        key: Option<RequestKey>,
        use_case: U,
    ) -> Result<U::Output, ServiceError> {
        let identity = identity.clone();
        let run = move |app: &Self| Asked::new(app.service(), &identity).keyed(key.as_ref()).run(use_case);
        self.blocking(run).await
    }

    /// Notes that a session is used, beside the answer and not on its way.
    pub(crate) fn seen(&self, identity: &Identity) {
        let (app, identity) = (self.clone(), identity.clone());
        tokio::task::spawn_blocking(move || {
            if let Err(error) = app.service().seen(&identity) {
                tracing::warn!(
                    code = error.code,
                    error = error.message,
                    "a session that was used is not noted as such"
                );
            }
        });
    }

    /// Does something that may wait, off the threads that answer requests.
    ///
    /// # Errors
    /// What it reports, or that it broke down.
    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, ServiceError> + Send + 'static,
    ) -> Result<T, ServiceError> {
        let app = self.clone();
        tokio::task::spawn_blocking(move || work(&app))
            .await
            .unwrap_or_else(|error| Err(ServiceError::internal(error)))
    }
}
