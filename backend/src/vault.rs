//! Personal data at rest: sealed values, blind indexes, MACs.
//!
//! Owns the key ring and every use of it. Refuses to hand a key out. A sealed value is
//! `key id (4 bytes, big endian) · nonce (24) · XChaCha20-Poly1305 ciphertext`, bound to the place
//! it stands in: the associated data names table, column and row, so that a value moved to another
//! row does not open. New values use the newest key; older keys still open theirs.

use std::collections::BTreeMap;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::Sha256;
use uuid::Uuid;

use crate::random::Random;

/// A blind index or MAC: HMAC-SHA-256.
pub type Tag = [u8; 32];

/// The place of a sealed value.
#[derive(Clone, Copy)]
pub struct Place {
    /// Table (or store) name.
    pub table: &'static str,
    /// Column name.
    pub column: &'static str,
    /// The row's id.
    pub row: Uuid,
}

impl Place {
    fn associated_data(&self) -> Vec<u8> {
        [self.table.as_bytes(), b"\0", self.column.as_bytes(), b"\0", self.row.as_bytes()].concat()
    }
}

/// Why a sealed value does not open.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// Sealed under a key that the ring does not hold.
    #[error("sealed under key {0}, which is not in the ring")]
    UnknownKey(u32),
    /// Changed, cut, or moved from the place it was sealed for.
    #[error("a sealed value does not open")]
    Broken,
    /// It opened, but what is inside has another shape.
    #[error("a sealed value has another shape: {0}")]
    Shape(#[from] serde_json::Error),
}

/// The secret keys, 32 bytes each, as the settings give them.
pub struct Keys {
    /// The ring of sealing keys by id; the highest id seals.
    pub seal: BTreeMap<u32, [u8; 32]>,
    /// For blind indexes. Not rotated: an index must stay findable.
    pub index: [u8; 32],
    /// For one-time codes and form codes.
    pub mac: [u8; 32],
}

/// Seals, opens, indexes and authenticates.
pub struct Vault {
    ring: BTreeMap<u32, XChaCha20Poly1305>,
    newest: u32,
    index: Hmac<Sha256>,
    mac: Hmac<Sha256>,
    random: Random,
}

impl Vault {
    /// A vault over these keys.
    ///
    /// # Errors
    /// Where the ring is empty.
    pub fn new(keys: &Keys, random: Random) -> anyhow::Result<Self> {
        let newest =
            *keys.seal.keys().next_back().ok_or_else(|| anyhow::anyhow!("the ring of sealing keys is empty"))?;
        let ring = keys.seal.iter().map(|(id, key)| (*id, XChaCha20Poly1305::new(key.into()))).collect();
        let hmac = |key: &[u8; 32]| Hmac::<Sha256>::new_from_slice(key).map_err(|_| anyhow::anyhow!("an HMAC key"));
        Ok(Self { ring, newest, index: hmac(&keys.index)?, mac: hmac(&keys.mac)?, random })
    }

    /// Seals bytes for a place.
    ///
    /// # Errors
    /// Only where the cipher itself fails (a plaintext past 256 GiB).
    pub fn seal(&self, place: Place, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
        let cipher = self.ring.get(&self.newest).ok_or(VaultError::UnknownKey(self.newest))?;
        let nonce: [u8; 24] = self.random.bytes();
        let payload = Payload { msg: plain, aad: &place.associated_data() };
        let sealed = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| VaultError::Broken)?;
        Ok([self.newest.to_be_bytes().as_slice(), &nonce, &sealed].concat())
    }

    /// Opens what was sealed for the same place.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn open(&self, place: Place, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let (id, rest) = sealed.split_first_chunk::<4>().ok_or(VaultError::Broken)?;
        let (nonce, body) = rest.split_first_chunk::<24>().ok_or(VaultError::Broken)?;
        let id = u32::from_be_bytes(*id);
        let cipher = self.ring.get(&id).ok_or(VaultError::UnknownKey(id))?;
        let payload = Payload { msg: body, aad: &place.associated_data() };
        cipher.decrypt(&XNonce::from(*nonce), payload).map_err(|_| VaultError::Broken)
    }

    /// Seals a value as JSON.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn seal_value<T: Serialize>(&self, place: Place, value: &T) -> Result<Vec<u8>, VaultError> {
        self.seal(place, &serde_json::to_vec(value)?)
    }

    /// Opens a value sealed as JSON.
    ///
    /// # Errors
    /// See [`VaultError`].
    pub fn open_value<T: DeserializeOwned>(&self, place: Place, sealed: &[u8]) -> Result<T, VaultError> {
        Ok(serde_json::from_slice(&self.open(place, sealed)?)?)
    }

    /// The blind index of a value within a domain (`id_number`, `phone`, …): equal values, equal tags.
    pub fn index(&self, domain: &str, value: &str) -> Tag {
        tag(self.index.clone(), &[domain.as_bytes(), value.as_bytes()])
    }

    /// The MAC of parts within a domain. Parts are length-prefixed, so that they cannot run into each other.
    pub fn mac(&self, domain: &str, parts: &[&[u8]]) -> Tag {
        let mut all = vec![domain.as_bytes()];
        all.extend_from_slice(parts);
        tag(self.mac.clone(), &all)
    }
}

fn tag(mut hmac: Hmac<Sha256>, parts: &[&[u8]]) -> Tag {
    for part in parts {
        hmac.update(&(part.len() as u64).to_be_bytes());
        hmac.update(part);
    }
    hmac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(ring: &[u32]) -> Keys {
        let seal = ring.iter().map(|id| (*id, [u8::try_from(*id).unwrap(); 32])).collect();
        Keys { seal, index: [7; 32], mac: [8; 32] }
    }

    fn vault(ring: &[u32]) -> Vault {
        Vault::new(&keys(ring), Random::system().unwrap()).unwrap()
    }

    fn place(row: u128) -> Place {
        Place { table: "accounts", column: "personal_sealed", row: Uuid::from_u128(row) }
    }

    #[test]
    fn a_value_opens_in_its_own_place_only() {
        let vault = vault(&[1]);
        let sealed = vault.seal(place(1), b"079090001234").unwrap();
        assert_eq!(vault.open(place(1), &sealed).unwrap(), b"079090001234");
        assert!(matches!(vault.open(place(2), &sealed), Err(VaultError::Broken)));
    }

    #[test]
    fn a_changed_or_cut_value_does_not_open() {
        let vault = vault(&[1]);
        let sealed = vault.seal(place(1), b"x").unwrap();
        for at in 4..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(vault.open(place(1), &changed).is_err(), "byte {at}");
            assert!(vault.open(place(1), &sealed[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn an_older_key_still_opens_and_the_newest_seals() {
        let old = vault(&[1]).seal(place(1), b"x").unwrap();
        let both = vault(&[1, 2]);
        assert_eq!(both.open(place(1), &old).unwrap(), b"x");
        let new = both.seal(place(1), b"x").unwrap();
        assert_eq!(new[..4], [0, 0, 0, 2]);
        assert!(matches!(vault(&[1]).open(place(1), &new), Err(VaultError::UnknownKey(2))));
    }

    #[test]
    fn parts_of_a_mac_do_not_run_into_each_other() {
        let vault = vault(&[1]);
        assert_ne!(vault.mac("otp", &[b"1", b"23"]), vault.mac("otp", &[b"12", b"3"]));
        assert_ne!(vault.index("phone", "1"), vault.index("id_number", "1"));
    }
}
