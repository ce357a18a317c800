//! The rows of `accounts` and `account_numbers`.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use motcua_openapi::accounts::AccountFilter;
use motcua_openapi::lookups::ExistingAccount;
use motcua_openapi::values::{IdNumber, text};
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, ExprTrait, Func, OnConflict, Order, Query, SelectStatement, SimpleExpr};
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, QueryOrder, QuerySelect, QueryTrait, TryInsertResult};

use super::{Account, Personal};
use crate::app::Services;
use crate::clock::desk_midnight;
use crate::cursor::Position;
use crate::database::Transaction;
use crate::problem::Fault;
use crate::registrations::ScanRecord;
use crate::search::{name_matches, searchable};
use crate::sessions::Scope;
use crate::vault::Place;
use crate::{officers, units};

mod account {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "accounts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub registration_id: Uuid,
        pub officer_id: Uuid,
        pub unit_id: Uuid,
        pub full_name: String,
        pub name_folded: String,
        pub personal_sealed: Vec<u8>,
        pub phone_index: Vec<u8>,
        pub scan_sealed: Vec<u8>,
        pub password_hash: Option<String>,
        pub password_sequence: i32,
        pub password_message_id: Uuid,
        pub password_expires_at: Option<DateTime<Utc>>,
        pub first_signed_in_at: Option<DateTime<Utc>>,
        pub created_at: DateTime<Utc>,
        pub password_set_at: Option<DateTime<Utc>>,
        pub closed_at: Option<DateTime<Utc>>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

mod number {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "account_numbers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub number_index: Vec<u8>,
        pub account_id: Uuid,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

use account::ActiveModel;
pub(super) use account::{Column, Entity};

fn place(column: &'static str, row: Uuid) -> Place {
    Place { table: "accounts", column, row }
}

fn number_index(services: &Services, number: &IdNumber) -> Vec<u8> {
    services.vault.index("id_number", number.as_str()).to_vec()
}

/// The id of the account of a number, as a subquery.
pub(super) fn id_of_number(services: &Services, number: &IdNumber) -> SelectStatement {
    Query::select()
        .column(number::Column::AccountId)
        .from(number::Entity)
        .and_where(number::Column::NumberIndex.eq(number_index(services, number)))
        .to_owned()
}

/// The account of a number, with `true`; where it is nobody's, that of the number whose index comes next, the first
/// of all after the last, with `false`. The same statement reads a row either way.
pub(super) async fn nearest_number(
    connection: &impl ConnectionTrait,
    services: &Services,
    number: &IdNumber,
) -> Result<Option<(bool, Uuid)>, Fault> {
    let index = number_index(services, number);
    let first = Query::select()
        .column(number::Column::NumberIndex)
        .from(number::Entity)
        .order_by(number::Column::NumberIndex, Order::Asc)
        .limit(1)
        .to_owned();
    let next = first.clone().and_where(number::Column::NumberIndex.gte(index.clone())).to_owned();
    let nearest = Func::coalesce([Expr::from(next), Expr::from(first)]);
    let row = number::Entity::find().filter(Expr::col(number::Column::NumberIndex).eq(nearest)).one(connection).await?;
    Ok(row.map(|row| (row.number_index == index, row.account_id)))
}

fn phone_index(services: &Services, e164: &str) -> Vec<u8> {
    services.vault.index("phone", e164).to_vec()
}

/// What is sealed of an account, and the blind index of its phone.
pub(super) fn sealed(services: &Services, account: &Account) -> Result<(Vec<u8>, Vec<u8>), Fault> {
    let sealed = services.vault.seal_value(place("personal_sealed", account.id), &account.personal)?;
    Ok((sealed, phone_index(services, account.personal.phone.as_e164())))
}

pub(super) fn read(services: &Services, row: account::Model) -> Result<Account, Fault> {
    let personal: Personal = services.vault.open_value(place("personal_sealed", row.id), &row.personal_sealed)?;
    let scan: ScanRecord = services.vault.open_value(place("scan_sealed", row.id), &row.scan_sealed)?;
    Ok(Account {
        id: row.id,
        registration_id: row.registration_id,
        officer_id: row.officer_id,
        unit_id: row.unit_id,
        full_name: row.full_name,
        personal,
        scan,
        password_sequence: row.password_sequence,
        password_message_id: row.password_message_id,
        password_expires_at: row.password_expires_at,
        first_signed_in_at: row.first_signed_in_at,
        password_set_at: row.password_set_at,
        closed_at: row.closed_at,
        created_at: row.created_at,
    })
}

/// Adds an account without its numbers.
pub(super) async fn insert(transaction: &Transaction, services: &Services, account: &Account) -> Result<(), Fault> {
    let (personal_sealed, phone_index) = sealed(services, account)?;
    let row = ActiveModel {
        id: Set(account.id),
        registration_id: Set(account.registration_id),
        officer_id: Set(account.officer_id),
        unit_id: Set(account.unit_id),
        full_name: Set(account.full_name.clone()),
        name_folded: Set(searchable(&text::fold(&account.full_name))),
        personal_sealed: Set(personal_sealed),
        phone_index: Set(phone_index),
        scan_sealed: Set(services.vault.seal_value(place("scan_sealed", account.id), &account.scan)?),
        password_hash: Set(None),
        password_sequence: Set(account.password_sequence),
        password_message_id: Set(account.password_message_id),
        password_expires_at: Set(None),
        first_signed_in_at: Set(None),
        created_at: Set(account.created_at),
        password_set_at: Set(None),
        closed_at: Set(None),
    };
    Entity::insert(row).exec_without_returning(transaction).await?;
    Ok(())
}

/// Takes a number for an account. `false`: another account has it. A parallel taker of the same
/// number waits here until this transaction has ended.
pub(super) async fn take_number(
    transaction: &Transaction,
    services: &Services,
    number: &IdNumber,
    account_id: Uuid,
) -> Result<bool, Fault> {
    let row = number::ActiveModel { number_index: Set(number_index(services, number)), account_id: Set(account_id) };
    let taken = number::Entity::insert(row)
        .on_conflict(OnConflict::column(number::Column::NumberIndex).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(transaction)
        .await?;
    Ok(matches!(taken, TryInsertResult::Inserted(rows) if rows > 0))
}

/// The account of a number, as anybody at a desk may know it.
///
/// # Errors
/// Where the database fails.
pub async fn existing_within(
    connection: &impl ConnectionTrait,
    services: &Services,
    number: &IdNumber,
) -> Result<Option<ExistingAccount>, Fault> {
    let found = number::Entity::find_by_id(number_index(services, number)).one(connection).await?;
    match found {
        Some(row) => existing_by_id(connection, row.account_id).await,
        None => Ok(None),
    }
}

/// The same by the account's id.
///
/// # Errors
/// Where the database fails.
pub async fn existing_by_id(connection: &impl ConnectionTrait, id: Uuid) -> Result<Option<ExistingAccount>, Fault> {
    let found: Option<(Uuid, DateTime<Utc>)> = Entity::find_by_id(id)
        .select_only()
        .columns([Column::UnitId, Column::CreatedAt])
        .into_tuple()
        .one(connection)
        .await?;
    let Some((unit_id, created_at)) = found else { return Ok(None) };
    let unit_name = units::store::names(connection, vec![unit_id]).await?.remove(&unit_id).unwrap_or_default();
    Ok(Some(ExistingAccount { created_at, unit_name }))
}

/// The account of an id.
pub(super) async fn find(
    connection: &impl ConnectionTrait,
    services: &Services,
    id: Uuid,
) -> Result<Option<Account>, Fault> {
    Entity::find_by_id(id).one(connection).await?.map(|row| read(services, row)).transpose()
}

/// The scan that an account keeps.
///
/// # Errors
/// Where the database fails.
pub async fn scan_of(services: &Services, id: Uuid) -> Result<Option<ScanRecord>, Fault> {
    Ok(find(services.database.reader(), services, id).await?.map(|account| account.scan))
}

/// Up to so many officers and units a page is gathered from one index walk each.
const WALKS: usize = 16;

/// Whose accounts a statement looks at, and whether an index may lead it there.
#[derive(Clone, Copy)]
enum Within<'a> {
    /// Those of one officer, newest first by an index.
    Officer(Uuid),
    /// Those of one unit, newest first by an index.
    Unit(Uuid),
    /// All of the scope, by whichever index suits.
    Scope(&'a Scope),
    /// All of the scope, as a mere check on what another condition found: neither SQLite nor PostgreSQL takes an
    /// index for an expression, and SQLite would take the wrong one.
    Checked(&'a Scope),
}

impl Within<'_> {
    fn condition(self) -> Condition {
        let of = |scope: &Scope, column: fn(Column) -> SimpleExpr| {
            Condition::any()
                .add(column(Column::OfficerId).eq(scope.officer_id))
                .add(column(Column::UnitId).is_in(scope.unit_ids.iter().copied()))
        };
        match self {
            Self::Officer(officer) => Condition::all().add(Column::OfficerId.eq(officer)),
            Self::Unit(unit) => Condition::all().add(Column::UnitId.eq(unit)),
            Self::Scope(scope) => of(scope, |column| Expr::col((Entity, column))),
            Self::Checked(scope) => of(scope, |column| {
                let column = || Expr::col((Entity, column));
                Func::coalesce([column(), column()]).into()
            }),
        }
    }
}

/// Whether a number or a phone leads straight to the few accounts that match.
fn is_exact(filter: &AccountFilter) -> bool {
    filter.id_number.is_some() || filter.phone.is_some()
}

fn matching(services: &Services, within: Within<'_>, filter: &AccountFilter) -> Condition {
    let by_number = filter.id_number.as_ref().map(|number| Column::Id.in_subquery(id_of_number(services, number)));
    let by_officer = (!filter.officer_words.is_empty())
        .then(|| Column::OfficerId.in_subquery(officers::store::ids_by_name(&filter.officer_words)));
    let by_phone = filter.phone.as_ref().map(|phone| Column::PhoneIndex.eq(phone_index(services, phone.as_e164())));
    let day_after_last = filter.to.and_then(|day| day.succ_opt());
    Condition::all()
        .add(within.condition())
        .add(name_matches(Expr::col((Entity, Column::NameFolded)), &filter.name_words))
        .add_option(by_number)
        .add_option(by_phone)
        .add_option(by_officer)
        .add_option(filter.unit_id.map(|unit| Column::UnitId.eq(unit)))
        .add_option(filter.from.map(|day| Column::CreatedAt.gte(desk_midnight(day))))
        .add_option(day_after_last.map(|day| Column::CreatedAt.lt(desk_midnight(day))))
}

/// At most `limit` accounts after a position, newest first.
pub(super) async fn page(
    connection: &impl ConnectionTrait,
    services: &Services,
    scope: &Scope,
    filter: &AccountFilter,
    after: Option<Position>,
    limit: u64,
) -> Result<Vec<Account>, Fault> {
    let walks = if is_exact(filter) || scope.unit_ids.len() >= WALKS {
        vec![Within::Checked(scope)]
    } else {
        // One walk an officer or unit ends after `limit` rows; an OR of them would read and sort them all.
        let of_units = scope.unit_ids.iter().map(|unit| Within::Unit(*unit));
        std::iter::once(Within::Officer(scope.officer_id)).chain(of_units).collect()
    };
    let mut rows = Vec::new();
    for within in walks {
        let mut query = Entity::find().filter(matching(services, within, filter));
        if let Some(Position { at, id }) = after {
            query = query.filter(
                Condition::any()
                    .add(Column::CreatedAt.lt(at))
                    .add(Condition::all().add(Column::CreatedAt.eq(at)).add(Column::Id.lt(id))),
            );
        }
        let query = query.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).limit(limit);
        rows.extend(query.all(connection).await?);
    }
    rows.sort_unstable_by_key(|row| Reverse((row.created_at, row.id)));
    rows.dedup_by_key(|row| row.id);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    rows.into_iter().map(|row| read(services, row)).collect()
}

/// How many match, counting no further than `limit`.
pub(super) async fn count(
    connection: &impl ConnectionTrait,
    services: &Services,
    scope: &Scope,
    filter: &AccountFilter,
    limit: u64,
) -> Result<u64, Fault> {
    let bounded = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(matching(
            services,
            if is_exact(filter) { Within::Checked(scope) } else { Within::Scope(scope) },
            filter,
        ))
        .limit(limit)
        .into_query();
    let counting = Query::select().expr(Expr::cust("COUNT(*)")).from_subquery(bounded, "bounded").to_owned();
    let row = connection.query_one(&counting).await?;
    let count: i64 = row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or_default();
    Ok(u64::try_from(count).unwrap_or_default())
}

/// The citizen has neither signed in nor chosen a password, and the account is not closed.
fn is_unused() -> Condition {
    Condition::all()
        .add(Column::FirstSignedInAt.is_null())
        .add(Column::PasswordSetAt.is_null())
        .add(Column::ClosedAt.is_null())
}

/// Records a drawn password: its hash, its place in the sequence, until when it works. `false`: another message
/// was asked to carry it since the account was read, or the citizen has signed in.
pub(super) async fn set_password(
    transaction: &Transaction,
    account: &Account,
    hash: String,
    expires_at: DateTime<Utc>,
) -> Result<bool, Fault> {
    let set = Entity::update_many()
        .col_expr(Column::PasswordHash, Expr::value(hash))
        .col_expr(Column::PasswordSequence, Expr::value(account.password_sequence + 1))
        .col_expr(Column::PasswordExpiresAt, Expr::value(expires_at))
        .filter(Column::Id.eq(account.id))
        .filter(Column::PasswordMessageId.eq(account.password_message_id))
        .filter(is_unused())
        .exec(transaction)
        .await?;
    Ok(set.rows_affected == 1)
}

/// Another message is to carry the password: the one before is dead from here on. `false`: the citizen has
/// signed in. Parallel requests wait here for each other.
pub(super) async fn replace_password(transaction: &Transaction, id: Uuid, message_id: Uuid) -> Result<bool, Fault> {
    let replaced = Entity::update_many()
        .col_expr(Column::PasswordMessageId, Expr::value(message_id))
        .col_expr(Column::PasswordHash, Expr::value(None::<String>))
        .col_expr(Column::PasswordExpiresAt, Expr::value(None::<DateTime<Utc>>))
        .filter(Column::Id.eq(id))
        .filter(is_unused())
        .exec(transaction)
        .await?;
    Ok(replaced.rows_affected == 1)
}
