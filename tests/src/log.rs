//! What the server wrote to its log in this process.
//!
//! Caught at `debug`, finer than any deployment logs, so that a secret would be found sooner here.

use std::io;
use std::sync::{Mutex, Once, PoisonError};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

static LINES: Mutex<Vec<u8>> = Mutex::new(Vec::new());
static CATCHING: Once = Once::new();

struct Catcher;

impl io::Write for Catcher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        LINES.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Catcher {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        Self
    }
}

/// Begins to catch, once a process.
pub fn catch() {
    CATCHING.call_once(|| {
        let filter = EnvFilter::new("debug,motcua=trace");
        tracing_subscriber::fmt().json().with_env_filter(filter).with_writer(|| Catcher).init();
    });
}

/// Everything that was logged so far.
pub fn caught() -> String {
    String::from_utf8_lossy(&LINES.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
}

/// The lines at `ERROR`: a test that meant none can say so. `None` where this process runs other tests
/// too (nextest gives each its own, cargo's runner does not), whose lines these may be.
pub fn errors() -> Option<Vec<String>> {
    let is_alone = std::env::var("NEXTEST_EXECUTION_MODE").is_ok_and(|mode| mode == "process-per-test");
    if !is_alone {
        eprintln!("SKIPPED: whose errors these are is known under cargo nextest only");
        return None;
    }
    Some(caught().lines().filter(|line| line.contains(r#""level":"ERROR""#)).map(str::to_owned).collect())
}

/// Whether the log holds `text` as a word of its own: six digits within an id are no code.
pub fn holds(text: &str) -> bool {
    let logged = caught();
    logged.match_indices(text).any(|(at, found)| {
        let before = logged[..at].chars().next_back();
        let after = logged[at + found.len()..].chars().next();
        ![before, after].into_iter().flatten().any(char::is_alphanumeric)
    })
}
