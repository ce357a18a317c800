//! What the database and the gateways hold in the end, held against each other.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use chrono::{DateTime, Duration, Utc};
use motcua::clock::Clock;
use motcua::passwords::Passwords;
use motcua::settings;
use motcua_tests::gateway::{Attempt, Scripted};
use sea_orm::{
    ConnectionTrait, Database, DatabaseConnection, DbBackend, QueryResult, Statement, TransactionTrait, Value,
};
use uuid::Uuid;

use super::officer::attempts_at;

/// The server's database, read beside it.
pub(super) struct Ledger(DatabaseConnection);

async fn rows(connection: &impl ConnectionTrait, query: &str, values: Vec<Value>) -> Vec<QueryResult> {
    connection.query_all_raw(Statement::from_sql_and_values(DbBackend::Sqlite, query, values)).await.unwrap()
}

fn get<T: sea_orm::TryGetable>(row: &QueryResult, column: &str) -> T {
    row.try_get("", column).unwrap()
}

impl Ledger {
    pub(super) async fn open(folder: &Path) -> Self {
        let url = format!("sqlite://{}?mode=rw", folder.join("motcua.db").display());
        let mut options = sea_orm::ConnectOptions::new(url);
        options.max_connections(1).sqlx_logging(false);
        Self(Database::connect(options).await.unwrap())
    }

    async fn rows(&self, query: &str) -> Vec<QueryResult> {
        rows(&self.0, query, Vec::new()).await
    }

    /// How many messages are queued, and how many of them a phone's cap holds.
    pub(super) async fn queued(&self) -> (i64, i64) {
        let query = "SELECT COUNT(*) AS queued, COUNT(CASE WHEN reason = 'phone_cap_reached' THEN 1 END) AS held \
                     FROM messages WHERE state = 'queued'";
        let found = self.rows(query).await;
        (get(&found[0], "queued"), get(&found[0], "held"))
    }

    /// How long the first message waits that a cap holds: an hour at least.
    pub(super) async fn hours_until_a_cap_opens(&self) -> i64 {
        let query = "SELECT MIN(next_attempt_at) AS opens_at FROM messages WHERE state = 'queued'";
        let opens_at: DateTime<Utc> = get(&self.rows(query).await[0], "opens_at");
        (opens_at - Clock::system().now()).num_hours() + 1
    }

    /// While the server is down: whatever was planned or counted is so many hours older.
    pub(super) async fn pass(&self, hours: i64) {
        let transaction = self.0.begin().await.unwrap();
        for (table, column) in [
            ("limit_hits", "at"),
            ("messages", "next_attempt_at"),
            ("messages", "use_until"),
            ("messages", "queued_at"),
        ] {
            for row in rows(&transaction, &format!("SELECT id, {column} FROM {table}"), Vec::new()).await {
                let before = get::<DateTime<Utc>>(&row, column) - Duration::hours(hours);
                let values = vec![before.into(), get::<Uuid>(&row, "id").into()];
                rows(&transaction, &format!("UPDATE {table} SET {column} = $1 WHERE id = $2"), values).await;
            }
        }
        transaction.commit().await.unwrap();
    }

    /// The password in the last text of each account was accepted by a gateway, is said to be sent, and opens the
    /// account; how many accounts there are.
    pub(super) async fn every_account_has_the_password_that_a_gateway_accepted_last(
        &self,
        gateways: &[Scripted; 2],
    ) -> usize {
        let passwords = Passwords::new(&settings::Passwords { memory_kib: 64, passes: 1, at_once: 0 }).unwrap();
        let query = "SELECT a.id, a.password_message_id, a.password_hash, m.state FROM accounts a \
                     JOIN messages m ON m.id = a.password_message_id";
        let accounts = self.rows(query).await;
        for row in &accounts {
            let (id, message): (Uuid, Uuid) = (get(row, "id"), get(row, "password_message_id"));
            assert_eq!(get::<String>(row, "state"), "sent", "the password of account {id}");
            let attempts = attempts_at(gateways, message);
            let last = attempts.last().unwrap_or_else(|| panic!("no gateway has seen the password of account {id}"));
            assert!(last.met.is_accepting(), "account {id}: {attempts:?}");
            let hash: String = get(row, "password_hash");
            let password = last.text.password();
            let opens = passwords.verify(password.into(), Some(&hash)).await.unwrap();
            assert!(opens, "the last text of account {id} holds another password: {attempts:?}");
        }
        accounts.len()
    }

    /// Each registration has one code that was accepted, and none was drawn after it; how many there are.
    pub(super) async fn every_accepted_code_was_the_newest(&self) -> usize {
        let query = "SELECT registration_id, COUNT(consumed_at) AS accepted, MAX(sequence) AS newest, \
                     MAX(CASE WHEN consumed_at IS NOT NULL THEN sequence END) AS accepted_sequence \
                     FROM otp_codes GROUP BY registration_id";
        let registrations = self.rows(query).await;
        for row in &registrations {
            let id: Uuid = get(row, "registration_id");
            assert_eq!(get::<i64>(row, "accepted"), 1, "codes accepted of registration {id}");
            assert_eq!(get::<i64>(row, "accepted_sequence"), get::<i64>(row, "newest"), "registration {id}");
        }
        registrations.len()
    }
}

/// A stretch of the test in which no time was skipped, and the hour that the phones took it for.
pub(super) struct Span {
    pub(super) hour: i64,
    pub(super) began: Instant,
}

/// No phone got more than `an_hour` texts in any of the spans, nor more than `a_day` in any day of them: every call
/// that reached a gateway may have become a text. How many phones there are, and the most in an hour.
pub(super) fn no_phone_got_more_than_its_cap(
    gateways: &[Scripted; 2],
    spans: &[Span],
    an_hour: usize,
    a_day: usize,
) -> (usize, usize) {
    let attempts: Vec<Attempt> = gateways.iter().flat_map(Scripted::attempts).collect();
    let mut texts: BTreeMap<&str, BTreeMap<i64, usize>> = BTreeMap::new();
    for attempt in &attempts {
        let span = spans.iter().rfind(|span| span.began <= attempt.at).unwrap();
        *texts.entry(&attempt.text.to).or_default().entry(span.hour).or_default() += 1;
    }
    for (phone, by_hour) in &texts {
        assert!(by_hour.values().all(|count| *count <= an_hour), "{phone} got {by_hour:?} texts");
        for first in by_hour.keys() {
            let of_a_day: usize = by_hour.range(first..&(first + 24)).map(|(_, count)| count).sum();
            assert!(of_a_day <= a_day, "{phone} got {by_hour:?} texts");
        }
    }
    let most = texts.values().flat_map(BTreeMap::values).max().copied().unwrap_or_default();
    (texts.len(), most)
}
