//! The verbs of a registration.

use gloo_net::http::Method;
use motcua_openapi::accounts::Account;
use motcua_openapi::registrations::{
    DetailsInput, OtpQueued, Registration, RegistrationList, RequestFormFormat, UpdateRegistration, VerifyOtp,
};
use motcua_openapi::values::OtpCode;
use uuid::Uuid;

use super::client::Call;
use super::files::Download;
use super::{Api, ApiError};

impl Api {
    /// Begins a draft. The same `key` with the same `details` begins it once.
    pub async fn create_registration(&self, details: &DetailsInput, key: &str) -> Result<Registration, ApiError> {
        self.fetch(Call::new(Method::POST, "/registrations").json(details).once(key)).await
    }

    /// The unfinished registrations that the officer may see.
    pub async fn registrations(&self) -> Result<RegistrationList, ApiError> {
        self.fetch(Call::new(Method::GET, "/registrations")).await
    }

    /// A registration.
    pub async fn registration(&self, id: Uuid) -> Result<Registration, ApiError> {
        self.fetch(Call::new(Method::GET, format!("/registrations/{id}"))).await
    }

    /// Saves what was typed over the version that was read.
    pub async fn update_registration(&self, id: Uuid, update: &UpdateRegistration) -> Result<Registration, ApiError> {
        self.fetch(Call::new(Method::PATCH, format!("/registrations/{id}")).json(update)).await
    }

    /// Gives a registration up; its details and scan are erased.
    pub async fn cancel_registration(&self, id: Uuid) -> Result<(), ApiError> {
        self.answer(Call::new(Method::DELETE, format!("/registrations/{id}"))).await.map(|_| ())
    }

    /// The scan of the card. An audit event.
    pub async fn scan(&self, id: Uuid) -> Result<Download, ApiError> {
        self.download(format!("/registrations/{id}/scan")).await
    }

    /// The request form made from what was entered.
    pub async fn request_form(&self, id: Uuid, format: RequestFormFormat) -> Result<Download, ApiError> {
        let format = match format {
            RequestFormFormat::Pdf => "pdf",
            RequestFormFormat::Docx => "docx",
        };
        self.download(format!("/registrations/{id}/request-form?format={format}")).await
    }

    /// Texts a code to the citizen's phone.
    pub async fn send_otp(&self, id: Uuid, key: &str) -> Result<OtpQueued, ApiError> {
        self.fetch(Call::new(Method::POST, format!("/registrations/{id}/otp")).once(key)).await
    }

    /// Confirms the phone by the code that the citizen read out.
    pub async fn verify_otp(&self, id: Uuid, code: &OtpCode) -> Result<Registration, ApiError> {
        let request = VerifyOtp { code: code.to_string() };
        self.fetch(Call::new(Method::POST, format!("/registrations/{id}/otp/verify")).json(&request)).await
    }

    /// Makes the account.
    pub async fn create_account(&self, id: Uuid, key: &str) -> Result<Account, ApiError> {
        self.fetch(Call::new(Method::POST, format!("/registrations/{id}/account")).once(key)).await
    }
}
