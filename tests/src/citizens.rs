//! Citizens whose account exists: what the desk knows of them, and the password that was texted.

use motcua_openapi::accounts::Account;
use motcua_openapi::citizens::{CaptchaAnswer, CaptchaForm};
use motcua_openapi::registrations::DetailsInput;
use uuid::Uuid;

use crate::client::Client;
use crate::desk::Desk;
use crate::people;

/// A password of a citizen's own that nobody guesses.
pub const OWN_PASSWORD: &str = "con mèo nhà tôi màu xám";

/// A citizen with an account.
#[derive(Clone, Debug)]
pub struct Resident {
    /// The account.
    pub account: Uuid,
    /// The CCCD.
    pub number: String,
    /// The phone, national form.
    pub phone: String,
    /// The password that was texted.
    pub texted: String,
}

impl Desk {
    /// The `n`-th citizen, whose account `minh` has just created.
    pub async fn resident(&self, n: u32) -> Resident {
        self.resident_of(n, &people::citizen(n)).await
    }

    /// The same with these details.
    pub async fn resident_of(&self, n: u32, details: &DetailsInput) -> Resident {
        let minh = self.sign_in("minh").await;
        let account: Account = minh.account(self, details).await;
        let message = minh.password_message(account.id).await;
        let texted = self.phones().text_of(message.id).await.password();
        Resident { account: account.id, number: people::id_number(n), phone: people::phone(n), texted }
    }

    /// A captcha that was given just now and read by somebody who sees.
    pub fn read_captcha(&self, form: CaptchaForm) -> CaptchaAnswer {
        let id = self.services().new_id();
        CaptchaAnswer { id, text: Some(self.text_of_captcha(form, id)), solution: None }
    }

    /// What a captcha's picture says. Who sees it reads it; a test holds the server's key instead.
    pub fn text_of_captcha(&self, form: CaptchaForm, id: Uuid) -> String {
        let letters = b"abcdefhkprstuxyz347";
        let form = match form {
            CaptchaForm::SignIn => b"sign_in".as_slice(),
            CaptchaForm::PasswordReset => b"password_reset",
        };
        let tag = self.services().vault.mac("captcha", &[form, id.as_bytes(), b"text"]);
        let numbers = tag.as_chunks::<4>().0.iter().map(|four| u32::from_be_bytes(*four) as usize);
        let characters = self.settings().citizens.captcha.characters as usize;
        numbers.take(characters).map(|n| char::from(letters[n % letters.len()])).collect()
    }
}

impl Resident {
    /// Signs in with the texted password and chooses [`OWN_PASSWORD`]; the citizen from then on.
    pub async fn settled(&self, desk: &Desk) -> Client {
        self.settled_from(&desk.visitor()).await
    }

    /// The same from where `visitor` is.
    pub async fn settled_from(&self, visitor: &Client) -> Client {
        let citizen = visitor.as_citizen(&self.number, &self.texted).await;
        citizen.change_citizen_password(&self.texted, OWN_PASSWORD).await.bytes(204);
        citizen
    }
}
