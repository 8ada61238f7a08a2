//! The store on a MongoDB replica set, file by file beside the SQLite one.
