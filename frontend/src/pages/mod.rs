//! The pages. Each folder or file is one screen; they meet by addresses and by the API.

pub(crate) mod account;
pub(crate) mod accounts;
pub(crate) mod created;
pub(crate) mod messages;
pub(crate) mod not_found;
pub(crate) mod registration;
pub(crate) mod sign_in;
