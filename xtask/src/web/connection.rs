//! A connection that is kept open.

use std::io::{BufReader, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::Context as _;

use super::asked::{Ask, Request};
use super::response::Response;
use super::visitor::Credential;

/// Longer than any answer may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// One visitor's connection to one server of this machine.
pub(crate) struct Connection {
    address: SocketAddr,
    host: String,
    stream: Option<BufReader<TcpStream>>,
}

impl Connection {
    /// A connection that is made when something is asked.
    pub(crate) fn to(address: SocketAddr) -> Connection {
        Connection { address, host: address.to_string(), stream: None }
    }

    /// Asks and gives the answer, once it is what it has to be.
    ///
    /// # Errors
    /// When there is none, or another one.
    pub(crate) fn ask(&mut self, ask: &Ask, who: &Credential) -> anyhow::Result<Response> {
        let response = self.exchange(&ask.request, who)?;
        ask.check(&response)?;
        Ok(response)
    }

    /// Sends a request and reads the answer, whatever it is. A connection that the server has closed meanwhile is made anew,
    /// as browsers do, if asking twice does no harm.
    ///
    /// # Errors
    /// When there is no answer.
    pub(crate) fn exchange(&mut self, request: &Request, who: &Credential) -> anyhow::Result<Response> {
        let bytes = request.bytes(&self.host, who);
        let was_open = self.stream.is_some();
        let response = match self.try_exchange(&bytes) {
            Ok(Some(response)) => response,
            Ok(None) | Err(_) if was_open && request.is_safe() => {
                self.stream = None;
                self.try_exchange(&bytes)?.context("the server closed the connection without an answer")?
            }
            Ok(None) => {
                self.stream = None;
                anyhow::bail!("the server closed the connection without an answer")
            }
            Err(error) => {
                self.stream = None;
                return Err(error);
            }
        };
        if !response.keeps_open() {
            self.stream = None;
        }
        Ok(response)
    }

    fn try_exchange(&mut self, bytes: &[u8]) -> anyhow::Result<Option<Response>> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(self.address)
                    .with_context(|| format!("cannot reach {}", self.address))?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                self.stream.insert(BufReader::with_capacity(64 * 1024, stream))
            }
        };
        stream.get_mut().write_all(bytes)?;
        Response::read(stream)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn a_connection_is_used_again_and_made_anew_once_it_was_closed() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("an address");
        let address = listener.local_addr().expect("it has one");
        let server = std::thread::spawn(move || {
            // Two answers on the first connection, one on the second.
            for answers in [2, 1] {
                let (mut stream, _) = listener.accept().expect("a visitor");
                for _ in 0..answers {
                    let mut bytes = [0; 1_024];
                    assert!(stream.read(&mut bytes).expect("a question") > 0);
                    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").expect("it is heard");
                }
            }
        });
        let mut connection = Connection::to(address);
        for _ in 0..3 {
            let answer = connection.exchange(&Request::get("/"), &Credential::Nobody).expect("an answer");
            assert_eq!(answer.body, b"ok");
        }
        server.join().expect("it ends");
    }
}
