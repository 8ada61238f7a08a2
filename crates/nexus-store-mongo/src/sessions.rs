//! Signed-in devices and their refresh tokens.
