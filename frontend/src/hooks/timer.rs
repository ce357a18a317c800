//! Waiting and ticking. A timer ends with its component.

use chrono::{DateTime, Utc};
use gloo_timers::callback::{Interval, Timeout};
use yew::prelude::*;

use crate::clock::ServerClock;

/// Calls back once, `millis` after `deps` last changed; never while `millis` is `None`.
#[hook]
pub fn use_timeout<D: PartialEq + 'static>(millis: Option<u32>, deps: D, callback: impl FnOnce() + 'static) {
    use_effect_with((millis, deps), move |(millis, _)| {
        let timeout = millis.map(|millis| Timeout::new(millis, callback));
        move || drop(timeout)
    });
}

/// The server's time now, anew each second while `ticking`.
#[hook]
pub fn use_now(clock: ServerClock, ticking: bool) -> DateTime<Utc> {
    let now = use_state(|| clock.now());
    {
        let now = now.setter();
        use_effect_with((clock, ticking), move |(clock, ticking)| {
            let clock = *clock;
            now.set(clock.now());
            let interval = ticking.then(|| Interval::new(1_000, move || now.set(clock.now())));
            move || drop(interval)
        });
    }
    *now
}
