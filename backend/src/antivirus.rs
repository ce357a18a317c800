//! Looking for viruses with clamd, where one is set.
//!
//! Owns the one question and its fail-closed answer: a clamd that is set and does not answer, or
//! answers anything but "clean", lets nothing through.

use std::time::Duration;

use clamav_client::tokio::{Tcp, scan_buffer};

use crate::problem::Fault;

const PATIENCE: Duration = Duration::from_secs(30);

/// What clamd says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Nothing known.
    Clean,
    /// Something known.
    Infected,
}

/// Asks clamd at `host:port` about a file.
///
/// # Errors
/// Where it is out of reach, takes too long, or answers with an error of its own.
pub async fn examine(address: &str, content: &[u8]) -> Result<Finding, Fault> {
    let asked = tokio::time::timeout(PATIENCE, scan_buffer(content, Tcp { host_address: address }, None));
    let answer = asked.await.map_err(Fault::unavailable)?.map_err(Fault::unavailable)?;
    read(&answer)
}

/// `stream: OK`, `stream: Eicar-Signature FOUND`, or an error. Source: clamd(8), INSTREAM.
fn read(answer: &[u8]) -> Result<Finding, Fault> {
    let answer = String::from_utf8_lossy(answer);
    match answer.trim_matches(['\0', '\n', ' ']) {
        "stream: OK" => Ok(Finding::Clean),
        found if found.ends_with(" FOUND") => Ok(Finding::Infected),
        other => Err(Fault::unavailable(anyhow::anyhow!("clamd answers {other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;

    /// A clamd that reads a stream to its end and then gives one answer.
    async fn clamd(answer: &'static [u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut heard = Vec::new();
            while !heard.ends_with(&[0, 0, 0, 0]) {
                let mut part = [0; 1024];
                let read = stream.read(&mut part).await.unwrap();
                assert!(read > 0, "the stream was not ended");
                heard.extend_from_slice(&part[..read]);
            }
            assert!(heard.starts_with(b"zINSTREAM\0"));
            stream.write_all(answer).await.unwrap();
        });
        address
    }

    #[tokio::test]
    async fn clean_is_clean_and_found_is_infected() {
        assert_eq!(examine(&clamd(b"stream: OK\0").await, b"x").await.unwrap(), Finding::Clean);
        assert_eq!(examine(&clamd(b"stream: Eicar FOUND\0").await, b"x").await.unwrap(), Finding::Infected);
    }

    #[tokio::test]
    async fn anything_else_lets_nothing_through() {
        assert!(examine(&clamd(b"INSTREAM size limit exceeded. ERROR\0").await, b"x").await.is_err());
        assert!(examine(&clamd(b"").await, b"x").await.is_err());
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
        assert!(examine(&nobody, b"x").await.is_err());
    }
}
