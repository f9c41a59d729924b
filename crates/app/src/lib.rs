//! satchel-app
