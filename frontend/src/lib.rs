//! What the pages share: the API, the pieces that pages are made of, words, clock and sessions.
//!
//! The pages are four programs, each loaded on its own: `desk` for officers, `citizen` for citizens, `admin` for
//! administrators and auditors, `people` for the units and officers that administrators keep. Each draws its screens from `components`, asks the server by `api`, and keeps what it
//! knows in pure states. Words come from `i18n`, the words for the contract's codes from `wording`.

pub mod administration;
pub mod api;
pub mod browser;
pub mod clock;
pub mod components;
pub mod hooks;
pub mod i18n;
pub mod opening;
pub mod passkeys;
pub mod staff;
pub mod wording;
