//! Making a cluster out of empty servers, and who is who in it.

use anyhow::{Context, Result};

use super::{Server, resp};
use crate::process::eventually;

const SLOTS: usize = 16_384;

/// One line of `CLUSTER NODES`.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub id: String,
    /// As the others are told it.
    pub port: u16,
    pub is_master: bool,
    pub is_well: bool,
    /// Of a replica.
    pub master: Option<String>,
}

/// The first `masters` of `servers` share the slots, the others follow them one by one.
pub async fn create(servers: &[Server], masters: usize) -> Result<()> {
    let (first, others) = servers.split_first().context("a cluster of nobody")?;
    for (at, server) in servers.iter().take(masters).enumerate() {
        let (from, to) = (at * SLOTS / masters, (at + 1) * SLOTS / masters - 1);
        server.command(&["CLUSTER", "ADDSLOTSRANGE", &from.to_string(), &to.to_string()]).await?;
        server.command(&["CLUSTER", "SET-CONFIG-EPOCH", &(at + 1).to_string()]).await?;
    }
    let (port, bus) = (first.told_port().to_string(), first.bus_port.to_string());
    for server in others {
        server.command(&["CLUSTER", "MEET", "127.0.0.1", &port, &bus]).await?;
    }
    for server in servers {
        eventually("the members of the cluster know each other", async || {
            let known = nodes(server).await.ok()?;
            (known.len() == servers.len()).then_some(())
        })
        .await?;
    }
    for (at, server) in servers.iter().skip(masters).enumerate() {
        let id = servers[at % masters].command(&["CLUSTER", "MYID"]).await?;
        server.command(&["CLUSTER", "REPLICATE", id.text()]).await?;
    }
    for server in servers {
        eventually("the cluster is whole", async || is_whole(server, servers).await.then_some(()))
            .await?;
    }
    Ok(())
}

async fn is_whole(server: &Server, servers: &[Server]) -> bool {
    let Ok(info) = server.command(&["CLUSTER", "INFO"]).await else { return false };
    let Ok(known) = nodes(server).await else { return false };
    let replicas = known.iter().filter(|node| !node.is_master).count();
    let expected = servers.iter().filter(|server| server.is_replica_by_birth).count();
    info.text().contains("cluster_state:ok")
        && replicas == expected
        && (!server.is_replica_by_birth || server.follows().await)
}

/// The cluster as `server` sees it.
pub async fn nodes(server: &Server) -> Result<Vec<Node>> {
    let reply = resp::command(server.port, &["CLUSTER", "NODES"]).await?;
    Ok(reply.text().lines().filter_map(parse).collect())
}

fn parse(line: &str) -> Option<Node> {
    let fields: Vec<&str> = line.split(' ').collect();
    let [id, address, flags, master, ..] = fields[..] else { return None };
    let port = address.split('@').next()?.rsplit(':').next()?.parse().ok()?;
    let has = |flag| flags.split(',').any(|one| one == flag);
    Some(Node {
        id: id.to_owned(),
        port,
        is_master: has("master"),
        is_well: !["fail", "fail?", "handshake", "noaddr"].into_iter().any(has),
        master: (master != "-").then(|| master.to_owned()),
    })
}

#[cfg(test)]
mod tests {
    use super::{Node, parse};

    #[test]
    fn reads_who_is_master_who_follows_and_who_is_suspected() {
        let master = "07c3 127.0.0.1:30004@31004,host master,fail? - 0 1426 4 connected 0-5460";
        let replica = "e7d1 127.0.0.1:30001@31001 myself,slave 07c3 0 0 1 connected";
        let node = |id: &str, port| Node {
            id: id.to_owned(),
            port,
            is_master: true,
            is_well: false,
            master: None,
        };
        assert_eq!(parse(master), Some(node("07c3", 30004)));
        let replica_expected = Node {
            is_master: false,
            is_well: true,
            master: Some("07c3".to_owned()),
            ..node("e7d1", 30001)
        };
        assert_eq!(parse(replica), Some(replica_expected));
        assert_eq!(parse(""), None);
    }
}
