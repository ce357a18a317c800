//! Passkeys, as the browser knows them (WebAuthn level 3).
//!
//! Owns the two ceremonies, from the server's options to what goes back to it. Refuses to judge an answer: that is the
//! server's.

use js_sys::{JSON, Object, Promise, Reflect};
use motcua_openapi::second_factors::{PasskeyAnswer, PasskeyChallenge};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = PublicKeyCredential, js_name = parseCreationOptionsFromJSON)]
    fn creation_options(json: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = PublicKeyCredential, js_name = parseRequestOptionsFromJSON)]
    fn request_options(json: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["navigator", "credentials"], js_name = create)]
    fn create_credential(options: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(catch, js_namespace = ["navigator", "credentials"], js_name = get)]
    fn get_credential(options: &JsValue) -> Result<Promise, JsValue>;
}

/// The browser gave no answer: it knows no passkeys, none of them fits, or the person turned it down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoAnswer;

impl From<JsValue> for NoAnswer {
    fn from(_: JsValue) -> Self {
        Self
    }
}

/// Makes a passkey for this challenge.
pub async fn create(challenge: &PasskeyChallenge) -> Result<PasskeyAnswer, NoAnswer> {
    let promise = create_credential(&options(challenge, creation_options)?)?;
    answer(challenge, promise).await
}

/// Asks a passkey to answer this challenge.
pub async fn get(challenge: &PasskeyChallenge) -> Result<PasskeyAnswer, NoAnswer> {
    let promise = get_credential(&options(challenge, request_options)?)?;
    answer(challenge, promise).await
}

/// `{publicKey: …}`, its texts made bytes.
fn options(challenge: &PasskeyChallenge, read: fn(&JsValue) -> Result<JsValue, JsValue>) -> Result<JsValue, NoAnswer> {
    let key = JsValue::from_str("publicKey");
    let options = Reflect::get(&JSON::parse(&challenge.options.to_string())?, &key)?;
    let whole = Object::new();
    Reflect::set(&whole, &key, &read(&options)?)?;
    Ok(whole.unchecked_into())
}

async fn answer(challenge: &PasskeyChallenge, promise: Promise) -> Result<PasskeyAnswer, NoAnswer> {
    // `stringify` asks the credential for its `toJSON`.
    let text = String::from(JSON::stringify(&JsFuture::from(promise).await?)?);
    let credential = serde_json::from_str(&text).map_err(|_| NoAnswer)?;
    Ok(PasskeyAnswer { challenge_id: challenge.challenge_id, credential })
}
