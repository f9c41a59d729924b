//! satchel-core
