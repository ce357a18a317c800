//! A thousand registrations while the server is killed at random moments and both gateways fail three calls in
//! ten. Four statements must hold in the end, whatever happened in between:
//!
//! * every account ends with a password text that a gateway accepted, and that password is the account's;
//! * every code that was accepted was the newest;
//! * no phone got more texts than its cap;
//! * the outbox is empty.

mod ledger;
mod officer;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream;
use motcua_openapi::registrations::DetailsInput;
use motcua_tests::gateway::{Behaviour, REPORT_URL, SECRET, SENDER, Scripted, USERNAME};
use motcua_tests::people::{citizen, phone};
use motcua_tests::server::ServerProcess;
use motcua_tests::wait;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use tokio::time::sleep;
use uuid::Uuid;

use ledger::{Ledger, Span};
use officer::{Officer, Outcome, Seen};

const REGISTRATIONS: u32 = 1_000;
/// The last of them share phones, six to each: 12 texts where nothing fails, as many as a phone may have.
const OF_FAMILIES: u32 = 60;
const TO_A_PHONE: u32 = 6;
const AT_ONCE: usize = 12;
const KILLS: usize = 25;
const SEED: u64 = 20_261_124;
const FAILING: f64 = 0.3;
/// Hours that the citizens of the families may have to come back in: a phone that has had its texts of a day waits
/// for the next one.
const HOURS: i64 = 48;

/// The default of `messages.caps.per_phone_hour` and `per_phone_day`.
const TEXTS_AN_HOUR: usize = 12;
const TEXTS_A_DAY: usize = 30;

/// Nothing is slowed down by what is not tested here; a phone's caps are the defaults.
fn settings(gateways: &[Scripted; 2]) -> String {
    let [kannel, twilio] = gateways;
    let (kannel_url, twilio_url) = (format!("{}/cgi-bin/sendsms", kannel.base()), twilio.base());
    format!(
        r#"[passwords]
memory_kib = 64
passes = 1

[otp]
resend_seconds = 1
per_registration_hour = 100
per_phone_day = 1000
per_officer_hour = 100000

[messages]
order = ["kannel", "twilio"]
report_url = "{REPORT_URL}"
poll_millis = 50
claim_seconds = 4
retry_millis = 50
password_hours = 72

[messages.caps]
per_officer_day = 100000
per_unit_hour = 100000
per_unit_day = 100000
in_all_hour = 100000
in_all_day = 100000

[messages.breaker]
rest_seconds = 1

[messages.gateways.kannel.kannel]
url = "{kannel_url}"
username = "{USERNAME}"
password = "{SECRET}"
timeout_seconds = 1

[messages.gateways.twilio.twilio]
url = "{twilio_url}"
account = "{USERNAME}"
token = "{SECRET}"
from = "{SENDER}"
timeout_seconds = 1
"#
    )
}

/// Fails three calls in ten, one way or the other; some of these texts arrive all the same.
fn failing(seed: u64) -> impl FnMut() -> Behaviour + Send + 'static {
    let mut random = StdRng::seed_from_u64(seed);
    move || {
        if !random.random_bool(FAILING) {
            return Behaviour::Accept;
        }
        match random.random_range(0..4) {
            0 => Behaviour::Answer(500),
            1 => Behaviour::Close,
            2 => Behaviour::Reset,
            _ => Behaviour::Slow(Duration::from_millis(1_500)),
        }
    }
}

/// The `n`-th citizen, whose phone may be their family's.
fn comes(n: u32) -> DetailsInput {
    let families = OF_FAMILIES / TO_A_PHONE;
    let shared = (n >= REGISTRATIONS - OF_FAMILIES).then(|| phone(900_000 + n % families));
    DetailsInput { phone: shared.or_else(|| Some(phone(n))), ..citizen(n) }
}

/// Kills the server and starts it again, at random moments spread over the work.
async fn kill_at_random_moments(server: &mut ServerProcess, seen: &Seen) {
    let mut random = StdRng::seed_from_u64(SEED);
    let mut moments: Vec<usize> = (0..KILLS).map(|_| random.random_range(5..REGISTRATIONS as usize - 80)).collect();
    moments.sort_unstable();
    for accounts in moments {
        while seen.accounts.load(Ordering::Relaxed) < accounts {
            sleep(Duration::from_millis(5)).await;
        }
        sleep(Duration::from_millis(random.random_range(0..400))).await;
        server.kill().await;
        sleep(Duration::from_millis(random.random_range(0..200))).await;
        server.start_again().await;
    }
}

