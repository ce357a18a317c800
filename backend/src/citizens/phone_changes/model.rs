//! What a change of the phone is, and what two codes that were typed are worth.

use chrono::{DateTime, Utc};
use motcua_openapi::values::{OtpCode, PhoneNumber};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::vault::{Tag, Vault};

/// Both phones, sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Phones {
    pub(super) current: PhoneNumber,
    pub(super) new: PhoneNumber,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Current,
    New,
}

/// The code of one phone.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    /// The message that carries it.
    pub(super) message_id: Uuid,
    /// Of the newest that was drawn.
    pub(super) mac: Option<Vec<u8>>,
}

/// A change as kept.
#[derive(Clone, Debug)]
pub(super) struct Change {
    pub(super) id: Uuid,
    pub(super) account_id: Uuid,
    pub(super) phones: Phones,
    pub(super) current: Sent,
    pub(super) new: Sent,
    pub(super) tries: u32,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) superseded_at: Option<DateTime<Utc>>,
    pub(super) consumed_at: Option<DateTime<Utc>>,
}

/// What two typed codes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judged {
    /// Both right.
    Right,
    /// One of them, or both, are not: which is not said.
    Wrong,
    /// Another was asked for since.
    Superseded,
    /// Its time is over.
    Expired,
    /// Used, or tried too often.
    Exhausted,
}

impl Change {
    /// The phone that a message goes to.
    pub(super) fn whose(&self, message_id: Uuid) -> Option<Which> {
        if self.current.message_id == message_id {
            Some(Which::Current)
        } else if self.new.message_id == message_id {
            Some(Which::New)
        } else {
            None
        }
    }

    pub(super) fn phone(&self, which: Which) -> &PhoneNumber {
        match which {
            Which::Current => &self.phones.current,
            Which::New => &self.phones.new,
        }
    }

    /// The MAC that is kept of a phone's code.
    pub(super) fn mac(&self, vault: &Vault, which: Which, code: &OtpCode) -> Tag {
        let side: &[u8] = match which {
            Which::Current => b"current",
            Which::New => b"new",
        };
        let phone = self.phone(which).as_e164().as_bytes();
        vault.mac("phone change code", &[self.id.as_bytes(), side, phone, code.as_str().as_bytes()])
    }

    /// Judges both codes, each in constant time, whatever the other is.
    pub(super) fn judge(
        &self,
        vault: &Vault,
        codes: (&OtpCode, &OtpCode),
        max_tries: u32,
        now: DateTime<Utc>,
    ) -> Judged {
        if self.superseded_at.is_some() {
            return Judged::Superseded;
        }
        if self.consumed_at.is_some() || self.tries >= max_tries {
            return Judged::Exhausted;
        }
        if now > self.expires_at {
            return Judged::Expired;
        }
        let is = |sent: &Sent, which, code| {
            let kept = sent.mac.as_deref().unwrap_or(&[0; 32]);
            kept.ct_eq(&self.mac(vault, which, code))
        };
        let both = is(&self.current, Which::Current, codes.0) & is(&self.new, Which::New, codes.1);
        if bool::from(both) { Judged::Right } else { Judged::Wrong }
    }
}
