//! Why a call gave no result.

use chrono::{DateTime, Utc};
use motcua_openapi::problem::{FieldError, Problem, ProblemCode};

use crate::clock;

/// The param that [`ApiError::dated`] adds: as it reads at a desk.
const OPENS_AT: &str = "opens_at";

/// Why a call gave no result.
#[derive(Clone, Debug, PartialEq)]
pub enum ApiError {
    /// No answer came: the line, the server or a time-out.
    Unreachable,
    /// The server refused and said why.
    Refused(Box<Problem>),
    /// An answer that is not the contract's, e.g. a proxy's page.
    Unreadable {
        /// Its HTTP status.
        status: u16,
    },
    /// The officer left instead of signing in again.
    SignedOut,
}

impl ApiError {
    /// Reads the body of an answer of 400 and above.
    pub fn of_answer(status: u16, body: &str) -> Self {
        serde_json::from_str(body).map_or(Self::Unreadable { status }, |problem| Self::Refused(Box::new(problem)))
    }

    /// The same with the time from which the act is possible again, where the refusal says how long to wait: it is
    /// read long after it came, when "in five minutes" would be wrong.
    pub(super) fn dated(mut self, now: DateTime<Utc>) -> Self {
        let wait = self.param("retry_after").and_then(|seconds| seconds.parse().ok());
        if let (Self::Refused(problem), Some(seconds)) = (&mut self, wait) {
            let opens_at = clock::date_time(clock::after_seconds(now, seconds));
            problem.params.insert(OPENS_AT.to_owned(), opens_at);
        }
        self
    }

    /// The problem, where the server said one.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Refused(problem) => Some(problem),
            Self::Unreachable | Self::Unreadable { .. } | Self::SignedOut => None,
        }
    }

    /// Whether the server refused with this code.
    pub fn is(&self, code: ProblemCode) -> bool {
        self.problem().is_some_and(|problem| problem.code == code)
    }

    /// A param of the problem.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.problem()?.params.get(name).map(String::as_str)
    }

    /// The refused fields.
    pub fn fields(&self) -> &[FieldError] {
        self.problem().map_or(&[], |problem| &problem.fields)
    }

    /// Whether the same call may do better a little later: the line or the server, not the request.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable => true,
            Self::Refused(problem) => problem.status >= 500 || problem.code == ProblemCode::TooManyRequests,
            Self::Unreadable { status } => *status >= 500,
            Self::SignedOut => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_is_read_and_a_proxys_page_is_not() {
        let problem = Problem::new(ProblemCode::StaleVersion, "changed").with([("officer", "An".into())]);
        let refused = ApiError::of_answer(409, &serde_json::to_string(&problem).unwrap());
        assert!(refused.is(ProblemCode::StaleVersion));
        assert_eq!(refused.param("officer"), Some("An"));
        assert_eq!(ApiError::of_answer(502, "<html>"), ApiError::Unreadable { status: 502 });
    }

    #[test]
    fn a_refusal_for_a_while_says_until_when() {
        let problem = Problem::new(ProblemCode::OtpTooSoon, "").with([("retry_after", "90".into())]);
        let now = "2026-11-24T03:00:00Z".parse().unwrap();
        let dated = ApiError::Refused(Box::new(problem)).dated(now);
        assert_eq!(dated.param(OPENS_AT), Some("10:01 24/11/2026"));
        assert_eq!(ApiError::Unreachable.dated(now), ApiError::Unreachable);
    }

    #[test]
    fn only_faults_of_line_and_server_may_pass() {
        let refused = |code| ApiError::Refused(Box::new(Problem::new(code, "")));
        assert!(ApiError::Unreachable.may_pass());
        assert!(refused(ProblemCode::Internal).may_pass());
        assert!(!refused(ProblemCode::BodyInvalid).may_pass());
        assert!(!ApiError::SignedOut.may_pass());
    }
}
