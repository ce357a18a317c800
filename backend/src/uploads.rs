//! A file that a browser sends: one multipart field, refused as soon as it is too large.
//!
//! Owns the reading. Refuses to judge what is in the file: that is its feature's.

use actix_multipart::{Field, Multipart};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};

/// A file as it was uploaded.
pub struct Upload {
    /// The name that the browser gave.
    pub file_name: String,
    /// The type that the browser declared.
    pub declared: Option<String>,
    /// The bytes.
    pub content: Bytes,
}

/// Why a body gives no file.
#[derive(Debug)]
pub enum Refusal {
    /// It is not one multipart field `file`.
    Malformed(String),
    /// The file is larger than this.
    TooLarge(u64),
}

/// Reads the one field `file`, of at most `max` bytes.
///
/// # Errors
/// See [`Refusal`].
pub async fn receive(mut multipart: Multipart, max: u64) -> Result<Upload, Refusal> {
    let broken = |error: &dyn std::fmt::Display| Refusal::Malformed(format!("the multipart body: {error}"));
    let mut upload = None;
    while let Some(field) = multipart.next().await {
        let field = field.map_err(|error| broken(&error))?;
        if upload.is_some() || field.name() != Some("file") {
            return Err(Refusal::Malformed("send exactly one field, named file".into()));
        }
        upload = Some(receive_file(field, max).await?);
    }
    upload.ok_or_else(|| Refusal::Malformed("the field file is missing".into()))
}

async fn receive_file(mut field: Field, max: u64) -> Result<Upload, Refusal> {
    let file_name = field.content_disposition().and_then(|it| it.get_filename()).unwrap_or_default().to_owned();
    let declared = field.content_type().map(|mime| mime.essence_str().to_owned());
    let mut content = BytesMut::new();
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(|error| Refusal::Malformed(format!("the file broke off: {error}")))?;
        if content.len() as u64 + chunk.len() as u64 > max {
            drain(field, max).await;
            return Err(Refusal::TooLarge(max));
        }
        content.extend_from_slice(&chunk);
    }
    Ok(Upload { file_name, declared, content: content.freeze() })
}

/// Reads on without keeping anything, for a while: a browser that is still sending does not read an
/// answer, and would show a broken connection instead of the reason.
async fn drain<E>(mut rest: impl Stream<Item = Result<Bytes, E>> + Unpin, at_most: u64) {
    let mut left = at_most.saturating_mul(8);
    while let Some(Ok(chunk)) = rest.next().await {
        left = left.saturating_sub(chunk.len() as u64);
        if left == 0 {
            break;
        }
    }
}
