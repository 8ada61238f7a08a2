//! How many connections each address has.

use std::{
    collections::{HashMap, hash_map::Entry},
    net::IpAddr,
    sync::Arc,
};

use parking_lot::Mutex;

use crate::network::network_of;

/// Counts those that are open; an IPv6 /64 is one address.
#[derive(Default)]
pub(super) struct Addresses(Mutex<HashMap<IpAddr, usize>>);

/// One connection of an address, until it is dropped.
pub(super) struct Visit {
    addresses: Arc<Addresses>,
    network: IpAddr,
}

impl Addresses {
    /// `None` if the address has as many as it may.
    pub fn enter(self: &Arc<Self>, address: IpAddr, most: usize) -> Option<Visit> {
        let network = network_of(address);
        let mut open = self.0.lock();
        let count = open.entry(network).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Visit { addresses: self.clone(), network })
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        if let Entry::Occupied(mut open) = self.addresses.0.lock().entry(self.network) {
            *open.get_mut() -= 1;
            if *open.get() == 0 {
                open.remove();
            }
        }
    }
}
