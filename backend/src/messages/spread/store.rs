//! The rows of `messages`, many at once.

use chrono::Duration;
use sea_orm::entity::prelude::*;

use crate::app::Services;
use crate::database::Transaction;
use crate::messages::NewMessage;
use crate::messages::store::{ActiveModel, Entity, row};
use crate::problem::Fault;

/// Rows an insert, of twenty-one columns.
const ROWS_AT_ONCE: usize = 1_000;

/// Queues messages of which `before` went the same way already: each has its turn, so many a minute, and is of use
/// for as long from then on as one that is sent at once.
///
/// # Errors
/// Where the database fails.
pub async fn enqueue_spread(
    transaction: &Transaction,
    services: &Services,
    messages: Vec<NewMessage<'_>>,
    before: usize,
    per_minute: u32,
) -> Result<(), Fault> {
    let now = services.clock.now();
    let pause = Duration::minutes(1) / i32::try_from(per_minute.max(1)).unwrap_or(i32::MAX);
    let turn = |at: usize| pause * i32::try_from(before + at).unwrap_or(i32::MAX);
    let rows: Vec<ActiveModel> = messages
        .into_iter()
        .enumerate()
        .map(|(at, message)| {
            let later = turn(at);
            row(NewMessage { use_until: message.use_until + later, ..message }, now + later)
        })
        .collect();
    for rows in rows.chunks(ROWS_AT_ONCE) {
        Entity::insert_many(rows.to_vec()).exec_without_returning(transaction).await?;
    }
    Ok(())
}
