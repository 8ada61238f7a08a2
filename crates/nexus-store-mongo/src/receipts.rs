//! Watermarks of delivery and reading.
