//! Limits of delivery, each with its reason.
