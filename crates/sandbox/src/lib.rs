//! satchel-sandbox
