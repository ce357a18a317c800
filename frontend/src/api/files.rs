//! Answers that are files: their bytes and the name they go by.

use gloo_net::http::Method;

use super::client::Call;
use super::{Api, ApiError};

/// A file as the server sent it.
#[derive(Clone, PartialEq, Eq)]
pub struct Download {
    /// Its name, e.g. `giay-de-nghi.pdf`; `None` where the server gave none.
    pub name: Option<String>,
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Api {
    pub(super) async fn download(&self, path: String) -> Result<Download, ApiError> {
        let answer = self.answer(Call::new(Method::GET, path)).await?;
        let header = |name: &str| answer.headers().get(name);
        let name = header("Content-Disposition").and_then(|value| file_name(&value));
        let media_type = header("Content-Type").unwrap_or_else(|| "application/octet-stream".into());
        let bytes = answer.binary().await.map_err(|_| ApiError::Unreachable)?;
        Ok(Download { name, media_type, bytes })
    }
}

/// The name in a `Content-Disposition` (RFC 6266): `filename*` in UTF-8 before `filename`.
fn file_name(header: &str) -> Option<String> {
    let param = |wanted: &str| {
        header.split(';').filter_map(|part| part.split_once('=')).find_map(|(name, value)| {
            name.trim().eq_ignore_ascii_case(wanted).then(|| value.trim().trim_matches('"').to_owned())
        })
    };
    let extended = param("filename*").and_then(|value| percent_decoded(value.splitn(3, '\'').nth(2)?));
    extended.or_else(|| param("filename")).filter(|name| !name.is_empty())
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, escaped)) = rest.split_once('%') {
        bytes.extend_from_slice(plain.as_bytes());
        bytes.push(u8::from_str_radix(escaped.get(..2)?, 16).ok()?);
        rest = escaped.get(2..)?;
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_download_is_read_in_both_forms() {
        assert_eq!(file_name("attachment; filename=\"giay.pdf\""), Some("giay.pdf".into()));
        let both = "attachment; filename=\"giay.pdf\"; filename*=UTF-8''gi%E1%BA%A5y.pdf";
        assert_eq!(file_name(both), Some("giấy.pdf".into()));
        assert_eq!(file_name("inline"), None);
        assert_eq!(file_name("attachment; filename*=UTF-8''%E1%"), None);
    }
}
