//! The rows of `registrations` and `otp_codes`.

use chrono::{DateTime, Utc};
use motcua_openapi::registrations::{Details, RegistrationState};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, QueryOrder, QuerySelect};

use super::model::{FormRecord, OtpCursor, Registration, ScanRecord, State};
use crate::app::Services;
use crate::database::{Transaction, locks_rows};
use crate::problem::Fault;
use crate::sessions::Scope;
use crate::vault::Place;

mod registration {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "registrations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub version: i32,
        pub state: String,
        pub officer_id: Uuid,
        pub unit_id: Option<Uuid>,
        pub details_sealed: Option<Vec<u8>>,
        pub scan_sealed: Option<Vec<u8>>,
        pub form_code: Option<String>,
        pub form_at: Option<DateTime<Utc>>,
        pub otp_sequence: i32,
        pub otp_message_id: Option<Uuid>,
        pub phone_verified_at: Option<DateTime<Utc>>,
        pub account_id: Option<Uuid>,
        pub created_at: DateTime<Utc>,
        pub updated_at: DateTime<Utc>,
        pub updated_by: Uuid,
        pub expires_at: DateTime<Utc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod code {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "otp_codes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub registration_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub sequence: i32,
        pub message_id: Uuid,
        pub mac: Vec<u8>,
        pub drawn_at: DateTime<Utc>,
        pub sent_at: Option<DateTime<Utc>>,
        pub tries: i32,
        pub consumed_at: Option<DateTime<Utc>>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) use code::Model as Code;
use registration::{ActiveModel, Column, Entity};

fn place(column: &'static str, row: Uuid) -> Place {
    Place { table: "registrations", column, row }
}

fn read(services: &Services, row: registration::Model) -> Result<Registration, Fault> {
    let details: Option<Details> = row
        .details_sealed
        .as_deref()
        .map(|sealed| services.vault.open_value(place("details_sealed", row.id), sealed))
        .transpose()?;
    let scan: Option<ScanRecord> = row
        .scan_sealed
        .as_deref()
        .map(|sealed| services.vault.open_value(place("scan_sealed", row.id), sealed))
        .transpose()?;
    let state = match (row.state.as_str(), row.phone_verified_at, row.account_id) {
        ("draft", _, _) => State::Draft,
        ("phone_verified", Some(at), _) => State::PhoneVerified { at },
        ("completed", _, Some(account_id)) => State::Completed { account_id },
        ("cancelled", _, _) => State::Cancelled,
        ("expired", _, _) => State::Expired,
        (other, _, _) => return Err(Fault::new(anyhow::anyhow!("registration {} has the state {other:?}", row.id))),
    };
    Ok(Registration {
        id: row.id,
        version: row.version,
        officer_id: row.officer_id,
        unit_id: row.unit_id,
        details: details.unwrap_or_default(),
        scan,
        form: row.form_code.zip(row.form_at).map(|(code, at)| FormRecord { code, at }),
        otp: OtpCursor { sequence: row.otp_sequence, message_id: row.otp_message_id },
        state,
        created_at: row.created_at,
        updated_at: row.updated_at,
        updated_by: row.updated_by,
        expires_at: row.expires_at,
    })
}

fn write(services: &Services, registration: &Registration, version: i32) -> Result<ActiveModel, Fault> {
    let id = registration.id;
    let details_sealed = registration
        .is_open()
        .then(|| services.vault.seal_value(place("details_sealed", id), &registration.details))
        .transpose()?;
    let scan_sealed =
        registration.scan.as_ref().map(|scan| services.vault.seal_value(place("scan_sealed", id), scan)).transpose()?;
    let (phone_verified_at, account_id) = match registration.state {
        State::PhoneVerified { at } => (Some(at), None),
        State::Completed { account_id } => (None, Some(account_id)),
        State::Draft | State::Cancelled | State::Expired => (None, None),
    };
    Ok(ActiveModel {
        id: Set(id),
        version: Set(version),
        state: Set(registration.state.name().as_str().to_owned()),
        officer_id: Set(registration.officer_id),
        unit_id: Set(registration.unit_id),
        details_sealed: Set(details_sealed),
        scan_sealed: Set(scan_sealed),
        form_code: Set(registration.form.as_ref().map(|form| form.code.clone())),
        form_at: Set(registration.form.as_ref().map(|form| form.at)),
        otp_sequence: Set(registration.otp.sequence),
        otp_message_id: Set(registration.otp.message_id),
        phone_verified_at: Set(phone_verified_at),
        account_id: Set(account_id),
        created_at: Set(registration.created_at),
        updated_at: Set(registration.updated_at),
        updated_by: Set(registration.updated_by),
        expires_at: Set(registration.expires_at),
    })
}

/// The registration of an id.
pub(super) async fn find(
    connection: &impl ConnectionTrait,
    services: &Services,
    id: Uuid,
) -> Result<Option<Registration>, Fault> {
    Entity::find_by_id(id).one(connection).await?.map(|row| read(services, row)).transpose()
}

/// The same, held against every other writer until the transaction ends.
pub(super) async fn lock(
    transaction: &Transaction,
    services: &Services,
    id: Uuid,
) -> Result<Option<Registration>, Fault> {
    let mut query = Entity::find_by_id(id);
    if locks_rows(transaction) {
        query = query.lock_exclusive();
    }
    query.one(transaction).await?.map(|row| read(services, row)).transpose()
}

fn is_open() -> Condition {
    Condition::all()
        .add(Column::State.is_in([RegistrationState::Draft.as_str(), RegistrationState::PhoneVerified.as_str()]))
}

/// The open ones within a scope, last changed first.
pub(super) async fn open_within(
    connection: &impl ConnectionTrait,
    services: &Services,
    scope: &Scope,
    limit: u64,
) -> Result<Vec<Registration>, Fault> {
    let within = Condition::any()
        .add(Column::OfficerId.eq(scope.officer_id))
        .add(Column::UnitId.is_in(scope.unit_ids.iter().copied()));
    let rows = Entity::find()
        .filter(is_open())
        .filter(within)
        .filter(Column::ExpiresAt.gt(services.clock.now()))
        .order_by_desc(Column::UpdatedAt)
        .limit(limit)
        .all(connection)
        .await?;
    rows.into_iter().map(|row| read(services, row)).collect()
}

/// How many are open at a unit and not overdue.
///
/// # Errors
/// Where the database fails.
pub async fn open_at(transaction: &Transaction, now: DateTime<Utc>, unit: Uuid) -> Result<u64, Fault> {
    let open = Entity::find().filter(is_open()).filter(Column::UnitId.eq(unit)).filter(Column::ExpiresAt.gt(now));
    Ok(open.count(transaction).await?)
}

/// The ids of open ones whose time is over.
pub(super) async fn overdue(
    connection: &impl ConnectionTrait,
    now: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Uuid>, Fault> {
    Ok(Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(is_open())
        .filter(Column::ExpiresAt.lte(now))
        .limit(limit)
        .into_tuple()
        .all(connection)
        .await?)
}

/// Adds a registration.
pub(crate) async fn insert(
    transaction: &Transaction,
    services: &Services,
    registration: &Registration,
) -> Result<(), Fault> {
    let row = write(services, registration, registration.version)?;
    Entity::insert(row).exec_without_returning(transaction).await?;
    Ok(())
}

/// Saves a registration that was read at its version. `None`: somebody else was faster.
pub(super) async fn save(
    transaction: &Transaction,
    services: &Services,
    registration: Registration,
) -> Result<Option<Registration>, Fault> {
    let version = registration.version + 1;
    let row = write(services, &registration, version)?;
    let updated = Entity::update_many()
        .set(row)
        .filter(Column::Id.eq(registration.id))
        .filter(Column::Version.eq(registration.version))
        .exec(transaction)
        .await?;
    Ok((updated.rows_affected == 1).then_some(Registration { version, ..registration }))
}

/// Saves which code is the newest of a locked registration. No new version: nothing that an officer
/// edits has changed.
pub(super) async fn save_otp_cursor(transaction: &Transaction, id: Uuid, otp: OtpCursor) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::OtpSequence, Expr::value(otp.sequence))
        .col_expr(Column::OtpMessageId, Expr::value(otp.message_id))
        .filter(Column::Id.eq(id))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Saves that a form was made. No new version, as above.
pub(super) async fn save_form(transaction: &Transaction, id: Uuid, form: &FormRecord) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::FormCode, Expr::value(form.code.clone()))
        .col_expr(Column::FormAt, Expr::value(form.at))
        .filter(Column::Id.eq(id))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Adds a drawn code.
