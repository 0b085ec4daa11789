//! Listening, and stopping without cutting anybody off.

use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::extract::connect_info::Connected;
use axum::http::HeaderMap;
use axum::serve::IncomingStream;
use tokio::net::TcpListener;

use crate::app::App;
use crate::routes;

/// How long requests that are under way may take once the server is asked to stop.
const GRACE: Duration = Duration::from_secs(8);

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

impl Connected<IncomingStream<'_, TcpListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TcpListener>) -> Self {
        Self(stream.remote_addr().ip())
    }
}

/// Addresses of reverse proxies whose word on where a request came from is taken.
#[derive(Debug, Clone, Default)]
pub struct Proxies(Vec<IpAddr>);

impl Proxies {
    /// The proxies of these addresses.
    #[must_use]
    pub fn new(addresses: Vec<IpAddr>) -> Self {
        Self(addresses)
    }

    /// Where a request came from: the last address of `X-Forwarded-For` that is none of the proxies, if one of them
    /// handed it on; otherwise the other end of the connection.
    pub(crate) fn client(&self, peer: Option<IpAddr>, headers: &HeaderMap) -> Option<IpAddr> {
        let peer = peer?;
        if !self.0.contains(&peer) {
            return Some(peer);
        }
        let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let addresses: Vec<IpAddr> = forwarded
            .flat_map(|value| value.split(','))
            .filter_map(|address| address.trim().parse().ok())
            .collect();
        Some(addresses.into_iter().rev().find(|address| !self.0.contains(address)).unwrap_or(peer))
    }
}

/// A server that listens and does not answer yet.
pub struct Listening {
    listener: std::net::TcpListener,
    address: SocketAddr,
}

impl Listening {
    /// Takes an address; port 0 takes any that is free.
    ///
    /// # Errors
    /// It is taken, or not of this machine.
    pub fn bind(address: SocketAddr) -> std::io::Result<Self> {
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok(Self { listener, address })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop` is over, then lets what is under way end.
    ///
    /// # Errors
    /// The runtime cannot be started, or the listener broke down.
    pub fn serve(self, app: App, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_name("web").build()?;
        let served = runtime.block_on(async move {
            let listener = TcpListener::from_std(self.listener)?;
            let (told, asked) = tokio::sync::oneshot::channel::<()>();
            let stop = async move {
                stop.await;
                let _ = told.send(());
            };
            let router: Router = routes::router(app);
            let service = router.into_make_service_with_connect_info::<Peer>();
            let serving = axum::serve(listener, service).with_graceful_shutdown(stop);
            let late = async move {
                // Until the server is asked to stop nothing is late.
                if asked.await.is_err() {
                    std::future::pending::<()>().await;
                }
                tokio::time::sleep(GRACE).await;
            };
            tokio::select! {
                served = serving => served,
                () = late => {
                    tracing::warn!("requests that did not end in time were cut off");
                    Ok(())
                }
            }
        });
        runtime.shutdown_timeout(Duration::from_secs(1));
        served
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(forwarded: &str) -> HeaderMap {
        HeaderMap::from_iter([("x-forwarded-for".parse().unwrap(), forwarded.parse().unwrap())])
    }

    #[test]
    fn only_the_word_of_a_known_proxy_is_taken() {
        let [proxy, other, client]: [IpAddr; 3] =
            ["127.0.0.1", "192.0.2.7", "198.51.100.9"].map(|a| a.parse().unwrap());
        let proxies = Proxies::new(vec![proxy]);
        assert_eq!(proxies.client(Some(other), &headers("198.51.100.9")), Some(other));
        assert_eq!(proxies.client(Some(proxy), &headers("198.51.100.9")), Some(client));
        // What a client wrote itself stands before what the proxy added.
        assert_eq!(proxies.client(Some(proxy), &headers("10.0.0.1, 198.51.100.9")), Some(client));
        assert_eq!(proxies.client(Some(proxy), &headers("nonsense")), Some(proxy));
        assert_eq!(proxies.client(None, &headers("198.51.100.9")), None);
    }
}
