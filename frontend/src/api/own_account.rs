//! One's own password and second factors.

use gloo_net::http::Method;
use motcua_openapi::second_factors::{
    BeginSecondFactor, ConfirmTotp, PasskeyAnswer, PasskeyChallenge, SecondFactor, SecondFactorList, TotpEnrolment,
};
use motcua_openapi::sessions::ChangePassword;
use uuid::Uuid;

use super::client::Call;
use super::{Api, ApiError};

impl Api {
    /// Changes one's own password; every other session ends.
    pub async fn change_password(&self, change: &ChangePassword) -> Result<(), ApiError> {
        self.answer(Call::new(Method::PUT, "/me/password").json(change)).await.map(|_| ())
    }

    /// One's own second factors.
    pub async fn second_factors(&self) -> Result<SecondFactorList, ApiError> {
        self.fetch(Call::new(Method::GET, "/me/second-factors")).await
    }

    /// Begins with an authenticator app.
    pub async fn begin_totp(&self, begin: &BeginSecondFactor) -> Result<TotpEnrolment, ApiError> {
        self.fetch(Call::new(Method::POST, "/me/second-factors/totp").json(begin)).await
    }

    /// Ends it with a code that the app shows.
    pub async fn confirm_totp(&self, confirm: &ConfirmTotp) -> Result<SecondFactor, ApiError> {
        self.fetch(Call::new(Method::POST, "/me/second-factors/totp/confirmation").json(confirm)).await
    }

    /// Begins with a passkey.
    pub async fn begin_passkey(&self, begin: &BeginSecondFactor) -> Result<PasskeyChallenge, ApiError> {
        self.fetch(Call::new(Method::POST, "/me/second-factors/passkeys").json(begin)).await
    }

    /// Ends it with what the passkey answered.
    pub async fn confirm_passkey(&self, answer: &PasskeyAnswer) -> Result<SecondFactor, ApiError> {
        self.fetch(Call::new(Method::POST, "/me/second-factors/passkeys/confirmation").json(answer)).await
    }

    /// Removes one.
    pub async fn remove_second_factor(&self, id: Uuid) -> Result<(), ApiError> {
        self.answer(Call::new(Method::DELETE, format!("/me/second-factors/{id}"))).await.map(|_| ())
    }
}
