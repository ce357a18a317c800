//! The request form (giấy đề nghị tạo tài khoản) of exactly these details.
//!
//! Owns the code that ties a paper to what was entered when it was printed: a MAC over the details,
//! so that it cannot be made up, short enough to be compared by eye.

use data_encoding::BASE32_NOPAD;
use motcua_openapi::problem::{FieldCode, FieldError};
use motcua_openapi::registrations::{CompleteDetails, RequestFormFormat};
use motcua_request_form::RequestForm;
use uuid::Uuid;

use super::error::Error;
use super::model::{FormRecord, Registration, WrongState};
use super::{drafts, store};
use crate::app::Services;
use crate::audit::{self, About, Act};
use crate::problem::Fault;
use crate::sessions::Caller;
use crate::{officers, units};

/// Makes the form and remembers which details it shows.
pub(super) async fn make(
    services: &Services,
    caller: &Caller,
    id: Uuid,
    format: RequestFormFormat,
) -> Result<(Vec<u8>, String), Error> {
    let transaction = services.database.begin().await?;
    let registration = drafts::lock(&transaction, services, caller, id).await?;
    if !registration.is_open() {
        return Err(WrongState(registration.state).into());
    }
    let (details, unit_id) = whole(&registration)?;
    let code = code(services, &registration).unwrap_or_default();
    let form = FormRecord { code: code.clone(), at: services.clock.now() };
    store::save_form(&transaction, id, &form).await?;
    audit::record(&transaction, services, Some(caller), Act::RequestFormMade, About::of(id).in_unit(unit_id)).await?;
    let content = content(services, &transaction, caller, details, unit_id, code.clone()).await?;
    transaction.commit().await?;
    Ok((typeset(services, content, format).await?, code))
}

/// The details where nothing is missing, the unit included.
pub(super) fn whole(registration: &Registration) -> Result<(CompleteDetails, Uuid), Error> {
    let unit = registration.unit_id.ok_or_else(|| FieldError::new("unit_id", FieldCode::Required, "required"));
    match (registration.details.complete(), unit) {
        (Ok(details), Ok(unit)) => Ok((details, unit)),
        (details, unit) => {
            let mut fields = details.err().unwrap_or_default();
            fields.extend(unit.err());
            Err(Error::Incomplete(fields))
        }
    }
}

/// The code of the details as they are now, e.g. `7F3K-92QD`; `None` while they are not whole.
pub(super) fn code(services: &Services, registration: &Registration) -> Option<String> {
    let (details, unit) = whole(registration).ok()?;
    let text = |value: Option<String>| value.unwrap_or_default();
    let parts = [
        registration.id.to_string(),
        unit.to_string(),
        details.id_number.to_string(),
        text(details.previous_id_number.map(|number| number.to_string())),
        details.full_name.to_string(),
        details.birth_date.date().to_string(),
        details.phone.to_string(),
        text(details.email.map(|email| email.to_string())),
    ];
    let bytes: Vec<&[u8]> = parts.iter().map(String::as_bytes).collect();
    let mac = services.vault.mac("request form", &bytes);
    let letters = BASE32_NOPAD.encode(mac.get(..5)?);
    let (head, tail) = letters.split_at(4);
    Some(format!("{head}-{tail}"))
}

async fn content(
    services: &Services,
    transaction: &crate::database::Transaction,
    caller: &Caller,
    details: CompleteDetails,
    unit_id: Uuid,
    code: String,
) -> Result<RequestForm, Fault> {
    let unit_name = units::store::names(transaction, vec![unit_id]).await?.remove(&unit_id).unwrap_or_default();
    let officer = officers::store::find(transaction, services, caller.officer_id).await?;
    let place = &services.settings.place;
    Ok(RequestForm {
        unit_name,
        portal_name: place.portal_name.clone(),
        place: place.locality.clone(),
        date: services.clock.today(),
        full_name: details.full_name.as_str().to_owned(),
        id_number: details.id_number.grouped(),
        previous_id_number: details.previous_id_number.map(|number| number.grouped()),
        birth_date: details.birth_date.date(),
        phone: details.phone.grouped(),
        email: details.email.map(|email| email.as_str().to_owned()),
        officer_name: caller.full_name.clone(),
        officer_phone: officer.and_then(|officer| officer.phone).map(|phone| phone.grouped()).unwrap_or_default(),
        code,
    })
}

async fn typeset(services: &Services, form: RequestForm, format: RequestFormFormat) -> Result<Vec<u8>, Fault> {
    let typesetter = services.typesetter.clone();
    let setting = move || match format {
        RequestFormFormat::Pdf => typesetter.pdf(&form),
        RequestFormFormat::Docx => typesetter.docx(&form),
    };
    tokio::task::spawn_blocking(setting).await.map_err(Fault::new)?.map_err(Fault::new)
}