pub(super) async fn insert_code(transaction: &Transaction, code: Code) -> Result<(), Fault> {
    code::Entity::insert(code::ActiveModel::from(code)).exec_without_returning(transaction).await?;
    Ok(())
}

/// The newest codes of a registration, newest first.
pub(super) async fn codes(
    connection: &impl ConnectionTrait,
    registration: Uuid,
    limit: u64,
) -> Result<Vec<Code>, Fault> {
    Ok(code::Entity::find()
        .filter(code::Column::RegistrationId.eq(registration))
        .order_by_desc(code::Column::Sequence)
        .limit(limit)
        .all(connection)
        .await?)
}

/// How many codes a registration has had.
pub(super) async fn count_codes(connection: &impl ConnectionTrait, registration: Uuid) -> Result<u64, Fault> {
    Ok(code::Entity::find().filter(code::Column::RegistrationId.eq(registration)).count(connection).await?)
}

/// Records when the gateway accepted a code.
pub(super) async fn mark_sent(
    transaction: &Transaction,
    registration: Uuid,
    message: Uuid,
    at: DateTime<Utc>,
) -> Result<(), Fault> {
    code::Entity::update_many()
        .col_expr(code::Column::SentAt, Expr::value(at))
        .filter(code::Column::RegistrationId.eq(registration))
        .filter(code::Column::MessageId.eq(message))
        .filter(code::Column::SentAt.is_null())
        .exec(transaction)
        .await?;
    Ok(())
}

/// Counts a wrong try; `false` where the tries were used up already.
pub(super) async fn count_try(transaction: &Transaction, code: &Code, max: i32) -> Result<bool, Fault> {
    let counted = code::Entity::update_many()
        .col_expr(code::Column::Tries, Expr::col(code::Column::Tries).add(1))
        .filter(code::Column::RegistrationId.eq(code.registration_id))
        .filter(code::Column::Sequence.eq(code.sequence))
        .filter(code::Column::Tries.lt(max))
        .exec(transaction)
        .await?;
    Ok(counted.rows_affected == 1)
}

/// Uses a code up, in one statement: of any number of parallel tries exactly one gets `true`.
pub(super) async fn consume(
    transaction: &Transaction,
    code: &Code,
    max: i32,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let consumed = code::Entity::update_many()
        .col_expr(code::Column::ConsumedAt, Expr::value(now))
        .filter(code::Column::RegistrationId.eq(code.registration_id))
        .filter(code::Column::Sequence.eq(code.sequence))
        .filter(code::Column::ConsumedAt.is_null())
        .filter(code::Column::Tries.lt(max))
        .exec(transaction)
        .await?;
    Ok(consumed.rows_affected == 1)
}
