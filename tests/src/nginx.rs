//! A real nginx, Debian's, in front of a server of the test: TLS, and client certificates that it verifies. What it
//! hands on is what `deploy/nginx.conf` says: its `proxy_set_header` lines are read from there.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::authority::Authority;
use crate::kannel::free_ports;
use crate::wait;

/// The name in its certificate.
pub const NAME: &str = "localhost";

/// An nginx that runs.
pub struct Nginx {
    port: u16,
    // Ended before its folder goes.
    _running: Child,
    _folder: TempDir,
}

impl Nginx {
    /// Starts one before `backend` (`http://…`), whose own certificate and whose visitors' are of `authority`.
    ///
    /// # Panics
    /// Where nginx is not installed, or does not start.
    pub async fn before(backend: &str, authority: &Authority) -> Self {
        let folder = tempfile::Builder::new().prefix("motcua-nginx-").tempdir().expect("a folder");
        let [port] = free_ports();
        let server = authority.issue_server(NAME);
        let files = [("ca.pem", &authority.pem), ("server.pem", &server.pem), ("server.key", &server.key_pem())];
        for (name, content) in files {
            fs::write(folder.path().join(name), content).expect("a file");
        }
        let config = folder.path().join("nginx.conf");
        fs::write(&config, configuration(folder.path(), port, backend)).expect("a file");
        let running = Command::new(program())
            .arg("-p")
            .arg(folder.path())
            .arg("-c")
            .arg(&config)
            .arg("-e")
            .arg(folder.path().join("error.log"))
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("nginx starts");
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        wait::until("nginx to listen", || async { TcpStream::connect(address).await.ok() }).await;
        Self { port, _running: running, _folder: folder }
    }

    /// `https://localhost:port`
    pub fn base(&self) -> String {
        format!("https://{NAME}:{}", self.port)
    }
}

fn program() -> PathBuf {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = std::env::split_paths(&folders).chain(["/usr/sbin".into()]).map(|folder| folder.join("nginx"));
    folders.find(|path| path.is_file()).expect("nginx is missing: apt-get install nginx")
}

/// One process, in the foreground, that ends with whoever started it.
fn configuration(folder: &Path, port: u16, backend: &str) -> String {
    let deployed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/nginx.conf");
    let deployed = fs::read_to_string(deployed).expect("the province's nginx.conf");
    let headers: String = deployed.lines().filter(|line| line.trim().starts_with("proxy_set_header")).collect();
    let folder = folder.display();
    format!(
        "daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
        events {{ worker_connections 64; }}
        http {{
            access_log off;
            client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
            uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
            proxy_http_version 1.1;
            {headers}
            server {{
                listen 127.0.0.1:{port} ssl;
                ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.key;
                ssl_client_certificate {folder}/ca.pem; ssl_verify_client optional;
                location / {{ proxy_pass {backend}; }}
            }}
        }}"
    )
}
