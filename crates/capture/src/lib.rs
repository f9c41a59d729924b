//! satchel-capture
