//! What the two programs of administrators share, `admin` and `people`: the menu of both, tables, and what is said
//! alike.
//!
//! Refuses calls to the API.

mod menu;
mod requests;
pub mod said;
mod table;

use motcua_openapi::second_factors::SecondFactorKind;
use yew::AttrValue;

pub use menu::{Menu, asked_first};
pub use requests::{request_tag, requested_unit};
pub use table::Table;

use crate::i18n::I18n;

/// What a second factor is called.
pub fn factor_kind(i18n: &I18n, kind: SecondFactorKind) -> AttrValue {
    i18n.t(match kind {
        SecondFactorKind::Totp => "factor.totp",
        SecondFactorKind::Passkey => "factor.passkey",
    })
}
