//! What a session is and how it goes on.

use chrono::{DateTime, Duration, Utc};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use super::tokens::RefreshToken;

/// How long the token before the newest is still taken: two tabs may refresh at once.
const OVERLAP: Duration = Duration::seconds(10);

/// Whose sessions: each kind has tokens and a cookie of its own, which work nowhere else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Of the staff.
    Officer,
    /// Of citizens.
    Citizen,
}

impl Kind {
    pub(super) const ALL: [Self; 2] = [Self::Officer, Self::Citizen];

    /// As it stands in the table, and the audience of its access tokens.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Citizen => "citizen",
        }
    }
}

/// Whose session it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    /// Of which kind.
    pub kind: Kind,
    /// The officer's id, or the account's.
    pub id: Uuid,
}

impl Owner {
    /// One of the staff.
    pub fn officer(id: Uuid) -> Self {
        Self { kind: Kind::Officer, id }
    }

    /// A citizen, by the account.
    pub fn citizen(account_id: Uuid) -> Self {
        Self { kind: Kind::Citizen, id: account_id }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) id: Uuid,
    pub(super) owner: Owner,
    pub(super) refresh_hash: Vec<u8>,
    pub(super) previous_refresh_hash: Option<Vec<u8>>,
    pub(super) rotated_at: DateTime<Utc>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) ended_at: Option<DateTime<Utc>>,
}

/// What a refresh token that came in is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presented {
    /// The newest: rotate.
    Newest,
    /// The one before it, a moment ago: answer, do not rotate.
    JustRotated,
    /// An older one: stolen or replayed, end the session.
    Reused,
    /// The session is over.
    Over,
}

impl Session {
    pub(super) fn begin(token: &RefreshToken, owner: Owner, now: DateTime<Utc>, valid: Duration) -> Self {
        Self {
            id: token.session,
            owner,
            refresh_hash: token.hash(),
            previous_refresh_hash: None,
            rotated_at: now,
            created_at: now,
            expires_at: now + valid,
            ended_at: None,
        }
    }

    pub(super) fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }

    pub(super) fn judge(&self, token: &RefreshToken, now: DateTime<Utc>) -> Presented {
        let hash = token.hash();
        let is = |kept: &[u8]| bool::from(kept.ct_eq(&hash));
        if !self.is_live(now) {
            Presented::Over
        } else if is(&self.refresh_hash) {
            Presented::Newest
        } else if self.previous_refresh_hash.as_deref().is_some_and(is) && now - self.rotated_at < OVERLAP {
            Presented::JustRotated
        } else {
            Presented::Reused
        }
    }

    #[must_use]
    pub(super) fn rotated(self, token: &RefreshToken, now: DateTime<Utc>) -> Self {
        Self { previous_refresh_hash: Some(self.refresh_hash), refresh_hash: token.hash(), rotated_at: now, ..self }
    }

    #[must_use]
    pub(super) fn ended(self, now: DateTime<Utc>) -> Self {
        Self { ended_at: self.ended_at.or(Some(now)), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn only_the_newest_token_goes_on_and_an_old_one_is_reuse() {
        let random = Random::system().unwrap();
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let draw = || RefreshToken::draw(Uuid::from_u128(1), &random);
        let (first, second) = (draw(), draw());
        let session =
            Session::begin(&first, Owner::officer(Uuid::nil()), now, Duration::hours(12)).rotated(&second, now);
        let later = now + Duration::seconds(11);
        assert_eq!(session.judge(&second, later), Presented::Newest);
        assert_eq!(session.judge(&first, now + Duration::seconds(9)), Presented::JustRotated);
        assert_eq!(session.judge(&first, later), Presented::Reused);
        assert_eq!(session.judge(&draw(), now), Presented::Reused);
        assert_eq!(session.judge(&second, now + Duration::hours(12)), Presented::Over);
        assert_eq!(session.ended(now).judge(&second, now), Presented::Over);
    }
}
