//! A clamd on loopback that gives the answer of the test to every file.
//!
//! Speaks `INSTREAM` only: chunks with their length before them, up to one of length zero. Source: clamd(8).

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What it knows nothing of.
pub const CLEAN: &[u8] = b"stream: OK\0";
/// What it knows.
pub const FOUND: &[u8] = b"stream: Eicar-Signature FOUND\0";
/// What it does not want to look at.
pub const TOO_LARGE: &[u8] = b"INSTREAM size limit exceeded. ERROR\0";
/// The line is closed without an answer.
pub const NOTHING: &[u8] = b"";

/// Opens a clamd with this answer; its address, for the settings.
pub async fn open(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address").to_string();
    tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            if read_stream(&mut line).await.is_ok() {
                let _ = line.write_all(answer).await;
            }
        }
    });
    address
}

async fn read_stream(line: &mut TcpStream) -> std::io::Result<()> {
    let mut command = [0; b"zINSTREAM\0".len()];
    line.read_exact(&mut command).await?;
    loop {
        let length = line.read_u32().await?;
        if length == 0 {
            return Ok(());
        }
        line.read_exact(&mut vec![0; length as usize]).await?;
    }
}
