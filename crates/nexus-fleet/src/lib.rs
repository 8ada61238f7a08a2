//! A whole fleet on one machine: stores, nodes, a proxy that breaks connections, and chaos.
