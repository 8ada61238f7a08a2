//! A whole fleet on one machine: stores, nodes, nginx in front, and proxies that break connections.

pub mod bench;
pub mod chaos;
pub mod disk;
mod find;
mod fleet;
mod node;
pub mod process;
pub mod proxy;
pub mod services;

pub use fleet::{Fleet, Part, Plan};
pub use node::{Node, Role};
pub use services::{Gated, Services};