/// Everybody registers, some at once; who must come back.
async fn all_register(officers: &[Officer; 3]) -> Vec<(Officer, Uuid)> {
    let work = (0..REGISTRATIONS).map(|n| async move {
        let officer = &officers[n as usize % officers.len()];
        (officer.clone(), officer.register(n, comes(n)).await)
    });
    come_back(stream::iter(work).buffer_unordered(AT_ONCE).collect().await)
}

/// Those who had to come back have come.
async fn finish(waiting: Vec<(Officer, Uuid)>) -> Vec<(Officer, Uuid)> {
    let work = waiting.into_iter().map(|(officer, id)| async move {
        let outcome = officer.finish(id).await;
        (officer, outcome)
    });
    come_back(stream::iter(work).buffer_unordered(AT_ONCE).collect().await)
}

fn come_back(outcomes: Vec<(Officer, Outcome)>) -> Vec<(Officer, Uuid)> {
    let comes_back = |(officer, outcome)| match outcome {
        Outcome::Created => None,
        Outcome::ComesBack(id) => Some((officer, id)),
    };
    outcomes.into_iter().filter_map(comes_back).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[expect(clippy::print_stdout, reason = "the counts are wanted")]
async fn whatever_fails_the_newest_secret_arrives_and_no_phone_is_flooded() {
    let began = Instant::now();
    let gateways = Arc::new([Scripted::kannel(Behaviour::Accept).await, Scripted::twilio(Behaviour::Accept).await]);
    let mut server = ServerProcess::start(&settings(&gateways)).await;
    for (gateway, seed) in gateways.iter().zip([SEED + 1, SEED + 2]) {
        gateway.will_decide(failing(seed));
    }
    let ledger = Ledger::open(server.folder()).await;
    let sign_in = std::fs::read_to_string(server.folder().join("demo-sign-in.txt")).unwrap();
    let password = sign_in.lines().nth(1).unwrap();
    let seen = Arc::new(Seen::default());
    let sign_in = |name| Officer::sign_in(server.base(), (name, password), gateways.clone(), seen.clone());
    let officers = [sign_in("minh").await, sign_in("hoa").await, sign_in("nam").await];

    let (mut waiting, ()) = tokio::join!(all_register(&officers), kill_at_random_moments(&mut server, &seen));
    let (mut spans, mut held) = (vec![Span { hour: 0, began }], 0);
    loop {
        wait::until_within(Duration::from_secs(90), "the outbox to hold only what a cap holds", || async {
            let (queued, of_caps) = ledger.queued().await;
            (queued == of_caps).then_some(())
        })
        .await;
        let (queued, _) = ledger.queued().await;
        held += waiting.len() + usize::try_from(queued).unwrap();
        if waiting.is_empty() && queued == 0 {
            break;
        }
        let hour = spans.last().unwrap().hour;
        assert!(hour < HOURS, "after {hour} hours {} citizens and {queued} messages still wait", waiting.len());
        server.kill().await;
        let hours = if waiting.is_empty() { ledger.hours_until_a_cap_opens().await } else { 1 };
        ledger.pass(hours).await;
        spans.push(Span { hour: hour + hours, began: Instant::now() });
        server.start_again().await;
        waiting = finish(waiting).await;
    }
    server.kill().await;

    let accounts = ledger.every_account_has_the_password_that_a_gateway_accepted_last(&gateways).await;
    let codes = ledger.every_accepted_code_was_the_newest().await;
    let (phones, most) = ledger::no_phone_got_more_than_its_cap(&gateways, &spans, TEXTS_AN_HOUR, TEXTS_A_DAY);
    let (queued, _) = ledger.queued().await;
    assert_eq!((accounts, codes, queued), (REGISTRATIONS as usize, REGISTRATIONS as usize, 0));

    let count = |it: &AtomicUsize| it.load(Ordering::Relaxed);
    assert!(count(&seen.older_codes_refused) > 0 && held > 0, "there were older codes, and caps that held");

    println!("{accounts} accounts, each with the password of a text that a gateway accepted last");
    println!("{codes} codes accepted, each the newest; {} older ones refused", count(&seen.older_codes_refused));
    println!("{phones} phones, at most {most} texts to one in an hour (cap {TEXTS_AN_HOUR}); {held} waits for a cap");
    println!("{queued} messages left in the outbox");
    println!("{} times killed, {KILLS} of them at work", KILLS + spans.len());
    println!("{} requests repeated by officers", count(&seen.repeated_requests));
    println!("{} codes asked for again", count(&seen.codes_asked_for_again));
    for gateway in gateways.iter() {
        let attempts = gateway.attempts();
        let failed = attempts.iter().filter(|attempt| !attempt.met.is_accepting()).count();
        println!("gateway {}: {} calls, {failed} failed", gateway.name, attempts.len());
    }
    println!("in {:.0} s", began.elapsed().as_secs_f64());
}
