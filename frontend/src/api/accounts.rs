//! Looking numbers up, and the accounts that exist.

use gloo_net::http::Method;
use motcua_openapi::accounts::{Account, AccountPage, PasswordQueued, SearchAccounts};
use motcua_openapi::lookups::{LookUp, LookUpResult};
use motcua_openapi::values::IdNumber;
use uuid::Uuid;

use super::client::Call;
use super::{Api, ApiError};

impl Api {
    /// Is there an account for this number?
    pub async fn look_up(&self, number: &IdNumber) -> Result<LookUpResult, ApiError> {
        let request = LookUp { id_number: number.to_string() };
        self.fetch(Call::new(Method::POST, "/lookups").json(&request)).await
    }

    /// A page of the list.
    pub async fn search_accounts(&self, search: &SearchAccounts) -> Result<AccountPage, ApiError> {
        self.fetch(Call::new(Method::POST, "/accounts/search").json(search)).await
    }

    /// An account with its full numbers. An audit event.
    pub async fn account(&self, id: Uuid) -> Result<Account, ApiError> {
        self.fetch(Call::new(Method::GET, format!("/accounts/{id}"))).await
    }

    /// Texts another password to the citizen; the one before stops working. The same `key` does it once.
    pub async fn resend_password(&self, id: Uuid, key: &str) -> Result<PasswordQueued, ApiError> {
        self.fetch(Call::new(Method::POST, format!("/accounts/{id}/password-messages")).once(key)).await
    }
}
