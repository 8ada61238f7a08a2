//! People and their passwords.
