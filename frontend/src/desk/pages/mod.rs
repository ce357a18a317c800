//! The pages. Each folder or file is one screen; they meet by addresses and by the API.

pub(crate) mod account;
pub(crate) mod accounts;
pub(crate) mod created;
pub(crate) mod registration;
