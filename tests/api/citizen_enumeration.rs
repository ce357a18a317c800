//! Does an answer tell whether there is such an account? Bodies are equal, and by time nobody can say.
//!
//! Passwords cost next to nothing here: no difference hides behind Argon2. Both kinds are asked in a random order,
//! one after the other, and compared by the Mann-Whitney test.

use std::collections::{BTreeSet, HashMap};
use std::time::Instant;

use motcua::random::Random;
use motcua::settings::Settings;
use motcua_openapi::citizens::{CaptchaForm, PasswordReset};
use motcua_openapi::problem::ProblemCode;
use motcua_tests::Engine::{self, Postgres, Sqlite};
use motcua_tests::people::{id_number, phone};
use motcua_tests::ranks::mann_whitney;
use motcua_tests::{Answer, Desk};
use rstest::rstest;

/// Of each kind.
const ASKED: usize = 1_000;
/// Accounts that there are, and numbers that nobody has.
const EACH: u32 = 10;
/// Wrong codes that a reset survives.
const TRIES: usize = 5;
/// Nobody's code, but for one in a million.
const WRONG_CODE: &str = "000000";
/// Below this two kinds are told apart.
const LEAST_P: f64 = 0.01;

fn no_throttles(settings: &mut Settings) {
    let citizens = &mut settings.citizens;
    citizens.captcha.per_address_minute = 1_000_000;
    citizens.captcha.per_address_day = 1_000_000;
    citizens.sign_in.free_tries = 1_000_000;
    citizens.sign_in.account_free_tries = 1_000_000;
    citizens.sign_in.account_max_failures = 1_000_000;
    citizens.sign_in.per_address_minute = 1_000_000;
    citizens.sign_in.per_address_hour = 1_000_000;
    let reset = &mut citizens.reset;
    reset.resend_seconds = 0;
    reset.poll_millis = 1_000;
    settings.messages.caps.per_phone_hour = 1_000_000;
    settings.messages.caps.per_phone_day = 1_000_000;
    for cap in [
        &mut reset.per_number_hour,
        &mut reset.per_number_day,
        &mut reset.per_phone_hour,
        &mut reset.per_phone_day,
        &mut reset.per_address_hour,
        &mut reset.per_address_day,
    ] {
        *cap = 1_000_000;
    }
}

/// One question: of a citizen that there is, or of nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Question {
    is_known: bool,
    /// Which of the citizens or of the nobodies.
    n: u32,
}

/// Questions in a random order, so many of either kind.
fn questions(random: &Random, each: usize) -> Vec<Question> {
    let ask = |is_known| (0..each).zip((0..EACH).cycle()).map(move |(_, n)| Question { is_known, n });
    let mut all: Vec<(u64, Question)> =
        ask(true).chain(ask(false)).map(|one| (u64::from_be_bytes(random.bytes()), one)).collect();
    all.sort_unstable_by_key(|(order, _)| *order);
    all.into_iter().map(|(_, one)| one).collect()
}

/// The citizens 1 to `EACH` exist, those from 501 on do not.
fn person(question: Question) -> u32 {
    1 + question.n + if question.is_known { 0 } else { 500 }
}

/// Answers of either kind: how long they took, and what they said.
#[derive(Default)]
struct Kind {
    micros: Vec<f64>,
    said: BTreeSet<String>,
}

impl Kind {
    fn heard(&mut self, answer: &Answer, took: std::time::Duration, said: String) {
        self.micros.push(took.as_secs_f64() * 1e6);
        let headers: BTreeSet<&str> = answer.headers.keys().map(reqwest::header::HeaderName::as_str).collect();
        self.said.insert(format!("{} {headers:?} {said}", answer.status));
    }

    fn median(&self) -> f64 {
        let mut sorted = self.micros.clone();
        sorted.sort_by(f64::total_cmp);
        sorted[sorted.len() / 2]
    }
}

