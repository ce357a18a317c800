//! The rows of `audit_events` and the one of `audit_chain`.

use chrono::{DateTime, Utc};
use motcua_openapi::audit::{Act, AuditFilter};
use motcua_openapi::values::text;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ActiveValue::Set, Condition, ConnectionTrait, PaginatorTrait, QueryOrder, QuerySelect};

use super::Trace;
use super::model::{BEGINNING, Event, Head, Kept};
use crate::app::Services;
use crate::clock::desk_midnight;
use crate::cursor::Position;
use crate::database::{Transaction, locks_rows};
use crate::officers;
use crate::problem::Fault;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    at: DateTime<Utc>,
    officer_id: Option<Uuid>,
    citizen_id: Option<Uuid>,
    agency_id: Option<Uuid>,
    unit_id: Option<Uuid>,
    act: String,
    subject_id: Option<Uuid>,
    remote_address: Option<String>,
    changes: Option<String>,
    mac: Option<Vec<u8>>,
    sequence: Option<i64>,
    seal: Option<Vec<u8>>,
}

impl ActiveModelBehavior for ActiveModel {}

mod chain {
    use super::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "audit_chain")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: i32,
        pub sequence: i64,
        pub head: Vec<u8>,
        pub advanced_at: DateTime<Utc>,
    }

    impl ActiveModelBehavior for ActiveModel {}
}

/// The chain's row.
const CHAIN: i32 = 1;
/// Rows an insert: SQLite takes 32,766 values a statement.
const ROWS_AT_ONCE: usize = 1_000;

impl From<Model> for Kept {
    fn from(row: Model) -> Self {
        Self {
            event: Event {
                id: row.id,
                at: row.at,
                officer_id: row.officer_id,
                citizen_id: row.citizen_id,
                agency_id: row.agency_id,
                unit_id: row.unit_id,
                act: row.act,
                subject_id: row.subject_id,
                remote_address: row.remote_address,
                changes: row.changes,
            },
            mac: row.mac,
            sequence: row.sequence.and_then(|sequence| u64::try_from(sequence).ok()),
            seal: row.seal,
        }
    }
}

/// Appends events, each with its MAC.
pub(super) async fn append(
    connection: &impl ConnectionTrait,
    services: &Services,
    events: Vec<Event>,
) -> Result<(), Fault> {
    let rows: Vec<ActiveModel> = events.into_iter().map(|event| row(services, event)).collect();
    for rows in rows.chunks(ROWS_AT_ONCE) {
        Entity::insert_many(rows.to_vec()).exec_without_returning(connection).await?;
    }
    Ok(())
}

fn row(services: &Services, event: Event) -> ActiveModel {
    let mac = event.mac(&services.vault).to_vec();
    ActiveModel {
        id: Set(event.id),
        at: Set(event.at),
        officer_id: Set(event.officer_id),
        citizen_id: Set(event.citizen_id),
        agency_id: Set(event.agency_id),
        unit_id: Set(event.unit_id),
        act: Set(event.act),
        subject_id: Set(event.subject_id),
        remote_address: Set(event.remote_address),
        changes: Set(event.changes),
        mac: Set(Some(mac)),
        sequence: Set(None),
        seal: Set(None),
    }
}

/// Events that have no place in the chain yet, oldest first.
pub(super) async fn unsealed(
    connection: &impl ConnectionTrait,
    until: DateTime<Utc>,
    limit: u64,
) -> Result<Vec<Kept>, Fault> {
    let rows = Entity::find()
        .filter(Column::Sequence.is_null())
        .filter(Column::At.lte(until))
        .order_by_asc(Column::At)
        .order_by_asc(Column::Id)
        .limit(limit)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(Kept::from).collect())
}

/// The chain's head, locked: the upsert is the lock, another sealer waits here until this transaction has ended.
pub(super) async fn lock_head(transaction: &Transaction, now: DateTime<Utc>) -> Result<Head, Fault> {
    let first =
        chain::ActiveModel { id: Set(CHAIN), sequence: Set(0), head: Set(BEGINNING.to_vec()), advanced_at: Set(now) };
    chain::Entity::insert(first)
        .on_conflict(OnConflict::column(chain::Column::Id).do_nothing().to_owned())
        .try_insert()
        .exec_without_returning(transaction)
        .await?;
    let mut query = chain::Entity::find_by_id(CHAIN);
    if locks_rows(transaction) {
        query = query.lock_exclusive();
    }
    let row = query.one(transaction).await?.ok_or_else(|| Fault::new(anyhow::anyhow!("the audit has no chain")))?;
    Ok(head_of(row))
}

fn head_of(row: chain::Model) -> Head {
    Head { sequence: u64::try_from(row.sequence).unwrap_or_default(), seal: row.head }
}

/// The chain's head as it is recorded.
pub(super) async fn head(connection: &impl ConnectionTrait) -> Result<Option<Head>, Fault> {
    Ok(chain::Entity::find_by_id(CHAIN).one(connection).await?.map(head_of))
}

/// Gives an event its place.
pub(super) async fn seal(transaction: &Transaction, id: Uuid, sequence: u64, seal: &[u8]) -> Result<(), Fault> {
    Entity::update_many()
        .col_expr(Column::Sequence, Expr::value(signed(sequence)))
        .col_expr(Column::Seal, Expr::value(seal.to_vec()))
        .filter(Column::Id.eq(id))
        .filter(Column::Sequence.is_null())
        .exec(transaction)
        .await?;
    Ok(())
}

