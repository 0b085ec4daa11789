//! A server, and questions through its socket with the bytes of its answers.

use serde_json::Value;

use crate::program::Register;
use crate::prove::client::Client;
use crate::prove::server::Serving;

/// A running server and its socket.
pub(super) struct Server {
    serving: Serving,
    client: Client,
}

impl Server {
    /// Starts a server.
    pub(super) fn start(register: &Register<'_>) -> anyhow::Result<Server> {
        Ok(Server { serving: Serving::start(register)?, client: Client::of(&register.data()) })
    }

    /// The bytes of an answer, progress included.
    pub(super) fn bytes(&self, token: Option<&str>, name: &str, input: &Value) -> anyhow::Result<Vec<u8>> {
        Ok(self.client.with_token(token).bytes(name, input)?)
    }

    /// The outcome of what has to succeed.
    pub(super) fn ok(&self, token: Option<&str>, name: &str, input: &Value) -> anyhow::Result<Value> {
        self.client.with_token(token).get(name, input)
    }

    /// Ends the server and gives everything that it said.
    pub(super) fn stop(self) -> anyhow::Result<Vec<u8>> {
        self.serving.stop()
    }

    /// Kills the server in the midst of whatever it does, and gives everything that it said.
    pub(super) fn kill(self) -> anyhow::Result<Vec<u8>> {
        self.serving.kill()
    }
}
