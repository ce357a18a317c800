//! A real Chromium for one test, driven as a person would: by keys and clicks.
//!
//! Owns finding, starting and ending the browser and its driver, its downloads, its console and its
//! screenshots. Refuses to know the page: what stands on it is said by the tests.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use reqwest::Method;
use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::common::command::{Command as Wire, ExtensionCommand};
use thirtyfour::{
    BrowserLogEntry, CapabilitiesHelper, ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver,
};

use crate::wait;

/// The screen of a desk.
const WINDOW: (u32, u32) = (1366, 768);

const ARGUMENTS: [&str; 8] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// The built page that the suite opens.
///
/// # Panics
/// Where it was not built, with the command that builds it.
pub fn page_folder() -> PathBuf {
    let folder = place("MOTCUA_TEST_SPA_DIR", "../target/spa");
    assert!(
        folder.join("index.html").is_file(),
        "there is no built page in {}: run `cargo xtask spa`, or name its folder in MOTCUA_TEST_SPA_DIR",
        folder.display()
    );
    folder
}

/// The source of axe-core.
///
/// # Panics
/// Where it was not installed, with the command that installs it.
pub fn axe_source() -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(&file).unwrap_or_else(|error| {
        panic!("no axe-core ({error}): run `npm ci` in tests/browser, as `cargo xtask test` does")
    })
}

/// A place that the environment names, or one relative to this crate.
fn place(variable: &str, otherwise: &str) -> PathBuf {
    std::env::var_os(variable)
        .filter(|value| !value.is_empty())
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join(otherwise), PathBuf::from)
}

/// A browser. Ends with this value; where its test has failed it leaves a last screenshot.
pub struct Chromium {
    driver: WebDriver,
    name: String,
    shots: AtomicUsize,
    // Dropped in this order: the processes, then the folder they use.
    _process: DriverProcess,
    folder: TempDir,
}

impl Chromium {
    /// A fresh browser with nothing remembered. `name` begins the names of its screenshots.
    pub async fn open(name: &str) -> Self {
        let folder = tempfile::Builder::new().prefix("motcua-browser-").tempdir().expect("a folder");
        std::fs::create_dir(folder.path().join("downloads")).expect("a folder for downloads");
        let process = DriverProcess::start(folder.path());
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().unwrap();
        let driver = WebDriver::builder(process.url(), capabilities(folder.path())).client(http).await;
        let driver = driver.unwrap_or_else(|error| panic!("Chromium does not start: {error}"));
        Self { driver, name: name.to_owned(), shots: AtomicUsize::new(0), _process: process, folder }
    }

    /// The session, for what is asked of it directly.
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// Runs a script's body with `arguments`; what it returns.
    ///
    /// # Panics
    /// Where it throws.
    pub async fn script(&self, body: &str, arguments: Vec<Value>) -> Value {
        let returned = self.driver.execute(body, arguments).await;
        returned.unwrap_or_else(|error| panic!("{error}, in the script {body}")).json().clone()
    }

    /// Makes the page so many CSS pixels large, as zooming in does.
    pub async fn resize(&self, width: u32, height: u32) {
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false});
        self.tool("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Back to the whole window.
    pub async fn restore_size(&self) {
        self.tool("Emulation.clearDeviceMetricsOverride", json!({})).await;
    }

    /// Plugs in a security key that answers by itself whatever it is asked, as if its owner had touched it
    /// (WebAuthn level 3, 11.3).
    pub async fn plug_in_security_key(&self) {
        let parameters = json!({
            "protocol": "ctap2", "transport": "usb", "hasResidentKey": true, "hasUserVerification": true,
            "isUserConsenting": true, "isUserVerified": true,
        });
        let command = Wire::ExtensionCommand(Box::new(SecurityKey { parameters }));
        self.driver.cmd(command).await.unwrap_or_else(|error| panic!("no security key: {error}"));
    }

    async fn tool(&self, name: &'static str, parameters: Value) {
        let command = Wire::ExtensionCommand(Box::new(DevTool { name, parameters }));
        self.driver.cmd(command).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    }

    /// Keeps a picture of what is seen among the artefacts, numbered in the order of the test.
    pub async fn keep_picture(&self, step: &str) {
        let png = self.driver.screenshot_as_png().await.expect("a screenshot");
        self.keep(step, &png);
    }

    fn keep(&self, step: &str, png: &[u8]) {
        let folder = place("MOTCUA_TEST_ARTEFACTS", "../target/test-artefacts").join("browser");
        std::fs::create_dir_all(&folder).expect("the folder of artefacts");
        let number = self.shots.fetch_add(1, Ordering::Relaxed) + 1;
        let file = folder.join(format!("{}-{number:02}-{step}.png", self.name));
        std::fs::write(&file, png).expect("a screenshot is written");
    }

    /// The file that was downloaded, once it is whole: its name and its bytes.
    pub async fn download(&self) -> (String, Vec<u8>) {
        let folder = self.folder.path().join("downloads");
        let path = wait::until("a downloaded file", || async {
            let mut files = crate::desk::files_below(&folder);
            // While it comes it has another name (`….crdownload`, `.org.chromium.…`), or waits beside one that has.
            let is_coming = |name: &str| name.ends_with(".crdownload") || name.starts_with('.');
            let is_whole =
                files.iter().filter_map(|path| path.file_name()).all(|name| !is_coming(&name.to_string_lossy()));
            files.retain(|path| path.metadata().is_ok_and(|about| about.len() > 0));
            files.pop().filter(|_| is_whole)
        })
        .await;
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        (name, std::fs::read(path).expect("the downloaded file"))
    }

    /// A file of this computer that the officer can choose.
    pub fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, content).expect("a file to upload");
        path
    }

    /// What the console has said since it was last read.
    pub async fn console(&self) -> Vec<BrowserLogEntry> {
        self.driver.browser_log().await.expect("the console")
    }

    /// The last thing that a failed test saw. On a thread and runtime of its own: the test's are ending.
    fn keep_last_picture(&self) {
        let url = format!("{}session/{}/", self.driver.server_url(), self.driver.session_id());
        let last = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().ok()?;
            runtime.block_on(async {
                let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build().ok()?;
                let text = json!({"script": "return location.href + '\\n' + document.body.innerText", "args": []});
                let text: Value =
                    http.post(format!("{url}execute/sync")).json(&text).send().await.ok()?.json().await.ok()?;
                let picture: Value = http.get(format!("{url}screenshot")).send().await.ok()?.json().await.ok()?;
                Some((text["value"].as_str()?.to_owned(), picture["value"].as_str()?.to_owned()))
            })
        });
        let Ok(Some((text, picture))) = last.join() else { return eprintln!("the browser shows nothing any more") };
        eprintln!("the page at the end:\n{text}");
        if let Ok(png) = data_encoding::BASE64.decode(picture.as_bytes()) {
            self.keep("failed", &png);
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.keep_last_picture();
        }
        // The processes end with their group, so there is nothing to say goodbye to.
        let _ = self.driver.clone().leak();
    }
}

