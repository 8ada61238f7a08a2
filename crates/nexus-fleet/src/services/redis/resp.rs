//! One command to one Redis server: as much of RESP 2 as arranging servers needs.

use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};

/// A frozen server accepts and never answers.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    Text(String),
    Number(i64),
    List(Vec<Reply>),
    Nothing,
}

impl Reply {
    pub fn text(&self) -> &str {
        match self {
            Reply::Text(text) => text,
            _ => "",
        }
    }

    pub fn first(&self) -> &str {
        match self {
            Reply::List(all) => all.first().map(Reply::text).unwrap_or_default(),
            _ => "",
        }
    }
}

pub async fn command(port: u16, args: &[&str]) -> Result<Reply> {
    let doing = || format!("{} to the Redis on port {port}", args.join(" "));
    timeout(PATIENCE, exchange(port, args)).await.with_context(doing)?.with_context(doing)
}

async fn exchange(port: u16, args: &[&str]) -> Result<Reply> {
    let mut stream = BufReader::new(TcpStream::connect(("127.0.0.1", port)).await?);
    let mut request = format!("*{}\r\n", args.len());
    for arg in args {
        request.push_str(&format!("${}\r\n{arg}\r\n", arg.len()));
    }
    stream.write_all(request.as_bytes()).await?;
    read(&mut stream).await
}

async fn read(stream: &mut BufReader<TcpStream>) -> Result<Reply> {
    let mut line = String::new();
    ensure!(stream.read_line(&mut line).await? > 0, "hung up");
    let line = line.trim_end();
    let (kind, rest) = line.split_at_checked(1).context("an empty line")?;
    Ok(match kind {
        "+" => Reply::Text(rest.to_owned()),
        "-" => bail!("{rest}"),
        ":" => Reply::Number(rest.parse()?),
        "$" | "*" if rest == "-1" => Reply::Nothing,
        "$" => {
            let mut bytes = vec![0; rest.parse::<usize>()? + 2];
            stream.read_exact(&mut bytes).await?;
            bytes.truncate(bytes.len() - 2);
            Reply::Text(String::from_utf8_lossy(&bytes).into_owned())
        }
        "*" => {
            let mut all = Vec::new();
            for _ in 0..rest.parse::<usize>()? {
                all.push(Box::pin(read(stream)).await?);
            }
            Reply::List(all)
        }
        _ => bail!("not RESP: {line}"),
    })
}
