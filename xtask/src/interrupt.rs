//! Ctrl-C and SIGTERM: one flag that every wait looks at, so that what a task started is always stopped.
//!
//! Refuses: to end the process on the first signal. A second one ends it at once.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

static REQUESTED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// Starts to note the signals.
pub(crate) fn listen() -> Result<()> {
    for signal in [SIGINT, SIGTERM] {
        flag::register_conditional_shutdown(signal, 130, Arc::clone(&REQUESTED))
            .and_then(|_| flag::register(signal, Arc::clone(&REQUESTED)))
            .context("listening for Ctrl-C")?;
    }
    Ok(())
}

/// Has the person asked to stop?
pub(crate) fn requested() -> bool {
    REQUESTED.load(Ordering::Relaxed)
}

/// Asks `condition` every `every` until it gives a value. `None` when `limit` has passed; an error when the person
/// asked to stop, or when the condition itself fails.
pub(crate) fn wait_for<T>(
    every: Duration,
    limit: Option<Duration>,
    mut condition: impl FnMut() -> Result<Option<T>>,
) -> Result<Option<T>> {
    let started = Instant::now();
    loop {
        if let Some(value) = condition()? {
            return Ok(Some(value));
        }
        if requested() {
            bail!("stopped");
        }
        if limit.is_some_and(|limit| started.elapsed() >= limit) {
            return Ok(None);
        }
        pause(every);
    }
}

/// Sleeps between two looks at another process, which cannot wake this one.
#[expect(clippy::disallowed_methods, reason = "the condition belongs to another process: asking again is the wait")]
pub(crate) fn pause(length: Duration) {
    thread::sleep(length);
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY: Duration = Duration::from_millis(1);

    #[test]
    fn a_condition_is_asked_until_it_holds() {
        let mut asked = 0;
        let value = wait_for(EVERY, None, || {
            asked += 1;
            Ok((asked == 3).then_some("held"))
        });
        assert_eq!(value.unwrap(), Some("held"));
        assert_eq!(asked, 3);
    }

    #[test]
    fn a_condition_that_never_holds_ends_at_its_limit() {
        let value = wait_for::<()>(EVERY, Some(Duration::from_millis(5)), || Ok(None));
        assert_eq!(value.unwrap(), None);
    }

    #[test]
    fn a_condition_that_fails_ends_the_wait() {
        assert!(wait_for::<()>(EVERY, None, || bail!("the server ended")).is_err());
    }
}