fn compare(what: &str, known: &Kind, unknown: &Kind) {
    let found = mann_whitney(&known.micros, &unknown.micros);
    eprintln!(
        "{what}: {} known, {} unknown; medians {:.0} and {:.0} µs; U = {}, p = {:.4}",
        known.micros.len(),
        unknown.micros.len(),
        known.median(),
        unknown.median(),
        found.u,
        found.p
    );
    assert_eq!(known.said, unknown.said, "{what}: an answer tells");
    assert!(found.p > LEAST_P, "{what}: the time tells, p = {}", found.p);
}

async fn desk_with_citizens(engine: Engine) -> Option<Desk> {
    let desk = Desk::open_with(engine, no_throttles).await?;
    for n in 1..=EACH {
        desk.resident(n).await;
    }
    Some(desk)
}

async fn timed(call: impl Future<Output = Answer>) -> (Answer, std::time::Duration) {
    let begun = Instant::now();
    let answer = call.await;
    (answer, begun.elapsed())
}

#[rstest]
#[tokio::test]
async fn a_sign_in_does_not_tell_whether_there_is_such_an_account(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = desk_with_citizens(engine).await else { return };
    let visitor = desk.visitor();
    let (mut known, mut unknown) = (Kind::default(), Kind::default());
    for question in questions(&Random::system().unwrap(), ASKED) {
        let captcha = desk.read_captcha(CaptchaForm::SignIn);
        let number = id_number(person(question));
        let (answer, took) = timed(visitor.create_citizen_session_with(&number, "not the password", &captcha)).await;
        answer.refused(ProblemCode::CredentialsInvalid);
        let kind = if question.is_known { &mut known } else { &mut unknown };
        kind.heard(&answer, took, answer.text());
    }
    compare("sign-in", &known, &unknown);
}

#[rstest]
#[tokio::test]
async fn a_password_reset_does_not_tell_whether_there_is_such_an_account(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = desk_with_citizens(engine).await else { return };
    let visitor = desk.visitor();
    let (mut known, mut unknown) = (Kind::default(), Kind::default());
    for question in questions(&Random::system().unwrap(), ASKED) {
        let captcha = desk.read_captcha(CaptchaForm::PasswordReset);
        let n = person(question);
        let (answer, took) = timed(visitor.create_password_reset_with(&id_number(n), &phone(n), &captcha)).await;
        let reset: PasswordReset = answer.json(202);
        let kind = if question.is_known { &mut known } else { &mut unknown };
        // An id is an id: all else is compared.
        kind.heard(&answer, took, answer.text().replace(&reset.id.to_string(), "…"));
    }
    compare("password reset", &known, &unknown);
}

/// A wrong code of a reset whose code is on the phone, and one of a reset of nobody's.
#[rstest]
#[tokio::test]
async fn a_wrong_code_does_not_tell_whether_there_is_such_an_account(#[values(Sqlite, Postgres)] engine: Engine) {
    let Some(desk) = desk_with_citizens(engine).await else { return };
    let visitor = desk.visitor();
    let (mut known, mut unknown) = (Kind::default(), Kind::default());
    let each_round = EACH as usize * TRIES;
    for round in 1..=ASKED / each_round {
        let mut resets = HashMap::new();
        for n in (1..=EACH).chain(501..=500 + EACH) {
            let captcha = desk.read_captcha(CaptchaForm::PasswordReset);
            let asked = visitor.create_password_reset_with(&id_number(n), &phone(n), &captcha).await;
            let reset: PasswordReset = asked.json(202);
            resets.insert(n, reset.id);
        }
        for n in 1..=EACH {
            desk.phones().texts_to(&phone(n), "Ma dat lai mat khau", round).await;
        }
        for question in questions(&Random::system().unwrap(), each_round) {
            let reset = resets[&person(question)];
            let (answer, took) =
                timed(visitor.complete_password_reset(reset, WRONG_CODE, "một mật khẩu khác hẳn")).await;
            answer.refused(ProblemCode::OtpWrong);
            let kind = if question.is_known { &mut known } else { &mut unknown };
            kind.heard(&answer, took, answer.text());
        }
    }
    compare("code of a password reset", &known, &unknown);
}
