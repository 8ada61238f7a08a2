//! nginx in front of the nodes that clients talk to, as it is shipped, but for TLS.

use std::{fs, path::Path, time::Duration};

use anyhow::Result;
use tokio::net::TcpStream;

use super::STOPPING;
use crate::{
    find,
    process::{Process, Program},
};

const SHIPPED: &str = include_str!("../../../../deploy/nginx/nexus.conf");

/// `master_process off`: killed outright, a master would leave its workers behind.
const AROUND: &str = "\
daemon off;
master_process off;
pid @home@/nginx.pid;
events { worker_connections 16384; }
http {
    client_body_temp_path @home@/body;
    proxy_temp_path @home@/proxy;
    fastcgi_temp_path @home@/fastcgi;
    uwsgi_temp_path @home@/uwsgi;
    scgi_temp_path @home@/scgi;
    include @home@/nexus.conf;
}
";

/// Lines that begin so are left out. All clients here come from one address, so no limits on it.
const LEFT_OUT: [&str; 6] =
    ["ssl_", "limit_conn ", "limit_req ", "access_log ", "server_name ", "listen [::]"];

pub struct Nginx {
    pub process: Process,
    port: u16,
}

impl Nginx {
    /// `nodes` as `host:port`.
    pub async fn start(folder: &Path, port: u16, nodes: &[String]) -> Result<Nginx> {
        let home = folder.join("nginx");
        fs::create_dir_all(&home)?;
        let path = home.to_string_lossy();
        let servers: String = nodes.iter().map(|node| format!("server {node};\n")).collect();
        fs::write(home.join("nexus-nodes.conf"), servers)?;
        fs::write(home.join("nexus.conf"), without_tls(SHIPPED, &path, port))?;
        fs::write(home.join("nginx.conf"), AROUND.replace("@home@", &path))?;
        let program = Program::new("nginx", &find::nginx()?, folder).args([
            "-e",
            "stderr",
            "-p",
            &path,
            "-c",
            "nginx.conf",
        ]);
        let mut nginx = Nginx { process: Process::start(program)?, port };
        nginx.ready().await?;
        Ok(nginx)
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    pub async fn ready(&mut self) -> Result<Duration> {
        let port = self.port;
        let answers = async || TcpStream::connect(("127.0.0.1", port)).await.is_ok();
        self.process.wait_until(answers).await
    }

    pub async fn stop(&mut self) -> Result<()> {
        self.process.stop(STOPPING).await?;
        Ok(())
    }
}

/// Its one server of HTTPS, on plain HTTP and `port`; the one that leads there is left out.
fn without_tls(shipped: &str, home: &str, port: u16) -> String {
    let servers = shipped.split_inclusive("\n}\n").filter(|block| !block.contains("listen 80;"));
    let lines = servers.flat_map(str::lines).filter(|line| {
        let line = line.trim_start();
        !LEFT_OUT.iter().any(|start| line.starts_with(start))
    });
    let text: String = lines.flat_map(|line| [line, "\n"]).collect();
    text.replace("listen 443 ssl http2;", &format!("listen 127.0.0.1:{port};"))
        .replace("/etc/nginx", home)
}

#[cfg(test)]
mod tests {
    use super::{SHIPPED, without_tls};

    #[test]
    fn the_shipped_file_needs_nothing_outside_once_tls_is_taken_away() {
        let text = without_tls(SHIPPED, "/home", 12345);
        assert!(text.contains("listen 127.0.0.1:12345;"), "{text}");
        assert!(text.contains("include /home/nexus-nodes.conf;"), "{text}");
        for outside in ["/etc", "/var", "443", "ssl", "listen 80"] {
            assert!(!text.contains(outside), "{outside} is left in\n{text}");
        }
    }
}
