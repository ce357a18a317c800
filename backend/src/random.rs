//! Randomness, as one value that is passed in.
//!
//! Owns the drawing of keys, codes, passwords and ids. Refuses any generator that is not
//! cryptographically secure.

use std::sync::{Arc, Mutex, PoisonError};

use motcua_openapi::values::OtpCode;
use rand::rngs::{StdRng, SysRng};
use rand::{Rng, RngExt, SeedableRng};
use uuid::Uuid;

use crate::clock::Clock;

/// How long a temporary password is, in characters.
pub const TEMPORARY_PASSWORD_CHARS: usize = 10;

/// A source of secure random values, cheap to clone.
#[derive(Clone)]
pub struct Random(Arc<Mutex<StdRng>>);

impl Random {
    /// Seeded by the operating system.
    ///
    /// # Errors
    /// Where the operating system has no randomness to give.
    pub fn system() -> anyhow::Result<Self> {
        let rng = StdRng::try_from_rng(&mut SysRng)
            .map_err(|error| anyhow::anyhow!("the system gives no randomness: {error}"))?;
        Ok(Self(Arc::new(Mutex::new(rng))))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.with(|rng| rng.fill_bytes(&mut bytes));
        bytes
    }

    /// A code, uniform over 000000–999999.
    pub fn otp_code(&self) -> OtpCode {
        OtpCode::from_number(self.with(|rng| rng.random_range(0..OtpCode::COUNT)))
    }

    /// A password for one sign-in: characters that are not mistaken for each other when read
    /// from a small screen (no 0/O, 1/l/I), 5 bits each.
    pub fn temporary_password(&self) -> String {
        const ALPHABET: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";
        self.with(|rng| {
            (0..TEMPORARY_PASSWORD_CHARS)
                .filter_map(|_| ALPHABET.get(rng.random_range(0..ALPHABET.len())))
                .map(|b| char::from(*b))
                .collect()
        })
    }

    /// A new id, UUIDv7 of the clock's time.
    pub fn id(&self, clock: &Clock) -> Uuid {
        let millis = u64::try_from(clock.now().timestamp_millis()).unwrap_or_default();
        uuid::Builder::from_unix_timestamp_millis(millis, &self.bytes()).into_uuid()
    }

    fn with<T>(&self, draw: impl FnOnce(&mut StdRng) -> T) -> T {
        draw(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
