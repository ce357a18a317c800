//! The citizen's own operations.

use gloo_net::http::Method;
use motcua_openapi::citizens::{
    Captcha, CaptchaForm, ChangeCitizenPassword, ChangeEmail, CitizenMe, CitizenSession, CompletePasswordReset,
    CompletePhoneChange, CreateCaptcha, CreateCitizenSession, CreateDataRequest, CreateMobileSignature,
    CreatePasswordReset, CreatePhoneChange, DataRequest, MobileSignature, MobileSignatureProgress, PasswordReset,
    PhoneChange,
};
use motcua_openapi::sessions::Session;
use uuid::Uuid;

use super::client::Call;
use super::files::Download;
use super::{Api, ApiError};

/// What a citizen must do first after signing in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstThing {
    /// Choose a password in place of the one that was texted.
    ChoosePassword,
    /// Nothing.
    Nothing,
}

impl FirstThing {
    /// What a session begins with.
    pub fn of(session: &CitizenSession) -> Self {
        if session.password_change_needed { Self::ChoosePassword } else { Self::Nothing }
    }
}

impl Api {
    /// Another captcha for this form; needs no session.
    pub async fn captcha(&self, form: CaptchaForm) -> Result<Captcha, ApiError> {
        self.fetch_openly(Call::new(Method::POST, "/citizen/captchas").json(&CreateCaptcha { form })).await
    }

    /// Signs in by number and password.
    pub async fn sign_in_by_number(&self, request: &CreateCitizenSession) -> Result<FirstThing, ApiError> {
        self.open_citizens_session(Call::new(Method::POST, "/citizen/sessions").json(request)).await
    }

    /// Signs in by the certificate that the browser showed when the connection was made.
    pub async fn sign_in_by_certificate(&self) -> Result<FirstThing, ApiError> {
        self.open_citizens_session(Call::new(Method::POST, "/citizen/sessions/certificate")).await
    }

    /// Asks a phone to sign.
    pub async fn ask_phone_to_sign(&self, request: &CreateMobileSignature) -> Result<MobileSignature, ApiError> {
        self.fetch_openly(Call::new(Method::POST, "/citizen/sessions/mobile-signatures").json(request)).await
    }

    /// How far the phone has come. Once it has signed, the session that comes with it is taken.
    pub async fn phone_signature(&self, id: Uuid) -> Result<MobileSignatureProgress, ApiError> {
        let call = Call::new(Method::POST, format!("/citizen/sessions/mobile-signatures/{id}/progress"));
        let progress: MobileSignatureProgress = self.fetch_openly(call).await?;
        if let Some(session) = &progress.session {
            self.take_citizens_session(session.clone());
        }
        Ok(progress)
    }

    /// Chooses another password. Every other session ends.
    pub async fn change_citizens_password(&self, request: &ChangeCitizenPassword) -> Result<(), ApiError> {
        self.answer(Call::new(Method::PUT, "/citizen/password").json(request)).await.map(|_| ())
    }

    /// Asks for a code to reset a forgotten password; needs no session.
    pub async fn ask_for_reset(&self, request: &CreatePasswordReset) -> Result<PasswordReset, ApiError> {
        self.fetch_openly(Call::new(Method::POST, "/citizen/password-resets").json(request)).await
    }

    /// Sets the password by the code.
    pub async fn complete_reset(&self, id: Uuid, request: &CompletePasswordReset) -> Result<(), ApiError> {
        let call = Call::new(Method::POST, format!("/citizen/password-resets/{id}/completion")).json(request);
        self.answer_openly(call).await
    }

    /// All that is held about the citizen.
    pub async fn citizen(&self) -> Result<CitizenMe, ApiError> {
        self.fetch(Call::new(Method::GET, "/citizen/me")).await
    }

    /// The same as a file.
    pub async fn citizens_data(&self) -> Result<Download, ApiError> {
        self.download("/citizen/me/export".into()).await
    }

    /// Takes another e-mail address, or none.
    pub async fn change_email(&self, request: &ChangeEmail) -> Result<(), ApiError> {
        self.answer(Call::new(Method::PUT, "/citizen/me/email").json(request)).await.map(|_| ())
    }

    /// Asks for another phone: a code goes to each of the two.
    pub async fn ask_for_phone_change(&self, request: &CreatePhoneChange) -> Result<PhoneChange, ApiError> {
        self.fetch(Call::new(Method::POST, "/citizen/phone-changes").json(request)).await
    }

    /// Takes the other phone by the two codes.
    pub async fn complete_phone_change(&self, id: Uuid, request: &CompletePhoneChange) -> Result<(), ApiError> {
        let call = Call::new(Method::POST, format!("/citizen/phone-changes/{id}/completion")).json(request);
        self.answer(call).await.map(|_| ())
    }

    /// Asks the administrators for something about the citizen's data. `key`: one a request, however often it is sent.
    pub async fn ask_about_data(&self, request: &CreateDataRequest, key: &str) -> Result<DataRequest, ApiError> {
        self.fetch(Call::new(Method::POST, "/citizen/data-requests").json(request).once(key)).await
    }

    async fn open_citizens_session(&self, call: Call) -> Result<FirstThing, ApiError> {
        let session: CitizenSession = self.fetch_openly(call).await?;
        Ok(self.take_citizens_session(session))
    }

    fn take_citizens_session(&self, session: CitizenSession) -> FirstThing {
        let first = FirstThing::of(&session);
        self.take_session(Session { access_token: session.access_token, expires_in: session.expires_in });
        first
    }
}