fn capabilities(folder: &Path) -> thirtyfour::ChromeCapabilities {
    let mut wanted = DesiredCapabilities::chrome();
    let mut arguments: Vec<String> = ARGUMENTS.map(str::to_owned).into();
    arguments.push(format!("--user-data-dir={}", folder.join("profile").display()));
    arguments.push(format!("--window-size={},{}", WINDOW.0, WINDOW.1));
    for argument in arguments {
        wanted.add_arg(&argument).unwrap();
    }
    let downloads = folder.join("downloads");
    let preferences = json!({
        "download.default_directory": downloads,
        "download.prompt_for_download": false,
        "credentials_enable_service": false,
    });
    wanted.add_experimental_option("prefs", preferences).unwrap();
    wanted.set_browser_log_level(LoggingPrefsLogLevel::All).unwrap();
    wanted.set("unhandledPromptBehavior", "ignore").unwrap();
    wanted
}

/// A command of the browser's developer tools.
#[derive(Debug)]
struct DevTool {
    name: &'static str,
    parameters: Value,
}

impl ExtensionCommand for DevTool {
    fn parameters_json(&self) -> Option<Value> {
        Some(json!({"cmd": self.name, "params": self.parameters}))
    }

    fn method(&self) -> Method {
        Method::POST
    }

    fn endpoint(&self) -> Arc<str> {
        "/goog/cdp/execute".into()
    }
}

/// A security key that is made of software.
#[derive(Debug)]
struct SecurityKey {
    parameters: Value,
}

impl ExtensionCommand for SecurityKey {
    fn parameters_json(&self) -> Option<Value> {
        Some(self.parameters.clone())
    }

    fn method(&self) -> Method {
        Method::POST
    }

    fn endpoint(&self) -> Arc<str> {
        "/webauthn/authenticator".into()
    }
}

/// The driver's process, the browser's below it, all in one group that ends with this value.
struct DriverProcess {
    child: Child,
    port: u16,
}

impl DriverProcess {
    fn start(folder: &Path) -> Self {
        let program = std::env::var("MOTCUA_TEST_CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".into());
        let child = Command::new(&program)
            // The system gives it a free port, and it says which.
            .arg("--port=0")
            // The page shows the desk's time wherever the computer thinks it is.
            .env("TZ", "America/Los_Angeles")
            // What the browser cannot tidy up when it is ended goes with the folder.
            .env("TMPDIR", folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        let child = child.unwrap_or_else(|error| {
            panic!(
                "`{program}` does not start ({error}): install Debian's packages chromium and chromium-driver, \
                 or name the driver in MOTCUA_TEST_CHROMEDRIVER"
            )
        });
        let mut process = Self { child, port: 0 };
        process.port = process.said_port();
        process
    }

    fn said_port(&mut self) -> u16 {
        let output = BufReader::new(self.child.stdout.take().expect("its output"));
        let mut lines = output.lines().map_while(Result::ok);
        let port = lines.find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse().ok()
        });
        // Read on, so that the driver never waits for somebody to take what it says.
        std::thread::spawn(move || lines.for_each(drop));
        port.expect("chromedriver ended without saying its port: does it fit the installed Chromium?")
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

impl Drop for DriverProcess {
    fn drop(&mut self) {
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // Fails only where all of it has ended already.
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.wait();
    }
}
