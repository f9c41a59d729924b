//! Memory that is wiped when it is freed: what a buffer held is not left behind for whoever looks
//! through the process later. Every program that uses this crate allocates so.

use std::alloc::System;

use zeroizing_alloc::ZeroAlloc;

#[global_allocator]
static WIPED_WHEN_FREED: ZeroAlloc<System> = ZeroAlloc(System);
