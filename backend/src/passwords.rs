//! Argon2id, off the request threads and never more at once than the machine has cores.
//!
//! Owns hashing and verifying. Refuses to know whose password it is.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use motcua_openapi::values::NewPassword;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

use crate::problem::Fault;
use crate::settings;

/// Hashes and verifies passwords.
#[derive(Clone)]
pub struct Passwords {
    argon2: Argon2<'static>,
    at_once: Arc<Semaphore>,
    nobodys: Arc<str>,
}

impl Passwords {
    /// With the cost of the settings.
    ///
    /// # Errors
    /// A cost that Argon2 does not take.
    pub fn new(settings: &settings::Passwords) -> anyhow::Result<Self> {
        let params = Params::new(settings.memory_kib, settings.passes, 1, None)
            .map_err(|error| anyhow::anyhow!("passwords.memory_kib or passwords.passes: {error}"))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let at_once = if settings.at_once == 0 { cores } else { settings.at_once };
        let nobodys = hash_now(&argon2, b"nobody has this password").map_err(|fault| anyhow::anyhow!("{fault}"))?;
        Ok(Self { argon2, at_once: Arc::new(Semaphore::new(at_once)), nobodys: nobodys.into() })
    }

    /// The PHC string of a password.
    ///
    /// # Errors
    /// Where the machine has no memory or randomness for it.
    pub async fn hash(&self, password: SecretString) -> Result<String, Fault> {
        self.run(move |argon2| hash_now(argon2, password.expose_secret().as_bytes())).await
    }

    /// Whether a password is that of the hash. `None`, for somebody who does not exist, takes as
    /// long and is never right.
    ///
    /// # Errors
    /// Where the stored hash cannot be read.
    pub async fn verify(&self, password: SecretString, hash: Option<&str>) -> Result<bool, Fault> {
        let known = hash.is_some();
        let hash = hash.unwrap_or(&self.nobodys).to_owned();
        self.run(move |argon2| {
            let parsed = PasswordHash::new(&hash).map_err(|error| Fault::new(anyhow::anyhow!("a hash: {error}")))?;
            Ok(argon2.verify_password(password.expose_secret().as_bytes(), &parsed).is_ok() && known)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Argon2<'static>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let permit = self.at_once.clone().acquire_owned().await.map_err(Fault::new)?;
        let argon2 = self.argon2.clone();
        tokio::task::spawn_blocking(move || {
            let result = work(&argon2);
            drop(permit);
            result
        })
        .await
        .map_err(Fault::new)?
    }
}

/// Passwords that guessers try first, lower case, one a line, in order.
const COMMON: &str = include_str!("passwords/common.txt");

/// Whether guessers try this password among the first, in any case.
pub fn is_common(password: &NewPassword) -> bool {
    static LIST: LazyLock<HashSet<&'static str>> = LazyLock::new(|| COMMON.lines().collect());
    LIST.contains(password.as_str().to_lowercase().as_str())
}

fn hash_now(argon2: &Argon2<'_>, password: &[u8]) -> Result<String, Fault> {
    argon2
        .hash_password(password)
        .map(|hash| hash.to_string())
        .map_err(|error| Fault::new(anyhow::anyhow!("hashing a password: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cheap() -> Passwords {
        Passwords::new(&settings::Passwords { memory_kib: 64, passes: 1, at_once: 2 }).unwrap()
    }

    #[tokio::test]
    async fn the_right_password_is_right_and_nobody_has_one() {
        let passwords = cheap();
        let hash = passwords.hash("mật khẩu".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=64,t=1,p=1$"));
        assert!(passwords.verify("mật khẩu".into(), Some(&hash)).await.unwrap());
        assert!(!passwords.verify("mat khau".into(), Some(&hash)).await.unwrap());
        assert!(!passwords.verify("nobody has this password".into(), None).await.unwrap());
    }
}
