//! One request, held against the contract on its way out and its answer on its way in.

use motcua_openapi::IDEMPOTENCY_KEY;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE};
use serde_json::Value;

use super::{Answer, Client};
use crate::documents::File;

/// A request about to be sent.
pub struct Call<'a> {
    client: &'a Client,
    method: Method,
    path: String,
    query: Vec<(&'a str, &'a str)>,
    headers: Vec<(&'a str, String)>,
    body: Body,
    checks: Checks,
}

enum Body {
    None,
    Bytes(String, Vec<u8>),
    Form(reqwest::multipart::Form),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Checks {
    Both,
    AnswerOnly,
    None,
}

impl<'a> Call<'a> {
    pub(super) fn new(client: &'a Client, method: Method, path: &str) -> Self {
        let mut headers = Vec::new();
        headers.extend(client.token.as_ref().map(|token| (AUTHORIZATION.as_str(), format!("Bearer {token}"))));
        headers.extend(client.address.as_ref().map(|address| ("X-Forwarded-For", address.clone())));
        if method == Method::POST {
            headers.extend(client.key.clone().map(|key| (IDEMPOTENCY_KEY, key)));
        }
        let path = path.to_owned();
        Self { client, method, path, query: Vec::new(), headers, body: Body::None, checks: Checks::Both }
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.bytes("application/json", body.to_string().into_bytes())
    }

    /// With these bytes as the body.
    #[must_use]
    pub fn bytes(self, media_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { body: Body::Bytes(media_type.to_owned(), bytes.into()), ..self }
    }

    /// With a file as a browser's form sends it.
    #[must_use]
    pub fn file(self, field: &str, file: &File) -> Self {
        let part = reqwest::multipart::Part::bytes(file.content.clone())
            .file_name(file.name.clone())
            .mime_str(file.media_type)
            .expect("a media type");
        Self { body: Body::Form(reqwest::multipart::Form::new().part(field.to_owned(), part)), ..self }
    }

    /// With a parameter in the query.
    #[must_use]
    pub fn query(mut self, name: &'a str, value: &'a str) -> Self {
        self.query.push((name, value));
        self
    }

    /// With a header.
    #[must_use]
    pub fn header(mut self, name: &'a str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The request is wrong on purpose: only the answer is checked.
    #[must_use]
    pub fn malformed(self) -> Self {
        Self { checks: Checks::AnswerOnly, ..self }
    }

    /// The path or the method is none of the document's: a problem is expected to be one all the same.
    #[must_use]
    pub fn outside_the_contract(self) -> Self {
        Self { checks: Checks::None, ..self }
    }

    /// Sends it.
    ///
    /// # Panics
    /// Where the request or the answer is not as documented, or no answer comes.
    pub async fn send(self) -> Answer {
        let what = format!("{} {}", self.method, self.path);
        if self.checks == Checks::Both {
            self.check_request().unwrap_or_else(|error| panic!("{what}: {error}"));
        }
        let Self { client, method, path, query, headers, body, checks } = self;
        let mut request = client.http.request(method.clone(), format!("{}{path}", client.base)).query(&query);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request = match body {
            Body::None => request,
            Body::Bytes(media_type, bytes) => request.header(CONTENT_TYPE, media_type).body(bytes),
            Body::Form(form) => request.multipart(form),
        };
        let response = request.send().await.unwrap_or_else(|error| panic!("{what}: {error:?}"));
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.unwrap_or_else(|error| panic!("{what}: {error:?}")).to_vec();
        let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
        if checks != Checks::None {
            let verdict = client.contract.check_answer(&method, &path, status, media_type, &body);
            verdict.unwrap_or_else(|error| panic!("{what}: {error}"));
        }
        if status >= 400 {
            assert_eq!(media_type, Some("application/problem+json"), "{what}: {status}");
        }
        Answer { status, headers, body, what }
    }

    fn check_request(&self) -> Result<(), String> {
        let body: Option<(&str, &[u8])> = match &self.body {
            Body::None => None,
            Body::Bytes(media_type, bytes) => Some((media_type, bytes)),
            Body::Form(_) => Some(("multipart/form-data", &[])),
        };
        self.client.contract.check_request(&self.method, &self.path, &self.query, body)
    }
}
