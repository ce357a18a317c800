//! The password for the first sign-in: drawn when it is sent, kept as a hash only.

use chrono::Duration;
use motcua_openapi::messages::MessageReason;
use uuid::Uuid;

use super::store;
use crate::app::Services;
use crate::database::Transaction;
use crate::messages::Draw;
use crate::problem::Fault;

/// Records the password that a message carries, for the dispatcher, in its transaction. The hash was
/// made before the transaction began, so that no lock waits for Argon2.
///
/// # Errors
/// Where the database fails.
pub async fn draw_password(
    transaction: &Transaction,
    services: &Services,
    message_id: Uuid,
    account_id: Uuid,
    password: &str,
    hash: String,
) -> Result<Draw, Fault> {
    let Some(account) = store::find(transaction, services, account_id).await? else {
        return Ok(Draw::Drop(MessageReason::NoLongerNeeded));
    };
    if account.password_message_id != message_id {
        return Ok(Draw::Drop(MessageReason::Superseded));
    }
    let days = services.settings.registrations.temporary_password_days;
    let expires_at = services.clock.now() + Duration::days(i64::from(days));
    store::set_password(transaction, &account, hash, expires_at).await?;
    let template = &services.settings.messages.password_text;
    let text = template.replace("{password}", password).replace("{days}", &days.to_string());
    Ok(Draw::Send { phone: account.personal.phone, text: text.into() })
}
