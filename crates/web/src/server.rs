//! Listening, and stopping without cutting anybody off.

use std::future::Future;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::http::HeaderMap;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tower::Layer as _;

use crate::app::App;
use crate::routes;

/// How long requests that are under way may take once the server is asked to stop.
const GRACE: Duration = Duration::from_secs(8);

/// How long the head of a request may take to arrive, and a connection be idle: whoever sends a byte now and then holds
/// no connection for ever (CWE-400). Longer than proxies keep theirs (nginx: 60 s), so that none sends into one that ends.
const LONGEST_HEAD: Duration = Duration::from_secs(75);
/// How long after a connection could not be taken the next one is tried.
const PAUSE: Duration = Duration::from_millis(100);

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) IpAddr);

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
            let (router, under_way) = (routes::router(app), GracefulShutdown::new());
            tokio::select! {
                () = answer(&listener, &router, &under_way, LONGEST_HEAD) => {}
                () = stop => {}
            }
            // Whoever comes now is told at once that nobody listens.
            drop(listener);
            if tokio::time::timeout(GRACE, under_way.shutdown()).await.is_err() {
                tracing::warn!("requests that did not end in time were cut off");
            }
            Ok(())
        });
        runtime.shutdown_timeout(Duration::from_secs(1));
        served
    }
}

/// Takes every connection, without end.
async fn answer(
    listener: &TcpListener,
    router: &Router,
    under_way: &GracefulShutdown,
    longest_head: Duration,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(longest_head);
    loop {
        let (stream, address) = match listener.accept().await {
            Ok(accepted) => accepted,
            // Whoever came is gone already.
            Err(error)
                if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) =>
            {
                continue;
            }
            Err(error) => {
                // Mostly too many files are open; it passes when some connection ends.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        // An answer is written in one go; nothing is gained by waiting for more.
        let _ = stream.set_nodelay(true);
        let service = Extension(ConnectInfo(Peer(address.ip()))).layer(router.clone());
        let connection = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
        let watched = under_way.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = watched.await {
                tracing::debug!(%error, "a connection ended early");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    /// What somebody is answered who sends this and then waits.
    async fn told(begun: &'static [u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/", axum::routing::get(|| async { "whole" }));
        tokio::spawn(async move {
            answer(&listener, &router, &GracefulShutdown::new(), Duration::from_millis(50)).await;
        });
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(begun).await.unwrap();
        let mut told = String::new();
        let read = stream.read_to_string(&mut told);
        tokio::time::timeout(Duration::from_secs(20), read).await.expect("it is cut off").unwrap();
        told
    }

    #[tokio::test]
    async fn whoever_does_not_end_the_head_of_a_request_is_cut_off() {
        for begun in [&b""[..], b"G", b"GET / HTTP/1.1\r\nhost: a\r\n"] {
            assert!(!told(begun).await.contains("whole"));
        }
        // It ends too, as nothing more comes.
        assert!(told(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.ends_with("whole"));
    }

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