/// Moves the head on.
pub(super) async fn advance(transaction: &Transaction, head: &Head, now: DateTime<Utc>) -> Result<(), Fault> {
    chain::Entity::update_many()
        .col_expr(chain::Column::Sequence, Expr::value(signed(head.sequence)))
        .col_expr(chain::Column::Head, Expr::value(head.seal.clone()))
        .col_expr(chain::Column::AdvancedAt, Expr::value(now))
        .filter(chain::Column::Id.eq(CHAIN))
        .exec(transaction)
        .await?;
    Ok(())
}

/// Sealed events behind a place, in the chain's order.
pub(super) async fn sealed_after(
    connection: &impl ConnectionTrait,
    sequence: i64,
    limit: u64,
) -> Result<Vec<Kept>, Fault> {
    let rows = Entity::find()
        .filter(Column::Sequence.gt(sequence))
        .order_by_asc(Column::Sequence)
        .limit(limit)
        .all(connection)
        .await?;
    Ok(rows.into_iter().map(Kept::from).collect())
}

/// The events about these subjects, newest first: at most so many of the staff's, and so many of others'.
///
/// # Errors
/// Where the database fails.
pub async fn traces(
    connection: &impl ConnectionTrait,
    subjects: &[Uuid],
    of_staff: u64,
    of_others: u64,
) -> Result<Vec<Trace>, Fault> {
    let about = || Entity::find().filter(Column::SubjectId.is_in(subjects.iter().copied()));
    let (staffs, others) =
        (about().filter(Column::OfficerId.is_not_null()), about().filter(Column::OfficerId.is_null()));
    let mut rows = Vec::new();
    for (query, limit) in [(staffs, of_staff), (others, of_others)] {
        rows.extend(query.order_by_desc(Column::At).order_by_desc(Column::Id).limit(limit).all(connection).await?);
    }
    rows.sort_unstable_by_key(|row| std::cmp::Reverse((row.at, row.id)));
    Ok(rows
        .into_iter()
        .map(|row| Trace {
            at: row.at,
            act: Act::named(&row.act),
            officer_id: row.officer_id,
            agency_id: row.agency_id,
            citizen_id: row.citizen_id,
        })
        .collect())
}

/// How many events are sealed.
pub(super) async fn count_sealed(connection: &impl ConnectionTrait) -> Result<u64, Fault> {
    Ok(Entity::find().filter(Column::Sequence.is_not_null()).count(connection).await?)
}

/// Whose events are looked at.
pub(super) struct Sight {
    /// What somebody of these did, or what was done on a thing there.
    pub(super) agencies: Vec<Uuid>,
    /// Also what is nobody's.
    pub(super) is_at_the_top: bool,
}

impl Sight {
    fn condition(&self) -> Condition {
        let nobodys = Condition::all().add(Column::AgencyId.is_null()).add(Column::UnitId.is_null());
        Condition::any()
            .add(Column::AgencyId.is_in(self.agencies.iter().copied()))
            .add(Column::UnitId.is_in(self.agencies.iter().copied()))
            .add_option(self.is_at_the_top.then_some(nobodys))
    }
}

fn matching(filter: &AuditFilter) -> Condition {
    // An act of a newer program cannot be shown by this one.
    let acts = if filter.acts.is_empty() { Act::ALL } else { &filter.acts };
    let words: Vec<String> = text::fold(&filter.officer_name).split_whitespace().map(str::to_owned).collect();
    let named = (!words.is_empty()).then(|| Column::OfficerId.in_subquery(officers::store::ids_by_name(&words)));
    let day_after_last = filter.to.and_then(|day| day.succ_opt());
    Condition::all()
        .add(Column::Act.is_in(acts.iter().map(|act| act.as_str())))
        .add_option(filter.officer_id.map(|id| Column::OfficerId.eq(id)))
        .add_option(named)
        .add_option(filter.subject_id.map(|id| Column::SubjectId.eq(id)))
        .add_option(filter.from.map(|day| Column::At.gte(desk_midnight(day))))
        .add_option(day_after_last.map(|day| Column::At.lt(desk_midnight(day))))
}

/// At most `limit` events that are seen and match, behind a position, newest first.
pub(super) async fn page(
    connection: &impl ConnectionTrait,
    sight: &Sight,
    filter: &AuditFilter,
    after: Option<Position>,
    limit: u64,
) -> Result<Vec<Kept>, Fault> {
    let mut query = Entity::find().filter(sight.condition()).filter(matching(filter));
    if let Some(Position { at, id }) = after {
        query = query.filter(
            Condition::any().add(Column::At.lt(at)).add(Condition::all().add(Column::At.eq(at)).add(Column::Id.lt(id))),
        );
    }
    let rows = query.order_by_desc(Column::At).order_by_desc(Column::Id).limit(limit).all(connection).await?;
    Ok(rows.into_iter().map(Kept::from).collect())
}

fn signed(sequence: u64) -> i64 {
    i64::try_from(sequence).unwrap_or(i64::MAX)
}
