//! Waiting for a condition, never for a time.

use std::time::{Duration, Instant};

/// How long anything may take on a busy machine before a test gives up.
const PATIENCE: Duration = Duration::from_secs(20);
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);
/// A look through a browser costs more.
const BETWEEN_GLANCES: Duration = Duration::from_millis(40);

/// Looks until `look` sees something and returns it.
///
/// # Panics
/// With `what` was waited for, where it does not come.
pub async fn until<T, F: Future<Output = Option<T>>>(what: &str, look: impl FnMut() -> F) -> T {
    until_within(PATIENCE, what, look).await
}

/// The same with another patience.
///
/// # Panics
/// With `what` was waited for, where it does not come.
pub async fn until_within<T, F: Future<Output = Option<T>>>(
    patience: Duration,
    what: &str,
    mut look: impl FnMut() -> F,
) -> T {
    let begun = Instant::now();
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(begun.elapsed() < patience, "waited {patience:?} in vain for {what}");
        tokio::time::sleep(BETWEEN_LOOKS).await;
    }
}

/// The same where a look can fail: the last failure is told when the patience ends.
///
/// # Panics
/// With `what` was waited for and why the last look failed, where it does not come.
pub async fn until_ok<T, E: std::fmt::Display>(what: &str, mut look: impl AsyncFnMut() -> Result<T, E>) -> T {
    let begun = Instant::now();
    loop {
        match look().await {
            Ok(seen) => return seen,
            Err(error) => assert!(begun.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain for {what}: {error}"),
        }
        tokio::time::sleep(BETWEEN_GLANCES).await;
    }
}
