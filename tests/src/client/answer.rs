//! An answer that has passed the contract, and what a test asks of it.

use motcua_openapi::problem::{FieldError, Problem, ProblemCode};
use reqwest::header::{HeaderMap, RETRY_AFTER, SET_COOKIE};
use serde::de::DeserializeOwned;

/// An answer that has passed the contract.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Vec<u8>,
    pub(super) what: String,
}

impl Answer {
    /// The body as `T`, where the status is this one.
    ///
    /// # Panics
    /// With the answer, where it is another.
    pub fn json<T: DeserializeOwned>(&self, status: u16) -> T {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text());
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{}: {error}: {}", self.what, self.text()))
    }

    /// The body's bytes, where the status is this one.
    ///
    /// # Panics
    /// With the answer, where it is another.
    pub fn bytes(&self, status: u16) -> &[u8] {
        assert_eq!(self.status, status, "{}: {}", self.what, self.text());
        &self.body
    }

    /// The refusal, where it is of this code.
    ///
    /// # Panics
    /// With the answer, where it is another.
    pub fn refused(&self, code: ProblemCode) -> Problem {
        let problem: Problem = self.json(code.status());
        assert_eq!(problem.code, code, "{}: {}", self.what, self.text());
        assert_eq!(problem.status, self.status, "{}: {}", self.what, self.text());
        assert_eq!(problem.kind, format!("urn:motcua:problem:{}", code.as_str()));
        assert_eq!(problem.title, code.title());
        problem
    }

    /// The refused fields of a body, by field.
    ///
    /// # Panics
    /// With the answer, where it is another.
    pub fn refused_fields(&self, code: ProblemCode) -> Vec<FieldError> {
        let mut fields = self.refused(code).fields;
        fields.sort_by(|a, b| a.field.cmp(&b.field));
        fields
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// `Retry-After` in seconds.
    ///
    /// # Panics
    /// Where there is none.
    pub fn retry_after(&self) -> i64 {
        self.header(RETRY_AFTER.as_str()).expect("Retry-After").parse().expect("seconds")
    }

    /// The refresh token of `Set-Cookie`, where one was set.
    pub fn refresh_token(&self) -> Option<String> {
        self.cookie("motcua_refresh")
    }

    /// The same of a citizen.
    pub fn citizen_refresh_token(&self) -> Option<String> {
        self.cookie("motcua_citizen_refresh")
    }

    fn cookie(&self, name: &str) -> Option<String> {
        let cookie = self.header(SET_COOKIE.as_str())?;
        let value = cookie.strip_prefix(name)?.strip_prefix('=')?.split(';').next()?;
        Some(value.to_owned())
    }
}
