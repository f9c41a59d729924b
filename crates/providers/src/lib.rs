//! satchel-providers
