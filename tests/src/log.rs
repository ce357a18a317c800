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

/// The lines at `ERROR`: a test that meant none can say so.
pub fn errors() -> Vec<String> {
    caught().lines().filter(|line| line.contains(r#""level":"ERROR""#)).map(str::to_owned).collect()
}
