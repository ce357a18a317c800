//! Access and refresh tokens.

use chrono::{DateTime, Duration, Utc};
use data_encoding::BASE64URL_NOPAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::model::{Kind, Owner};
use crate::problem::Fault;
use crate::random::Random;

const ISSUER: &str = "motcua";

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
}

impl TokenKey {
    /// Over a secret of 32 bytes.
    pub fn new(secret: &[u8; 32]) -> Self {
        Self { signing: EncodingKey::from_secret(secret), reading: DecodingKey::from_secret(secret) }
    }

    /// A token of a session, good for `valid` from `now`, for its owner's kind of operations only.
    pub(super) fn sign(
        &self,
        owner: Owner,
        session: Uuid,
        now: DateTime<Utc>,
        valid: Duration,
    ) -> Result<String, Fault> {
        let claims = Claims {
            iss: ISSUER.into(),
            aud: owner.kind.as_str().into(),
            sub: owner.id,
            sid: session,
            iat: now.timestamp(),
            exp: (now + valid).timestamp(),
        };
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.signing).map_err(Fault::new)
    }

    /// The session of a token that is ours, of this kind and not expired.
    pub(super) fn read(&self, kind: Kind, token: &str, now: DateTime<Utc>) -> Option<Uuid> {
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[kind.as_str()]);
        // By our clock, below.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &self.reading, &validation).ok()?.claims;
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
        let token = key.sign(Owner::officer(Uuid::from_u128(1)), session, now(), Duration::minutes(15)).unwrap();
        assert_eq!(key.read(Kind::Officer, &token, now() + Duration::seconds(899)), Some(session));
        assert_eq!(key.read(Kind::Officer, &token, now() + Duration::seconds(900)), None);
        assert_eq!(TokenKey::new(&[2; 32]).read(Kind::Officer, &token, now()), None);
        assert_eq!(key.read(Kind::Citizen, &token, now()), None, "an officer's works for officers only");
    }

    #[test]
    fn a_token_without_a_signature_is_none() {
        let key = TokenKey::new(&[1; 32]);
        let token = key.sign(Owner::officer(Uuid::nil()), Uuid::nil(), now(), Duration::minutes(15)).unwrap();
        let body = token.split('.').nth(1).unwrap();
        let header = BASE64URL_NOPAD.encode(br#"{"alg":"none","typ":"JWT"}"#);
        assert_eq!(key.read(Kind::Officer, &format!("{header}.{body}."), now()), None);
    }

    #[test]
    fn a_refresh_token_reads_back_as_itself() {
        let token = RefreshToken::draw(Uuid::from_u128(3), &Random::system().unwrap());
        assert_eq!(RefreshToken::parse(&token.text()), Some(token));
        assert_eq!(RefreshToken::parse("x.y"), None);
    }
}
