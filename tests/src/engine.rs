//! The two engines that every test of the API runs on, each with a database of its own.
//!
//! PostgreSQL is the server of `MOTCUA_TEST_POSTGRES_URL` (a superuser's URL; `cargo xtask test` starts
//! one). Without it the PostgreSQL half fails, unless `MOTCUA_TEST_SQLITE_ONLY=1` says that it is
//! left out on purpose.

use motcua::random::Random;
use sea_orm::{ConnectionTrait, Database, DbErr};

const POSTGRES_URL: &str = "MOTCUA_TEST_POSTGRES_URL";
const SQLITE_ONLY: &str = "MOTCUA_TEST_SQLITE_ONLY";

/// An engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file in the test's own folder.
    Sqlite,
    /// A database of the test's own on the server of the environment.
    Postgres,
}

impl Engine {
    /// A fresh database, or `None` where this engine is left out of the run.
    ///
    /// # Panics
    /// Where PostgreSQL is wanted and there is none.
    pub(crate) async fn fresh_database(self) -> Option<Fresh> {
        if self == Self::Sqlite {
            return Some(Fresh::InTheDataFolder);
        }
        match std::env::var(POSTGRES_URL) {
            Ok(url) if !url.is_empty() => Some(Fresh::OnPostgres(PostgresDatabase::create(&url).await)),
            _ if std::env::var(SQLITE_ONLY).is_ok_and(|value| value == "1") => {
                eprintln!("SKIPPED on PostgreSQL: {SQLITE_ONLY}=1");
                None
            }
            _ => panic!(
                "no PostgreSQL: set {POSTGRES_URL} to a superuser's URL (`cargo xtask test` starts a server and does), \
                 or leave this half out with {SQLITE_ONLY}=1"
            ),
        }
    }
}

/// Where a test's data goes.
pub(crate) enum Fresh {
    /// `motcua.db` beside the rest.
    InTheDataFolder,
    /// A database on the server.
    OnPostgres(PostgresDatabase),
}

/// A database that is dropped with this value.
pub(crate) struct PostgresDatabase {
    server: String,
    name: String,
}

impl PostgresDatabase {
    async fn create(server: &str) -> Self {
        let random = u128::from_be_bytes(Random::system().expect("randomness").bytes());
        let name = format!("motcua_test_{random:032x}");
        run(server, &format!("CREATE DATABASE {name}")).await.expect("the test's database cannot be created");
        Self { server: server.to_owned(), name }
    }

    pub(crate) fn url(&self) -> String {
        let mut url = url::Url::parse(&self.server).expect(POSTGRES_URL);
        url.set_path(&self.name);
        url.into()
    }
}

impl Drop for PostgresDatabase {
    fn drop(&mut self) {
        let (server, statement) = (self.server.clone(), format!("DROP DATABASE {} WITH (FORCE)", self.name));
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(run(&server, &statement)).map_err(std::io::Error::other)
        });
        match dropping.join() {
            Ok(Ok(())) => {}
            outcome => eprintln!("the database {} is left behind: {outcome:?}", self.name),
        }
    }
}

async fn run(server: &str, statement: &str) -> Result<(), DbErr> {
    let connection = Database::connect(server).await?;
    connection.execute_unprepared(statement).await?;
    connection.close().await
}
