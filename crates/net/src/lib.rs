//! satchel-net
