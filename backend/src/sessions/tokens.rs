//! Access and refresh tokens.

use chrono::{DateTime, Duration, Utc};
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::problem::Fault;
use crate::random::Random;

const ISSUER: &str = "motcua";
const AUDIENCE: &str = "officer";

#[derive(Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    iat: i64,
    exp: i64,
}

/// Signs and reads access tokens.
pub struct TokenKey {
    signing: EncodingKey,
    reading: DecodingKey,
    validation: Validation,
}

impl TokenKey {
    /// Over a secret of 32 bytes.
    pub fn new(secret: &[u8; 32]) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        // By our clock, below.
        validation.validate_exp = false;
        Self { signing: EncodingKey::from_secret(secret), reading: DecodingKey::from_secret(secret), validation }
    }

    /// A token of a session, good for `valid` from `now`.
    pub(super) fn sign(
        &self,
        officer: Uuid,
        session: Uuid,
        now: DateTime<Utc>,
        valid: Duration,
    ) -> Result<String, Fault> {
        let claims = Claims {
            iss: ISSUER.into(),
            aud: AUDIENCE.into(),
            sub: officer,
            sid: session,
            iat: now.timestamp(),
            exp: (now + valid).timestamp(),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing).map_err(Fault::new)
    }

    /// The session of a token that is ours and not expired.
    pub(super) fn read(&self, token: &str, now: DateTime<Utc>) -> Option<Uuid> {
        let claims = jsonwebtoken::decode::<Claims>(token, &self.reading, &self.validation).ok()?.claims;
        (claims.exp > now.timestamp()).then_some(claims.sid)
    }
}

/// A refresh token: the session's id and 32 random bytes. Only a hash of it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RefreshToken {
    pub(super) session: Uuid,
    secret: [u8; 32],
}

impl RefreshToken {
    pub(super) fn draw(session: Uuid, random: &Random) -> Self {
        Self { session, secret: random.bytes() }
    }

    pub(super) fn parse(text: &str) -> Option<Self> {
        let (session, secret) = text.split_once('.')?;
        let secret = BASE64URL_NOPAD.decode(secret.as_bytes()).ok()?.try_into().ok()?;
        Some(Self { session: Uuid::parse_str(session).ok()?, secret })
    }

    pub(super) fn text(&self) -> String {
        format!("{}.{}", self.session.simple(), BASE64URL_NOPAD.encode(&self.secret))
    }

    pub(super) fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.secret).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    #[test]
    fn a_token_works_until_its_time_and_under_its_key_only() {
        let key = TokenKey::new(&[1; 32]);
        let session = Uuid::from_u128(2);
        let token = key.sign(Uuid::from_u128(1), session, now(), Duration::minutes(15)).unwrap();
        assert_eq!(key.read(&token, now() + Duration::seconds(899)), Some(session));
        assert_eq!(key.read(&token, now() + Duration::seconds(900)), None);
        assert_eq!(TokenKey::new(&[2; 32]).read(&token, now()), None);
    }

    #[test]
    fn a_token_without_a_signature_is_none() {
        let key = TokenKey::new(&[1; 32]);
        let token = key.sign(Uuid::nil(), Uuid::nil(), now(), Duration::minutes(15)).unwrap();
        let body = token.split('.').nth(1).unwrap();
        let header = BASE64URL_NOPAD.encode(br#"{"alg":"none","typ":"JWT"}"#);
        assert_eq!(key.read(&format!("{header}.{body}."), now()), None);
    }

    #[test]
    fn a_refresh_token_reads_back_as_itself() {
        let token = RefreshToken::draw(Uuid::from_u128(3), &Random::system().unwrap());
        assert_eq!(RefreshToken::parse(&token.text()), Some(token));
        assert_eq!(RefreshToken::parse("x.y"), None);
    }
}
