//! Says which stage a task is in and how long each took.
//!
//! Refuses: to swallow a stage's error, and to hide what a stage prints.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// The stages of one task, timed.
pub(crate) struct Stages {
    started: Instant,
    done: Vec<(String, Duration)>,
}

impl Stages {
    pub(crate) fn begin() -> Self {
        Self { started: Instant::now(), done: Vec::new() }
    }

    /// Runs one stage, and says its name before and its time after.
    pub(crate) fn stage<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        println!("\n==> {name}");
        let started = Instant::now();
        let result = work();
        let took = started.elapsed();
        let outcome = if result.is_ok() { "done in" } else { "failed after" };
        println!("    {name}: {outcome} {}", seconds(took));
        self.done.push((name.to_owned(), took));
        result.with_context(|| name.to_owned())
    }

    /// The table of all stages.
    pub(crate) fn summary(&self) {
        println!();
        for (name, took) in &self.done {
            println!("{:>9}  {name}", seconds(*took));
        }
        println!("{:>9}  in all", seconds(self.started.elapsed()));
    }
}

fn seconds(length: Duration) -> String {
    format!("{:.1} s", length.as_secs_f64())
}
