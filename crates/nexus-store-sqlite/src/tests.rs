//! Our own backend against the promises of the ports.
