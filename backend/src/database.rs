//! The database: connecting, migrating, and the two ways to use it.
//!
//! Owns the pools. Refuses statements: those are in each feature's `store.rs`. SQLite takes one
//! writer at a time, so its writes queue on a pool of one connection and begin `IMMEDIATE`; reads
//! have a pool of their own and are never behind a write (WAL). On PostgreSQL both are one pool.

use std::time::Duration;

use motcua_migration::{Migrator, MigratorTrait};
use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as SeaDatabase, DatabaseConnection, DatabaseTransaction, DbBackend,
    DbErr, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};

pub use sea_orm::ConnectionTrait as Connection;

/// A transaction under way; dropped without `commit` it rolls back.
pub type Transaction = DatabaseTransaction;

/// The pools.
#[derive(Clone)]
pub struct Database {
    readers: DatabaseConnection,
    writers: DatabaseConnection,
}

impl Database {
    /// Connects to `sqlite://…` or `postgres://…`.
    ///
    /// # Errors
    /// Where the database cannot be reached or opened.
    pub async fn connect(url: &str, max_connections: u32) -> Result<Self, DbErr> {
        let connections = max_connections.max(2);
        if url.starts_with("sqlite:") {
            // Reading is this process's own work: more readers than cores only hold memory.
            let cores = std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get);
            let readers = connections.min(u32::try_from(cores * 2).unwrap_or(u32::MAX));
            Ok(Self { writers: open(url, 1).await?, readers: open(url, readers).await? })
        } else {
            let pool = open(url, connections).await?;
            Ok(Self { readers: pool.clone(), writers: pool })
        }
    }

    /// Brings the tables up to this program's version.
    ///
    /// # Errors
    /// A migration that fails; what ran before it stays.
    pub async fn migrate(&self) -> Result<(), DbErr> {
        Migrator::up(&self.writers, None).await
    }

    /// For reads outside a transaction.
    pub fn reader(&self) -> &DatabaseConnection {
        &self.readers
    }

    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// Where no connection can be had in time.
    pub async fn begin(&self) -> Result<Transaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        self.writers.begin_with_options(options).await
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// Where it does not.
    pub async fn ping(&self) -> Result<(), DbErr> {
        self.readers.execute_unprepared("SELECT 1").await.map(|_| ())
    }

    /// Closes the pools once what runs on them is done.
    pub async fn close(self) {
        for pool in [self.writers, self.readers] {
            if let Err(error) = pool.close().await {
                tracing::warn!(%error, "a pool did not close");
            }
        }
    }
}

/// Whether a row lock (`FOR UPDATE`) is asked for: SQLite's transactions hold the only write lock anyway.
pub fn locks_rows(connection: &impl ConnectionTrait) -> bool {
    connection.get_database_backend() == DbBackend::Postgres
}

async fn open(url: &str, connections: u32) -> Result<DatabaseConnection, DbErr> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10))
                // KiB of pages a connection; the system keeps the file in memory anyway.
                .pragma("cache_size", "-4000")
        });
    SeaDatabase::connect(options).await
}
