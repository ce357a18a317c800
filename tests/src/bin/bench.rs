//! The load part of `cargo xtask bench`: look-ups, whole registrations, request forms, memory under load.
//!
//! Starts the server that `MOTCUA_BENCH_SERVER` names, a release build without test seams, on SQLite with
//! 100,000 accounts; prints each figure with its target, the misses too. Every figure is of this run on
//! this machine: load and server share it.

#![expect(clippy::print_stdout, reason = "a bench prints")]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use motcua::app::Services;
use motcua::clock::Clock;
use motcua::seeding;
use motcua::settings::Settings;
use reqwest::multipart::{Form, Part};
use serde_json::{Value, json};

const ACCOUNTS: u32 = 100_000;
const LOOK_UPS: u32 = 20_000;
const REGISTRATIONS: u32 = 200;
const FORMS: u32 = 100;
const AT_ONCE: u32 = 8;

#[tokio::main]
async fn main() -> Result<()> {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let program = std::env::var_os("MOTCUA_BENCH_SERVER").context("MOTCUA_BENCH_SERVER names no server")?;
    let folder = tempfile::tempdir()?;
    let seeded = Instant::now();
    seed(folder.path()).await?;
    println!("seeded {ACCOUNTS} accounts in {:.1} s", seeded.elapsed().as_secs_f64());

    let server = Server::start(&PathBuf::from(program), folder.path()).await?;
    let desk = Desk::sign_in(&server, folder.path()).await?;
    server.print_memory("before the load")?;
    look_ups(&server, &desk).await?;
    server.print_memory("after the look-ups")?;
    search(&server, &desk).await?;
    server.print_memory("after the searches")?;
    request_forms(&desk).await?;
    server.print_memory("after the request forms")?;
    registrations(&server, &desk, folder.path()).await?;
    server.print_memory("after the registrations")?;
    Ok(())
}

async fn seed(folder: &Path) -> Result<()> {
    let services = Services::open(Settings::demo(folder), Clock::system()).await?;
    motcua::demo::seed(&services).await?;
    seeding::accounts(&services, "minh", ACCOUNTS).await?;
    services.database.close().await;
    Ok(())
}

/// The server under load.
struct Server {
    child: Child,
    url: String,
}

impl Server {
    async fn start(program: &Path, folder: &Path) -> Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let url = format!("http://127.0.0.1:{port}");
        let child = Command::new(program)
            .arg("serve")
            .env("MOTCUA__DATA_DIR", folder)
            .env("MOTCUA__SERVER__LISTEN", format!("127.0.0.1:{port}"))
            .env("MOTCUA__SERVER__SECURE_COOKIES", "false")
            .env("MOTCUA__OTP__PER_OFFICER_HOUR", "1000000")
            .env("MOTCUA__MESSAGES__CAPS__PER_OFFICER_DAY", "1000000")
            .env("MOTCUA__MESSAGES__CAPS__PER_UNIT_HOUR", "1000000")
            .env("RUST_LOG", "warn")
            .stdout(Stdio::null())
            .spawn()
            .context("the server does not start")?;
        let server = Self { child, url };
        let deadline = Instant::now() + Duration::from_secs(30);
        while reqwest::get(format!("{}/readyz", server.url)).await.is_err() {
            ensure!(Instant::now() < deadline, "the server was not ready after 30 s");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(server)
    }

