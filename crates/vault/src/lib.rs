//! satchel-vault
