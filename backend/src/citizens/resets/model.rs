//! What a reset is, and what a code that was typed is worth.

use chrono::{DateTime, Utc};
use motcua_openapi::values::{IdNumber, OtpCode, PhoneNumber};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::vault::{Tag, Vault};

/// What was typed, sealed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Typed {
    pub(super) number: IdNumber,
    pub(super) phone: PhoneNumber,
}

/// A reset as kept.
#[derive(Clone, Debug)]
pub(super) struct Reset {
    pub(super) id: Uuid,
    pub(super) typed: Typed,
    pub(super) expires_at: DateTime<Utc>,
    /// The account, once it was looked up and there is one.
    pub(super) account_id: Option<Uuid>,
    /// The message that carries the code.
    pub(super) message_id: Option<Uuid>,
    pub(super) code_mac: Option<Vec<u8>>,
    pub(super) tries: u32,
    pub(super) superseded_at: Option<DateTime<Utc>>,
    pub(super) consumed_at: Option<DateTime<Utc>>,
}

/// What a typed code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judged {
    /// The code, for this account.
    Right(Uuid),
    /// Not the code; or there is none, because there is no such account.
    Wrong,
    /// Another was asked for since, with the same number and phone.
    Superseded,
    /// Its time is over.
    Expired,
    /// Used, or tried too often.
    Exhausted,
}

impl Reset {
    /// The MAC that is kept of a code.
    pub(super) fn mac(&self, vault: &Vault, code: &OtpCode) -> Tag {
        let parts = [self.id.as_bytes().as_slice(), self.typed.phone.as_e164().as_bytes(), code.as_str().as_bytes()];
        vault.mac("reset code", &parts)
    }

    /// Judges a typed code. All but the last step goes by what was asked, not by whether there is an account.
    pub(super) fn judge(&self, vault: &Vault, code: &OtpCode, max_tries: u32, now: DateTime<Utc>) -> Judged {
        if self.superseded_at.is_some() {
            return Judged::Superseded;
        }
        if self.consumed_at.is_some() || self.tries >= max_tries {
            return Judged::Exhausted;
        }
        if now > self.expires_at {
            return Judged::Expired;
        }
        let nobodys = [0; 32];
        let kept = self.code_mac.as_deref().unwrap_or(&nobodys);
        match (bool::from(kept.ct_eq(&self.mac(vault, code))), self.account_id) {
            (true, Some(account_id)) => Judged::Right(account_id),
            (true, None) | (false, _) => Judged::Wrong,
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Duration;

    use super::*;
    use crate::random::Random;
    use crate::vault::Keys;

    #[test]
    fn a_code_is_right_once_in_time_for_its_own_reset() {
        let keys = Keys { seal: [(1, [1; 32])].into(), index: [7; 32], mac: [8; 32] };
        let vault = Vault::new(&keys, Random::system().unwrap()).unwrap();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let (right, wrong) = (OtpCode::parse("012345").unwrap(), OtpCode::parse("012346").unwrap());
        let account = Uuid::from_u128(2);
        let typed = Typed {
            number: IdNumber::parse("079190000001").unwrap(),
            phone: PhoneNumber::parse("0905000001").unwrap(),
        };
        let asked = Reset {
            id: Uuid::from_u128(1),
            typed,
            expires_at: now + Duration::minutes(3),
            account_id: Some(account),
            message_id: None,
            code_mac: None,
            tries: 0,
            superseded_at: None,
            consumed_at: None,
        };
        let judge = |reset: &Reset, code: &OtpCode, at| reset.judge(&vault, code, 5, at);
        assert_eq!(judge(&asked, &right, now), Judged::Wrong, "none was drawn");
        let sent = Reset { code_mac: Some(asked.mac(&vault, &right).to_vec()), ..asked };
        assert_eq!(judge(&sent, &right, now), Judged::Right(account));
        assert_eq!(judge(&sent, &wrong, now), Judged::Wrong);
        assert_eq!(judge(&sent, &right, sent.expires_at + Duration::seconds(1)), Judged::Expired);
        assert_eq!(judge(&Reset { tries: 5, ..sent.clone() }, &right, now), Judged::Exhausted);
        assert_eq!(judge(&Reset { consumed_at: Some(now), ..sent.clone() }, &right, now), Judged::Exhausted);
        assert_eq!(judge(&Reset { superseded_at: Some(now), ..sent.clone() }, &right, now), Judged::Superseded);
        assert_eq!(judge(&Reset { id: Uuid::from_u128(9), ..sent.clone() }, &right, now), Judged::Wrong);
        assert_eq!(judge(&Reset { account_id: None, ..sent }, &right, now), Judged::Wrong);
    }
}
