//! People, sessions, members and their marks against their promises.
