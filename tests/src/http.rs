//! Just enough HTTP for a server on loopback that plays a part in a test: one request a line, one answer.

use std::collections::BTreeMap;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A request, all of it.
pub struct Request {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query.
    pub target: String,
    /// By their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// Reads a whole request; `None` where the line ends before.
    pub async fn read(line: &mut TcpStream) -> Option<Self> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(line.read_u8().await.ok()?);
        }
        let head = String::from_utf8(head).ok()?;
        let (first, fields) = head.split_once("\r\n")?;
        let headers: BTreeMap<String, String> = fields
            .lines()
            .filter_map(|field| field.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let length = headers.get("content-length").map_or(Some(0), |length| length.parse().ok())?;
        let mut body = vec![0; length];
        line.read_exact(&mut body).await.ok()?;
        let mut words = first.split(' ');
        Some(Self { method: words.next()?.to_owned(), target: words.next()?.to_owned(), headers, body })
    }
}

/// Answers and closes the line. `headers`: further ones, each with its line's end.
pub async fn answer(line: &mut TcpStream, status: u16, headers: &str, body: &str) {
    let length = body.len();
    let answer =
        format!("HTTP/1.1 {status} Scripted\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    // Who does not listen any more needs no answer.
    let _ = line.write_all(answer.as_bytes()).await;
}
