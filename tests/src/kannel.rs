//! A real Kannel with its fake SMSC: `bearerbox`, `smsbox` and `fakesmsc` of Debian's packages `kannel` and
//! `kannel-extras`, on free ports, ended with this value.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use motcua::settings;
use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::wait;

const FAKE_SMSC: &str = "/usr/lib/kannel/test/fakesmsc";

/// Name of the sendsms-user.
pub const USERNAME: &str = "motcua";
/// Password of the sendsms-user.
pub const PASSWORD: &str = "bi-mat-cua-kannel";

/// Kannel, running or killed.
pub struct Kannel {
    folder: TempDir,
    ports: Ports,
    // Ended in this order.
    running: Option<[Child; 3]>,
}

struct Ports {
    admin: u16,
    boxes: u16,
    smsc: u16,
    sendsms: u16,
}

impl Kannel {
    /// Starts the three and waits until the fake SMSC is connected.
    ///
    /// # Panics
    /// Where Kannel is not installed, or does not start.
    pub async fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("motcua-kannel-").tempdir().expect("a folder");
        let [admin, boxes, smsc, sendsms] = free_ports();
        let ports = Ports { admin, boxes, smsc, sendsms };
        fs::write(folder.path().join("kannel.conf"), configuration(&ports)).expect("a file");
        let mut kannel = Self { folder, ports, running: None };
        kannel.start_again().await;
        kannel
    }

    /// Starts it after [`Kannel::kill`], on the same ports.
    ///
    /// # Panics
    /// Where it does not start.
    pub async fn start_again(&mut self) {
        let (bearerbox, smsbox) = (program("bearerbox"), program("smsbox"));
        assert!(Path::new(FAKE_SMSC).is_file(), "{FAKE_SMSC} is missing: apt-get install kannel-extras");
        let config = self.folder.path().join("kannel.conf");
        let running = |name: &str, command: &mut Command| start(self.folder.path(), name, command);
        let bearer = running("bearerbox", Command::new(bearerbox).arg(&config));
        listens(self.ports.boxes, "bearerbox").await;
        listens(self.ports.smsc, "bearerbox's line for the SMSC").await;
        let sms = running("smsbox", Command::new(smsbox).arg(&config));
        listens(self.ports.sendsms, "smsbox").await;
        let port = self.ports.smsc.to_string();
        let arguments = ["-H", "127.0.0.1", "-r", &port, "-m", "0", "1 2 text x"];
        let fake = running("fakesmsc", Command::new(FAKE_SMSC).args(arguments));
        self.running = Some([fake, sms, bearer]);
        self.wait_until_online().await;
    }

    /// Kills all three, as when their machine fails.
    ///
    /// # Panics
    /// Where they do not run.
    pub async fn kill(&mut self) {
        for mut child in self.running.take().expect("it runs") {
            child.kill().await.expect("it can be killed");
        }
    }

    /// Where to send, and as whom, for the settings.
    pub fn settings(&self) -> settings::Kannel {
        settings::Kannel {
            url: format!("http://127.0.0.1:{}/cgi-bin/sendsms", self.ports.sendsms),
            username: USERNAME.into(),
            password: PASSWORD.into(),
            timeout_seconds: 5,
            ..settings::Kannel::default()
        }
    }

    /// What the fake SMSC printed: one line a message that reached it.
    pub fn received(&self) -> String {
        String::from_utf8_lossy(&fs::read(self.folder.path().join("fakesmsc.log")).unwrap_or_default()).into_owned()
    }

    async fn wait_until_online(&self) {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let status = format!("http://127.0.0.1:{}/status.txt", self.ports.admin);
        wait::until("the fake SMSC to be online", || async {
            let page = http.get(&status).send().await.ok()?.text().await.ok()?;
            page.lines().any(|line| line.contains("FAKE:") && line.contains("online")).then_some(())
        })
        .await;
    }
}

fn program(name: &str) -> PathBuf {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders)
        .chain(["/usr/sbin".into()])
        .map(|folder| folder.join(name))
        .find(|path| path.is_file())
        .unwrap_or_else(|| panic!("{name} is missing: apt-get install kannel kannel-extras"))
}

fn start(folder: &Path, name: &str, command: &mut Command) -> Child {
    let log = folder.join(format!("{name}.log"));
    let log = fs::File::options().create(true).append(true).open(log).expect("a log");
    let errors = log.try_clone().expect("a log");
    command
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(errors)
        .kill_on_drop(true)
        .spawn()
        .unwrap_or_else(|error| panic!("{name} does not start: {error}"))
}

async fn listens(port: u16, what: &str) {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    wait::until(&format!("{what} to listen"), || async { TcpStream::connect(address).await.ok() }).await;
}

/// Ports that are free now, all different.
pub fn free_ports<const N: usize>() -> [u16; N] {
    let listeners = [(); N].map(|()| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port"));
    listeners.map(|listener| listener.local_addr().expect("an address").port())
}

fn configuration(ports: &Ports) -> String {
    let Ports { admin, boxes, smsc, sendsms } = ports;
    format!(
        "group = core
admin-port = {admin}
admin-password = {PASSWORD}
smsbox-port = {boxes}
box-allow-ip = 127.0.0.1
dlr-storage = internal

group = smsc
smsc = fake
smsc-id = fake
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}

group = sendsms-user
username = {USERNAME}
password = {PASSWORD}
max-messages = 3
concatenation = true

group = sms-service
keyword = default
text = none
max-messages = 0
"
    )
}
