//! The real `motcua` binary as a child process: started, killed without warning, started again on its data.
//!
//! The binary is the one that `MOTCUA_TEST_SERVER` names (`cargo xtask test` builds it and does).

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use tokio::process::{Child, Command};

const PROGRAM: &str = "MOTCUA_TEST_SERVER";
const PATIENCE: Duration = Duration::from_secs(30);
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

/// A server, running or killed.
pub struct ServerProcess {
    program: PathBuf,
    port: u16,
    // Killed before its folder goes.
    child: Option<Child>,
    folder: TempDir,
}

impl ServerProcess {
    /// Starts a demo with these further settings, TOML of whole sections; waits until it is ready.
    ///
    /// # Panics
    /// Where no binary is named, or it does not start.
    pub async fn start(settings: &str) -> Self {
        let program = std::env::var_os(PROGRAM).map(PathBuf::from).filter(|path| path.is_file());
        let program = program.unwrap_or_else(|| {
            panic!(
                "{PROGRAM} names no binary of the server: `cargo xtask test` does, or build it: cargo build -p motcua"
            )
        });
        let folder = tempfile::Builder::new().prefix("motcua-process-").tempdir().expect("a folder");
        let port = port_of_no_client();
        let head = format!(
            "data_dir = {:?}\n\n[server]\nlisten = \"127.0.0.1:{port}\"\nsecure_cookies = false\nworkers = 2\n\n",
            folder.path()
        );
        fs::write(folder.path().join("settings.toml"), head + settings).expect("a file");
        let mut server = Self { program, port, child: None, folder };
        server.start_again().await;
        server
    }

    /// Starts it on its data; waits until it is ready.
    ///
    /// # Panics
    /// Where it does not start.
    pub async fn start_again(&mut self) {
        let log = File::options().create(true).append(true).open(self.folder.path().join("server.log")).expect("a log");
        let child = Command::new(&self.program)
            .args(["--config", "settings.toml", "serve"])
            .current_dir(self.folder.path())
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            .kill_on_drop(true)
            .spawn();
        let child = self.child.insert(child.expect("the server starts"));
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let ready = format!("http://127.0.0.1:{}/readyz", self.port);
        let log = self.folder.path().join("server.log");
        let answers = async || http.get(&ready).send().await.is_ok_and(|answer| answer.status() == 200);
        let begun = Instant::now();
        while !answers().await {
            let ended = child.try_wait().expect("a child");
            let in_vain = ended.is_some() || begun.elapsed() > PATIENCE;
            assert!(!in_vain, "not ready, {ended:?}:\n{}", fs::read_to_string(&log).unwrap_or_default());
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }

    /// Kills it with SIGKILL: nothing is finished, nothing is said.
    ///
    /// # Panics
    /// Where it does not run.
    pub async fn kill(&mut self) {
        self.child.take().expect("it runs").kill().await.expect("it can be killed");
    }

    /// Runs another command of the program on the same settings, to its end.
    ///
    /// # Panics
    /// Where it cannot be run.
    pub async fn command(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new(&self.program);
        command.args(["--config", "settings.toml"]).args(arguments).current_dir(self.folder.path());
        command.env("RUST_LOG", "warn").stdin(Stdio::null()).output().await.expect("the command runs")
    }

    /// `http://127.0.0.1:port`
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Its data folder.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// A free port below those that the system gives to clients: while the server is dead, no line of the test's
/// own may take its port, nor meet itself there.
fn port_of_no_client() -> u16 {
    let first = 20_000 + u16::try_from(std::process::id() % 10_000).expect("less than 10,000");
    let mut ports = (first..32_000).chain(10_000..first);
    ports.find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok()).expect("a free port")
}
