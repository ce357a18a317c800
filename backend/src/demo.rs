//! The demo: made-up units and officers, so that a first start shows something.
//!
//! Owns its names and nothing else. Refuses to run where there is any officer already.

use std::path::PathBuf;

use anyhow::Context;
use motcua_openapi::sessions::Role;
use motcua_openapi::values::{PersonName, PhoneNumber};
use secrecy::SecretString;
use uuid::Uuid;

use crate::app::Services;
use crate::officers::{self, NewOfficer};
use crate::settings::{Settings, write_private};
use crate::units;

/// Where the demo's sign-in is written: name and password, one a line, then who else has that password.
pub fn sign_in_file(settings: &Settings) -> PathBuf {
    settings.data_dir.join("demo-sign-in.txt")
}

/// Makes the units and officers of a fresh demo; every officer has the one password of the file.
///
/// # Errors
/// Where the database or the data folder fails.
pub async fn seed(services: &Services) -> anyhow::Result<()> {
    let reader = services.database.reader();
    if officers::store::any(reader).await.map_err(broken)? {
        return Ok(());
    }
    let password = services.random.temporary_password();
    let agency = unit(services, None, "UBND thành phố Nha Trang").await?;
    let desk = unit(services, Some(agency), "Bộ phận một cửa UBND thành phố Nha Trang").await?;
    let ward = unit(services, Some(agency), "Bộ phận một cửa phường Vĩnh Hải").await?;
    let nameless = unit(services, Some(agency), "Văn phòng tiếp dân phường Phước Long").await?;
    let other_agency = unit(services, None, "Sở Tư pháp").await?;
    let other = unit(services, Some(other_agency), "Trung tâm phục vụ hành chính công tỉnh").await?;
    let officer_of = |username, full_name, phone, agency, units| Seed {
        username,
        full_name,
        phone,
        agency,
        units,
        role: Role::Officer,
    };
    let staff =
        |username, full_name, phone, role| Seed { role, ..officer_of(username, full_name, phone, agency, Vec::new()) };
    let officers = [
        officer_of("minh", "Đặng Quang Minh", "0905437123", agency, vec![desk, nameless]),
        officer_of("hoa", "Trần Thị Hoa", "0905437124", agency, vec![ward]),
        officer_of("nam", "Lê Hoàng Nam", "0905437125", other_agency, vec![other]),
        // Of no desk.
        staff("an", "Phạm Thị An", "0905437126", Role::Administrator),
        staff("binh", "Ngô Thanh Bình", "0905437127", Role::Auditor),
    ];
    for seed in officers {
        officer(services, seed, &password).await?;
    }
    let others = "The same password: hoa and nam (officers); an (administrator) and binh (auditor), at /admin/";
    let sign_in = format!("minh\n{password}\n{others}\n");
    write_private(&sign_in_file(&services.settings), &sign_in).context("the file of the demo's sign-in")?;
    Ok(())
}

async fn unit(services: &Services, parent_id: Option<Uuid>, name: &str) -> anyhow::Result<Uuid> {
    units::add(services, parent_id, name).await.map_err(broken)
}

/// A made-up officer.
struct Seed {
    username: &'static str,
    full_name: &'static str,
    phone: &'static str,
    agency: Uuid,
    units: Vec<Uuid>,
    role: Role,
}

async fn officer(services: &Services, seed: Seed, password: &str) -> anyhow::Result<()> {
    let new = NewOfficer {
        username: seed.username.to_owned(),
        full_name: PersonName::parse(seed.full_name)?,
        phone: Some(PhoneNumber::parse(seed.phone)?),
        password: SecretString::from(password.to_owned()),
        role: seed.role,
        agency_id: seed.agency,
        units: seed.units,
    };
    officers::authorise(services, new).await.map(|_| ()).map_err(broken)
}

fn broken(fault: crate::problem::Fault) -> anyhow::Error {
    anyhow::anyhow!("{fault}")
}
