//! Which process is at the other end of a loopback connection, from `/proc`.

use std::fs;

/// Whether process `pid` holds the socket that goes from `client` to `port`, both of this machine.
pub fn belongs_to(pid: u32, client: u16, port: u16) -> bool {
    let Some(inode) = inode(client, port) else { return false };
    let socket = format!("socket:[{inode}]");
    let descriptors = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    descriptors
        .filter_map(|descriptor| fs::read_link(descriptor.path()).ok())
        .any(|link| link.as_os_str() == socket.as_str())
}

fn inode(client: u16, port: u16) -> Option<u64> {
    ["/proc/net/tcp", "/proc/net/tcp6"]
        .iter()
        .filter_map(|path| fs::read_to_string(path).ok())
        .find_map(|table| find(&table, client, port))
}

/// Lines are `sl local remote state … inode …`, the ends `address:port` in hexadecimal.
fn find(table: &str, client: u16, port: u16) -> Option<u64> {
    let (client, port) = (format!(":{client:04X}"), format!(":{port:04X}"));
    table.lines().find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let is_it = fields.get(1)?.ends_with(&client) && fields.get(2)?.ends_with(&port);
        if is_it { fields.get(9)?.parse().ok() } else { None }
    })
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn finds_the_socket_by_both_its_ends() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 0100007F:A001 01 00000000:00000000 00:00000000 00000000     0        0 77 1 0
   1: 0100007F:A001 0100007F:1F90 01 00000000:00000000 00:00000000 00000000     0        0 78 1 0";
        assert_eq!(find(table, 0xA001, 0x1F90), Some(78));
        assert_eq!(find(table, 0x1F90, 0xA001), Some(77));
        assert_eq!(find(table, 1, 2), None);
    }
}
