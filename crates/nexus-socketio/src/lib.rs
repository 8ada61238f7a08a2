//! Socket.IO server.
