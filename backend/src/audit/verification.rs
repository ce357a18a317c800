//! Walking the chain: is every event there, as it was written, where it was put?
//!
//! Owns the findings. Refuses to mend anything. What is not found: an event deleted in the seconds before it was
//! sealed, and a tail cut off together with the chain's row by somebody whom no earlier head is held against.

use std::fmt;

use uuid::Uuid;

use super::model::{BEGINNING, Head, Kept};
use super::store;
use crate::app::Services;
use crate::problem::Fault;

const AT_ONCE: u64 = 1_000;

/// Something that is not as it was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// An event is not as it was written, or this program never wrote it.
    Changed {
        /// Its place; `None`: it has none.
        sequence: Option<u64>,
        /// Which.
        id: Uuid,
    },
    /// An event is genuine and stands where it was not put, or its link was changed.
    Moved {
        /// Its place.
        sequence: u64,
        /// Which.
        id: Uuid,
    },
    /// Nothing stands at these places.
    Missing {
        /// The first.
        from: u64,
        /// The last.
        to: u64,
    },
    /// The chain had come further than it goes now.
    CutOff {
        /// How far it goes.
        last: u64,
        /// How far it had come.
        known: u64,
    },
    /// The chain has another link than the known head at its place.
    Rewritten {
        /// The place.
        sequence: u64,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { sequence: Some(sequence), id } => {
                write!(f, "sequence {sequence}, event {id}: not as it was written")
            }
            Self::Changed { sequence: None, id } => {
                write!(f, "no sequence, event {id}: not written by this program, or changed since")
            }
            Self::Moved { sequence, id } => {
                write!(f, "sequence {sequence}, event {id}: it was not put there, or its link was changed")
            }
            Self::Missing { from, to } if from == to => write!(f, "sequence {from}: missing"),
            Self::Missing { from, to } => write!(f, "sequence {from} to {to}: missing"),
            Self::CutOff { last, known } => write!(f, "sequence {}: missing; the chain had come to {known}", last + 1),
            Self::Rewritten { sequence } => write!(f, "sequence {sequence}: the chain was written anew"),
        }
    }
}

/// What a walk found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// How many sealed events there are.
    pub events: u64,
    /// The newest link: keep it somewhere else.
    pub head: Head,
    /// Everything that is wrong, in the chain's order.
    pub findings: Vec<Finding>,
}

/// Walks the whole chain, and what waits to be sealed. `known` is the head of an earlier walk. `progress` hears
/// how many events of how many are done.
///
/// # Errors
/// Where the database fails.
pub async fn verify(
    services: &Services,
    known: Option<&Head>,
    mut progress: impl FnMut(u64, u64),
) -> Result<Verdict, Fault> {
    let reader = services.database.reader();
    // Read before the walk: what is sealed meanwhile is further on.
    let recorded = store::head(reader).await?;
    let total = store::count_sealed(reader).await?;
    let mut walk = Walk::new(services, known);
    loop {
        let after = i64::try_from(walk.head.sequence).unwrap_or(i64::MAX);
        // The first look takes places below 1 too, where only somebody else can have put an event.
        let page = store::sealed_after(reader, if walk.events == 0 { i64::MIN } else { after }, AT_ONCE).await?;
        if page.is_empty() {
            break;
        }
        for kept in &page {
            walk.step(kept);
        }
        progress(walk.events, total.max(walk.events));
    }
    for kept in store::unsealed(reader, services.clock.now(), i64::MAX as u64).await? {
        walk.judge_unsealed(&kept);
    }
    Ok(walk.end(recorded))
}

struct Walk<'a> {
    services: &'a Services,
    known: Option<&'a Head>,
    head: Head,
    events: u64,
    /// Whether an event with a proof has come: from then on every one has.
    is_proven: bool,
    findings: Vec<Finding>,
}

impl<'a> Walk<'a> {
    fn new(services: &'a Services, known: Option<&'a Head>) -> Self {
        let head = Head { sequence: 0, seal: BEGINNING.to_vec() };
        Self { services, known, head, events: 0, is_proven: false, findings: Vec::new() }
    }

    fn step(&mut self, kept: &Kept) {
        let (id, seal) = (kept.event.id, kept.seal.clone().unwrap_or_default());
        let sequence = kept.sequence.unwrap_or_default();
        self.events += 1;
        let expected = self.head.sequence + 1;
        if sequence > expected {
            self.findings.push(Finding::Missing { from: expected, to: sequence - 1 });
        }
        if !self.is_genuine(kept) {
            self.findings.push(Finding::Changed { sequence: Some(sequence), id });
        } else if sequence < expected {
            self.findings.push(Finding::Moved { sequence, id });
        } else if sequence == expected && seal != kept.event.seal(&self.services.vault, sequence, &self.head.seal) {
            // Behind a gap the link before is not known: what is genuine is believed there.
            self.findings.push(Finding::Moved { sequence, id });
        }
        if self.known.is_some_and(|known| known.sequence == sequence && known.seal != seal) {
            self.findings.push(Finding::Rewritten { sequence });
        }
        self.head = Head { sequence, seal };
    }

    fn is_genuine(&mut self, kept: &Kept) -> bool {
        match &kept.mac {
            Some(mac) => {
                self.is_proven = true;
                *mac == kept.event.mac(&self.services.vault)
            }
            // Written before there were proofs: those come first, and never again.
            None => !self.is_proven,
        }
    }

    fn judge_unsealed(&mut self, kept: &Kept) {
        if !self.is_genuine(kept) {
            self.findings.push(Finding::Changed { sequence: None, id: kept.event.id });
        }
    }

    fn end(mut self, recorded: Option<Head>) -> Verdict {
        let last = self.head.sequence;
        let known = self.known.iter().map(|head| head.sequence).chain(recorded.iter().map(|head| head.sequence)).max();
        if let Some(known) = known.filter(|known| *known > last) {
            self.findings.push(Finding::CutOff { last, known });
        }
        Verdict { events: self.events, head: self.head, findings: self.findings }
    }
}