    /// User and system time so far.
    fn cpu(&self) -> Result<Duration> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let (_, after_name) = stat.rsplit_once(')').context("/proc/…/stat")?;
        let ticks = after_name.split_whitespace().skip(11).take(2).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
        // Linux gives ticks of 1/100 s to every program.
        Ok(Duration::from_millis(ticks * 10))
    }

    fn print_memory(&self, when: &str) -> Result<()> {
        println!("memory {when}: {} KiB resident", self.resident_kib()?);
        Ok(())
    }

    fn resident_kib(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("VmRSS")?;
        Ok(line.split_whitespace().next().context("VmRSS")?.parse()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An officer at work.
#[derive(Clone)]
struct Desk {
    client: reqwest::Client,
    base: String,
    token: String,
    unit: Value,
}

impl Desk {
    async fn sign_in(server: &Server, folder: &Path) -> Result<Self> {
        let file = std::fs::read_to_string(folder.join("demo-sign-in.txt"))?;
        let (username, rest) = file.split_once('\n').context("the sign-in file")?;
        let password = rest.lines().next().context("the sign-in file")?;
        let base = format!("{}/api/v1", server.url);
        let client = reqwest::Client::new();
        let body = json!({ "username": username, "password": password });
        let session: Value = client.post(format!("{base}/sessions")).json(&body).send().await?.json().await?;
        let token = session["access_token"].as_str().context("no token")?.to_owned();
        let mut desk = Self { client, base, token, unit: Value::Null };
        let me: Value = desk.get("/me").await?.json().await?;
        desk.unit = me["units"][0]["id"].clone();
        Ok(desk)
    }

    async fn get(&self, path: &str) -> Result<reqwest::Response> {
        let url = format!("{}{path}", self.base);
        Ok(self.client.get(url).bearer_auth(&self.token).send().await?.error_for_status()?)
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        let url = format!("{}{path}", self.base);
        let response = self.client.post(url).bearer_auth(&self.token).json(body).send().await?;
        let status = response.status();
        let answer: Value = response.json().await?;
        ensure!(status.is_success(), "{path} answered {answer}");
        Ok(answer)
    }

    async fn draft(&self, n: u32) -> Result<String> {
        let number = seeding::number_of(n);
        let year = 1900 + number[4..6].parse::<u32>()?;
        let details = json!({
            "id_number": number, "full_name": "Nguyễn Thị Ước Mơ", "birth_date": format!("{year}-01-02"),
            "phone": format!("03{n:08}"), "unit_id": self.unit,
        });
        let begun = self.post("/registrations", &details).await?;
        Ok(begun["id"].as_str().context("no id")?.to_owned())
    }
}

/// Runs `work` for `0..count`, some at once; how long it all took.
async fn at_once<F>(count: u32, work: impl Fn(u32) -> F) -> Result<Duration>
where
    F: Future<Output = Result<()>> + Send + 'static,
{
    let started = Instant::now();
    let mut running = tokio::task::JoinSet::new();
    for n in 0..count {
        if running.len() >= AT_ONCE as usize
            && let Some(done) = running.join_next().await
        {
            done??;
        }
        running.spawn(work(n));
    }
    while let Some(done) = running.join_next().await {
        done??;
    }
    Ok(started.elapsed())
}

fn verdict(met: bool) -> &'static str {
    if met { "met" } else { "MISSED" }
}

async fn look_ups(server: &Server, desk: &Desk) -> Result<()> {
    let before = server.cpu()?;
    let took = at_once(LOOK_UPS, |n| {
        let desk = desk.clone();
        async move {
            // Every other number has an account.
            let number = seeding::number_of(n * 7 % (2 * ACCOUNTS));
            let answer = desk.post("/lookups", &json!({ "id_number": number })).await?;
            ensure!(answer["account"].is_object() == (n * 7 % (2 * ACCOUNTS) < ACCOUNTS), "a wrong answer");
            Ok(())
        }
    })
    .await?;
    let cpu = (server.cpu()? - before).as_secs_f64() * 1_000.0 / f64::from(LOOK_UPS);
    let rate = f64::from(LOOK_UPS) / took.as_secs_f64();
    println!(
        "look-ups at {ACCOUNTS} accounts: {rate:.0}/s, {cpu:.3} ms CPU each; at most 1 ms: {}",
        verdict(cpu <= 1.0)
    );
    Ok(())
}

async fn search(server: &Server, desk: &Desk) -> Result<()> {
    for (what, body) in [
        ("no filter", json!({})),
        ("a name", json!({ "name": "thi anh" })),
        ("a number", json!({ "id_number": seeding::number_of(4_242) })),
    ] {
        let before = server.cpu()?;
        let mut times = Vec::new();
        for _ in 0..20 {
            let started = Instant::now();
            desk.post("/accounts/search", &body).await?;
            times.push(started.elapsed());
        }
        times.sort();
        let cpu = (server.cpu()? - before).as_secs_f64() * 1_000.0 / 20.0;
        println!("search by {what}: {:.1} ms (median of 20), {cpu:.1} ms CPU each", times[10].as_secs_f64() * 1_000.0);
    }
    Ok(())
}

async fn request_forms(desk: &Desk) -> Result<()> {
    let id = desk.draft(2 * ACCOUNTS + REGISTRATIONS).await?;
    for (format, target) in [("pdf", Some(15.0)), ("docx", None)] {
        let path = format!("/registrations/{id}/request-form?format={format}");
        desk.get(&path).await?.bytes().await?;
        let mut times = Vec::new();
        for _ in 0..FORMS {
            let started = Instant::now();
            desk.get(&path).await?.bytes().await?;
            times.push(started.elapsed());
        }
        times.sort();
        let median = times[times.len() / 2].as_secs_f64() * 1_000.0;
        let target = target.map_or(String::new(), |most| format!("; at most {most} ms: {}", verdict(median <= most)));
        println!("request form as {format}, over HTTP, warm: {median:.1} ms (median of {FORMS}){target}");
    }
    Ok(())
}

async fn registrations(server: &Server, desk: &Desk, folder: &Path) -> Result<()> {
    let scan = motcua_tests::documents::pdf("the bench").content;
    let messages = folder.join("messages");
    let before = server.cpu()?;
    let took = at_once(REGISTRATIONS, |n| {
        let (desk, scan, messages) = (desk.clone(), scan.clone(), messages.clone());
        async move { register(&desk, 2 * ACCOUNTS + n, scan, &messages).await }
    })
    .await?;
    let cpu = (server.cpu()? - before).as_secs_f64() * 1_000.0 / f64::from(REGISTRATIONS);
    let rate = f64::from(REGISTRATIONS) / took.as_secs_f64();
    println!(
        "whole registrations (draft, scan, form, code, account): {rate:.1}/s, {cpu:.0} ms CPU each, \
         the password's Argon2id included"
    );
    Ok(())
}

async fn register(desk: &Desk, n: u32, scan: Vec<u8>, messages: &Path) -> Result<()> {
    let id = desk.draft(n).await?;
    let part = Part::bytes(scan).file_name("scan.pdf").mime_str("application/pdf")?;
    let url = format!("{}/registrations/{id}/scan", desk.base);
    let upload = desk.client.put(url).bearer_auth(&desk.token).multipart(Form::new().part("file", part));
    upload.send().await?.error_for_status()?;
    desk.get(&format!("/registrations/{id}/request-form")).await?.bytes().await?;
    let queued = desk.post(&format!("/registrations/{id}/otp"), &json!({})).await?;
    let message = queued["message_id"].as_str().context("no message")?.replace('-', "");
    let code = code_of(messages, &message).await?;
    desk.post(&format!("/registrations/{id}/otp/verify"), &json!({ "code": code })).await?;
    desk.post(&format!("/registrations/{id}/account"), &json!({})).await?;
    Ok(())
}

/// The code in the file of a message, once it is there.
async fn code_of(messages: &Path, message: &str) -> Result<String> {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        for entry in std::fs::read_dir(messages)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.contains(message) && !name.starts_with('.') {
                let text = std::fs::read_to_string(&path)?;
                let (_, body) = text.split_once("\n\n").context("a message without a text")?;
                let digits = body.split(|c: char| !c.is_ascii_digit()).find(|word| word.len() == 6);
                return Ok(digits.context("a message without a code")?.to_owned());
            }
        }
        ensure!(Instant::now() < deadline, "no message after 30 s");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
