//! The operations of citizens.

use motcua_openapi::citizens::{
    AccountDataRequest, Captcha, CaptchaAnswer, CaptchaForm, CitizenMe, CitizenSession, DataRequestKind,
    DataRequestList, DataRequestOutcome, ProofChallenge, ProofSolution,
};
use reqwest::Method;
use reqwest::header::COOKIE;
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Answer, Client};

impl Client {
    /// `create_captcha`
    pub async fn create_captcha(&self, form: CaptchaForm) -> Answer {
        self.post("/citizen/captchas").json(&json!({"form": form})).send().await
    }

    /// A captcha, solved by calculating.
    pub async fn solved(&self, form: CaptchaForm) -> CaptchaAnswer {
        let captcha: Captcha = self.create_captcha(form).await.json(201);
        CaptchaAnswer { id: captcha.id, text: None, solution: Some(calculated(&captcha.proof)) }
    }

    /// `create_citizen_session`, the captcha solved first.
    pub async fn create_citizen_session(&self, id_number: &str, password: &str) -> Answer {
        let captcha = self.solved(CaptchaForm::SignIn).await;
        self.create_citizen_session_with(id_number, password, &captcha).await
    }

    /// `create_citizen_session` with this captcha.
    pub async fn create_citizen_session_with(&self, number: &str, password: &str, captcha: &CaptchaAnswer) -> Answer {
        let body = json!({"id_number": number, "password": password, "captcha": captcha});
        self.post("/citizen/sessions").json(&body).send().await
    }

    /// Signs in and goes on as that citizen.
    #[must_use]
    pub async fn as_citizen(&self, id_number: &str, password: &str) -> Self {
        let session: CitizenSession = self.create_citizen_session(id_number, password).await.json(201);
        self.with_token(&session.access_token)
    }

    /// `create_mobile_signature`, the captcha solved first.
    pub async fn create_mobile_signature(&self, phone: &str) -> Answer {
        let captcha = self.solved(CaptchaForm::SignIn).await;
        let body = json!({"phone": phone, "captcha": captcha});
        self.post("/citizen/sessions/mobile-signatures").json(&body).send().await
    }

    /// `look_at_mobile_signature` with these cookies.
    pub async fn look_at_mobile_signature(&self, id: Uuid, cookies: &str) -> Answer {
        let path = format!("/citizen/sessions/mobile-signatures/{id}/progress");
        self.call(Method::POST, &path).header(COOKIE.as_str(), cookies).send().await
    }

    /// `refresh_citizen_session` with a refresh token.
    pub async fn refresh_citizen_session(&self, token: &str) -> Answer {
        let cookie = format!("motcua_citizen_refresh={token}");
        self.post("/citizen/sessions/refresh").header(COOKIE.as_str(), &cookie).send().await
    }

    /// `delete_citizen_session`
    pub async fn delete_citizen_session(&self) -> Answer {
        self.call(Method::DELETE, "/citizen/sessions/current").send().await
    }

    /// `create_password_reset`, the captcha solved first.
    pub async fn create_password_reset(&self, id_number: &str, phone: &str) -> Answer {
        let captcha = self.solved(CaptchaForm::PasswordReset).await;
        self.create_password_reset_with(id_number, phone, &captcha).await
    }

    /// `create_password_reset` with this captcha.
    pub async fn create_password_reset_with(&self, number: &str, phone: &str, captcha: &CaptchaAnswer) -> Answer {
        let body = json!({"id_number": number, "phone": phone, "captcha": captcha});
        self.post("/citizen/password-resets").json(&body).send().await
    }

    /// `complete_password_reset`
    pub async fn complete_password_reset(&self, id: Uuid, code: &str, new: &str) -> Answer {
        let body = json!({"code": code, "new_password": new});
        self.post(&format!("/citizen/password-resets/{id}/completion")).json(&body).send().await
    }

    /// `get_citizen_me`
    pub async fn citizen_me(&self) -> CitizenMe {
        self.get("/citizen/me").send().await.json(200)
    }

    /// `export_citizen_me`
    pub async fn export_citizen_me(&self) -> Answer {
        self.get("/citizen/me/export").send().await
    }

    /// `change_citizen_email`
    pub async fn change_citizen_email(&self, email: &str) -> Answer {
        self.call(Method::PUT, "/citizen/me/email").json(&json!({"email": email})).send().await
    }

    /// `create_phone_change`
    pub async fn create_phone_change(&self, phone: &str) -> Answer {
        self.post("/citizen/phone-changes").json(&json!({"phone": phone})).send().await
    }

    /// `complete_phone_change`
    pub async fn complete_phone_change(&self, id: Uuid, current: &str, new: &str) -> Answer {
        let body = json!({"current_phone_code": current, "new_phone_code": new});
        self.post(&format!("/citizen/phone-changes/{id}/completion")).json(&body).send().await
    }

    /// `create_data_request`
    pub async fn create_data_request(&self, kind: DataRequestKind, words: &str) -> Answer {
        self.post("/citizen/data-requests").json(&json!({"kind": kind, "words": words})).send().await
    }

    /// `list_data_requests`
    pub async fn data_requests(&self) -> Vec<AccountDataRequest> {
        let list: DataRequestList = self.get("/data-requests").send().await.json(200);
        list.items
    }

    /// `answer_data_request`
    pub async fn answer_data_request(&self, id: Uuid, outcome: DataRequestOutcome, words: &str) -> Answer {
        let body = json!({"outcome": outcome, "words": words});
        self.post(&format!("/data-requests/{id}/answer")).json(&body).send().await
    }

    /// `change_citizen_password`
    pub async fn change_citizen_password(&self, current: &str, new: &str) -> Answer {
        let body = json!({"current_password": current, "new_password": new});
        self.call(Method::PUT, "/citizen/password").json(&body).send().await
    }
}

/// The solution, found as a page finds it: counting up.
///
/// # Panics
/// Where there is none below the greatest counter.
pub fn calculated(proof: &ProofChallenge) -> ProofSolution {
    let found = (0..proof.max_counter).map(|counter| ProofSolution { counter, derived_key: key_at(proof, counter) });
    found.into_iter().find(|solution| solution.derived_key.starts_with(&proof.key_prefix)).expect("a solution")
}

fn key_at(proof: &ProofChallenge, counter: u32) -> String {
    let bytes = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).expect("hexadecimal");
    let first = [bytes(&proof.salt), bytes(&proof.nonce), counter.to_be_bytes().to_vec()].concat();
    let key = (0..proof.cost).fold(first, |data, _| Sha256::digest(data).to_vec());
    data_encoding::HEXLOWER.encode(&key[..proof.key_length as usize])
}
