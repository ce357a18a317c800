//! What an account's own citizen does to it: sign in, choose a password, change what is theirs to change.
//!
//! Owns the password of the citizen's own. A texted one is for the first sign-in: from then on it works for as long
//! as that session could have lasted, so that an interrupted one can be begun anew, and no longer.

mod store;

use chrono::{DateTime, Duration, Utc};
use motcua_openapi::messages::{MessagePurpose, MessageReason};
use uuid::Uuid;

pub use store::{
    candidate, close, lock, of_citizen, of_number, save_personal, set_own_password, standing, standing_of,
};

use super::Account;
use crate::app::Services;
use crate::database::Transaction;
use crate::messages::{self, Draw, NewMessage};
use crate::problem::Fault;

/// What signing in asks of an account: nothing that is sealed.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The account.
    pub account_id: Uuid,
    /// Where it was created.
    pub unit_id: Uuid,
    /// PHC string; `None` where no password works.
    pub password_hash: Option<String>,
    /// Until when a texted password works; `None` for an own one.
    pub password_expires_at: Option<DateTime<Utc>>,
    /// When the citizen chose the password; `None`: it was texted.
    pub password_set_at: Option<DateTime<Utc>>,
    /// Since when the account is closed.
    pub closed_at: Option<DateTime<Utc>>,
}

impl Standing {
    /// Whether the password is still the texted one.
    pub fn needs_own_password(&self) -> bool {
        self.password_set_at.is_none()
    }

    /// Whether nobody signs in to it any more.
    pub fn is_closed(&self) -> bool {
        self.closed_at.is_some()
    }

    /// When the texted password ran out, where it has.
    pub fn password_expired_at(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.password_expires_at.filter(|at| *at <= now && self.needs_own_password())
    }
}

/// Remembers that the citizen has signed in.
///
/// # Errors
/// Where the database fails.
pub async fn signed_in(transaction: &Transaction, services: &Services, standing: &Standing) -> Result<(), Fault> {
    let now = services.clock.now();
    let session_ends_at = now + Duration::hours(services.settings.citizens.session_hours);
    let expires_at = standing.password_expires_at.map(|at| at.min(session_ends_at));
    store::signed_in(transaction, standing.account_id, now, expires_at).await
}

/// Queues the text that says that the password was changed.
///
/// # Errors
/// Where the database fails.
pub async fn tell_of_password(transaction: &Transaction, services: &Services, account: &Account) -> Result<(), Fault> {
    let message = NewMessage {
        id: services.new_id(),
        purpose: MessagePurpose::PasswordChanged,
        subject_id: account.id,
        officer_id: account.officer_id,
        unit_id: account.unit_id,
        phone: &account.personal.phone,
        use_until: super::password::use_until(services),
    };
    messages::enqueue(transaction, services, message).await
}

/// The text that says that the password was changed, for the dispatcher.
///
/// # Errors
/// Where the database fails.
pub async fn draw_password_notice(
    transaction: &Transaction,
    services: &Services,
    account_id: Uuid,
) -> Result<Draw, Fault> {
    let Some(account) = of_citizen(transaction, services, account_id).await? else {
        return Ok(Draw::Drop(MessageReason::NoLongerNeeded));
    };
    let text = services.settings.messages.texts.notice(MessagePurpose::PasswordChanged, account.personal.language);
    Ok(Draw::Send { phone: account.personal.phone, text })
}
