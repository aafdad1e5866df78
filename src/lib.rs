//! The C library over [`callbot_core`]. It holds nothing yet.
