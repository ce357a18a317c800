//! Sessions, the signed-in officer, and the desk's rules.

use gloo_net::http::Method;
use motcua_openapi::desk::Desk;
use motcua_openapi::second_factors::{PasskeyChallenge, RequestPasskeyChallenge};
use motcua_openapi::sessions::{CreateSession, Me, Session};

use super::client::Call;
use super::{Api, ApiError};

impl Api {
    /// The rules of this place; needs no session.
    pub async fn desk(&self) -> Result<Desk, ApiError> {
        self.fetch_openly(Call::new(Method::GET, "/desk")).await
    }

    /// Signs in. Calls that waited for it go on.
    pub async fn sign_in(&self, request: &CreateSession) -> Result<(), ApiError> {
        let session: Session = self.fetch_openly(Call::new(Method::POST, "/sessions").json(request)).await?;
        self.take_session(session);
        Ok(())
    }

    /// What the browser is to ask a passkey, after name and password.
    pub async fn passkey_challenge(&self, username: &str, password: &str) -> Result<PasskeyChallenge, ApiError> {
        let request = RequestPasskeyChallenge { username: username.to_owned(), password: password.to_owned() };
        self.fetch_openly(Call::new(Method::POST, "/sessions/passkey-challenges").json(&request)).await
    }

    /// Ends the session here, and on the server where it can be reached.
    pub async fn sign_out(&self) {
        // Whatever the server says, this page knows nobody any more.
        let _ = self.delete_session().await;
        self.forget_session();
    }

    /// Who is signed in.
    pub async fn me(&self) -> Result<Me, ApiError> {
        self.fetch(Call::new(Method::GET, "/me")).await
    }
}
