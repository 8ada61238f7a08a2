//! Messages as they are read, and what single users do to them for themselves.
