//! A mail server that takes letters, or finds a reason not to.

use std::{collections::VecDeque, sync::Arc};

use parking_lot::Mutex;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// How the next letter is met.
#[derive(Clone, Copy, Debug)]
pub enum Mood {
    Greylist,
    Refuse,
    /// Takes it, and hangs up without a word.
    HangUp,
    /// Has no room for anybody.
    Busy,
}

#[derive(Clone, Debug)]
pub struct Received {
    pub from: String,
    pub to: String,
    pub data: String,
}

impl Received {
    /// With folded lines put together.
    pub fn header(&self, name: &str) -> Option<String> {
        let unfolded = self.data.replace("\r\n ", " ");
        let head = unfolded.split("\r\n\r\n").next().unwrap();
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| *found == name).map(|(_, value)| value.to_owned())
    }
}

#[derive(Default)]
struct Post {
    received: Mutex<Vec<Received>>,
    moods: Mutex<VecDeque<Mood>>,
}

pub struct MailServer {
    pub url: String,
    post: Arc<Post>,
    serving: JoinHandle<()>,
}

impl MailServer {
    pub async fn start(moods: &[Mood]) -> MailServer {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let post = Arc::new(Post::default());
        post.moods.lock().extend(moods);
        let shared = post.clone();
        let serving = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let post = shared.clone();
                // A client that hangs up first is no trouble.
                tokio::spawn(async move { drop(converse(client, &post).await) });
            }
        });
        MailServer { url, post, serving }
    }

    pub fn received(&self) -> Vec<Received> {
        self.post.received.lock().clone()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn converse(client: TcpStream, post: &Post) -> std::io::Result<()> {
    let (reading, mut writing) = client.into_split();
    let mut lines = BufReader::new(reading).lines();
    writing.write_all(b"220 mail.example.com ESMTP\r\n").await?;
    let (mut from, mut to, mut mood) = (String::new(), String::new(), None);
    while let Some(line) = lines.next_line().await? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer: &str = match verb.as_str() {
            "EHLO" => "250-mail.example.com\r\n250-8BITMIME\r\n250 SMTPUTF8",
            "MAIL" => {
                mood = post.moods.lock().pop_front();
                from = line;
                match mood {
                    Some(Mood::Busy) => "421 4.3.2 no room",
                    _ => "250 2.1.0 good",
                }
            }
            "RCPT" => {
                to = line;
                match mood {
                    Some(Mood::Greylist) => "451 4.7.1 come back in a minute",
                    Some(Mood::Refuse) => "550 5.1.1 nobody of that name here",
                    _ => "250 2.1.5 good",
                }
            }
            "DATA" => {
                writing.write_all(b"354 go on\r\n").await?;
                let mut data = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    data.push_str(line.strip_prefix('.').unwrap_or(&line));
                    data.push_str("\r\n");
                }
                let (from, to) = (from.clone(), to.clone());
                post.received.lock().push(Received { from, to, data });
                if matches!(mood, Some(Mood::HangUp)) {
                    return Ok(());
                }
                "250 2.0.0 taken"
            }
            "RSET" | "NOOP" => "250 good",
            "QUIT" => "221 farewell",
            _ => "502 5.5.1 what?",
        };
        writing.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}
