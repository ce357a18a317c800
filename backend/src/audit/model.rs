//! An event, the one way it is written down to be authenticated, and its link in the chain.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER_PERMISSIVE;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::vault::{Tag, Vault};

/// What comes before the first event.
pub(super) const BEGINNING: Tag = [0; 32];

/// An event as it is kept; the act is a text, so that one of an older program is still authentic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) id: Uuid,
    pub(super) at: DateTime<Utc>,
    pub(super) officer_id: Option<Uuid>,
    pub(super) citizen_id: Option<Uuid>,
    pub(super) agency_id: Option<Uuid>,
    pub(super) unit_id: Option<Uuid>,
    pub(super) act: String,
    pub(super) subject_id: Option<Uuid>,
    pub(super) remote_address: Option<String>,
    pub(super) changes: Option<String>,
}

impl Event {
    /// Every field in one order, each with whether it is there and its length: no two events read the same.
    fn canonical(&self) -> Vec<u8> {
        let micros = self.at.timestamp_micros().to_be_bytes();
        let ids = [self.officer_id, self.citizen_id, self.agency_id, self.unit_id, self.subject_id];
        let mut written = b"motcua audit event 1".to_vec();
        let mut write = |field: Option<&[u8]>| {
            written.push(u8::from(field.is_some()));
            let field = field.unwrap_or_default();
            written.extend_from_slice(&(field.len() as u64).to_be_bytes());
            written.extend_from_slice(field);
        };
        write(Some(self.id.as_bytes()));
        write(Some(&micros));
        for id in &ids {
            write(id.as_ref().map(|id| id.as_bytes().as_slice()));
        }
        write(Some(self.act.as_bytes()));
        write(self.remote_address.as_deref().map(str::as_bytes));
        write(self.changes.as_deref().map(str::as_bytes));
        written
    }

    /// Proves that this program wrote the event: it is there from the event's own transaction on.
    pub(super) fn mac(&self, vault: &Vault) -> Tag {
        vault.mac("audit event", &[&self.canonical()])
    }

    /// Its link in the chain at a place behind another link. Without the key nobody can make one.
    pub(super) fn seal(&self, vault: &Vault, sequence: u64, previous: &[u8]) -> Tag {
        let digest = Sha256::digest(self.canonical());
        vault.mac("audit chain", &[&sequence.to_be_bytes(), previous, digest.as_slice()])
    }
}

/// An event with its proof and its place.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    pub(super) event: Event,
    /// None: written before there were proofs.
    pub(super) mac: Option<Vec<u8>>,
    pub(super) sequence: Option<u64>,
    pub(super) seal: Option<Vec<u8>>,
}

/// The newest link of the chain: printed, kept elsewhere, and given to a later check, it tells whether the tail
/// was cut off or the chain was written anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The sequence of the last event; 0: there is none.
    pub sequence: u64,
    /// Its link.
    pub seal: Vec<u8>,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.sequence, HEXLOWER_PERMISSIVE.encode(&self.seal))
    }
}

impl FromStr for Head {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || "a head is a number, a colon and 64 hexadecimal digits".to_owned();
        let (sequence, seal) = text.trim().split_once(':').ok_or_else(wrong)?;
        let seal = HEXLOWER_PERMISSIVE.decode(seal.as_bytes()).ok().filter(|seal| seal.len() == 32);
        Ok(Self { sequence: sequence.parse().map_err(|_| wrong())?, seal: seal.ok_or_else(wrong)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;
    use crate::vault::Keys;

    fn vault(mac: u8) -> Vault {
        let keys = Keys { seal: [(1, [1; 32])].into(), index: [7; 32], mac: [mac; 32] };
        Vault::new(&keys, Random::system().unwrap()).unwrap()
    }

    fn event() -> Event {
        Event {
            id: Uuid::from_u128(1),
            at: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
            officer_id: Some(Uuid::from_u128(2)),
            citizen_id: None,
            agency_id: Some(Uuid::from_u128(3)),
            unit_id: None,
            act: "account_read".into(),
            subject_id: Some(Uuid::from_u128(4)),
            remote_address: Some("127.0.0.1".into()),
            changes: None,
        }
    }

    #[test]
    fn a_field_cannot_run_into_the_next_one() {
        let other = Event { act: "account_read127.0.0.1".into(), remote_address: Some(String::new()), ..event() };
        assert_ne!(event().canonical(), other.canonical());
        let moved = Event { officer_id: None, citizen_id: Some(Uuid::from_u128(2)), ..event() };
        assert_ne!(event().canonical(), moved.canonical());
        let emptied = Event { changes: Some(String::new()), ..event() };
        assert_ne!(event().canonical(), emptied.canonical());
    }

    #[test]
    fn a_link_depends_on_its_place_the_one_before_and_the_key() {
        let seal = event().seal(&vault(8), 1, &BEGINNING);
        assert_eq!(seal, event().seal(&vault(8), 1, &BEGINNING));
        assert_ne!(seal, event().seal(&vault(8), 2, &BEGINNING));
        assert_ne!(seal, event().seal(&vault(8), 1, &[1; 32]));
        assert_ne!(seal, event().seal(&vault(9), 1, &BEGINNING));
    }

    #[test]
    fn a_head_reads_back_as_itself() {
        let head = Head { sequence: 12, seal: vec![0xab; 32] };
        assert_eq!(head.to_string().parse::<Head>(), Ok(head));
        assert!("12:ab".parse::<Head>().is_err() && "x".parse::<Head>().is_err());
    }
}
