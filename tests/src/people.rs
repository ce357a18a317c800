//! Citizens who come to the desk: made up, each with a number and a phone of their own.

use motcua_openapi::registrations::DetailsInput;

/// The `n`-th citizen, all details but the unit: born on 1 February 1990, as the number says.
pub fn citizen(n: u32) -> DetailsInput {
    DetailsInput {
        id_number: Some(id_number(n)),
        full_name: Some("Nguyễn Thị Ánh".into()),
        birth_date: Some("1990-02-01".into()),
        phone: Some(phone(n)),
        ..DetailsInput::default()
    }
}

/// The `n`-th citizen under another name.
pub fn named(n: u32, full_name: &str) -> DetailsInput {
    DetailsInput { full_name: Some(full_name.into()), ..citizen(n) }
}

/// The CCCD of the `n`-th citizen: Ho Chi Minh City, female, 1990.
pub fn id_number(n: u32) -> String {
    format!("079190{n:06}")
}

/// The CMND of the `n`-th citizen.
pub fn old_number(n: u32) -> String {
    format!("225{n:06}")
}

/// The phone of the `n`-th citizen, national form.
pub fn phone(n: u32) -> String {
    format!("0905{n:06}")
}
