//! One command to one `mongod`: as much of its wire protocol as starting a replica set needs.

use std::{io::Cursor, time::Duration};

use anyhow::{Context, Result, ensure};
use bson::{Document, doc};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

const OP_MSG: i32 = 2013;
/// Length, request id, response to, opcode.
const HEADER: usize = 16;
/// Flags, and that one document follows.
const PREFIX: usize = 5;
const PATIENCE: Duration = Duration::from_secs(30);

/// Runs an admin command; what the server answered if it is `ok`.
pub async fn command(port: u16, mut command: Document) -> Result<Document> {
    command.insert("$db", "admin");
    let answer = timeout(PATIENCE, exchange(port, &command)).await??;
    let ok = answer.get_f64("ok").is_ok_and(|ok| ok == 1.0);
    ensure!(ok, "{}", answer.get_str("errmsg").unwrap_or("refused without a word"));
    Ok(answer)
}

pub async fn hello(port: u16) -> Result<Document> {
    command(port, doc! { "hello": 1 }).await
}

async fn exchange(port: u16, command: &Document) -> Result<Document> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let body = command.to_vec()?;
    let mut message = Vec::with_capacity(HEADER + PREFIX + body.len());
    let length = i32::try_from(HEADER + PREFIX + body.len())?;
    for number in [length, 1, 0, OP_MSG, 0] {
        message.extend_from_slice(&number.to_le_bytes());
    }
    message.push(0);
    message.extend_from_slice(&body);
    stream.write_all(&message).await?;
    let length = usize::try_from(stream.read_i32_le().await?)?;
    let rest = length.checked_sub(4).context("an answer without a header")?;
    let mut answer = vec![0; rest];
    stream.read_exact(&mut answer).await?;
    let body = answer.get(HEADER + PREFIX - 4..).context("an answer without a body")?;
    Ok(Document::from_reader(Cursor::new(body))?)
}
