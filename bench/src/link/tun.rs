//! A TUN device: what one kernel sends to it is read here, what is written here arrives there.

use std::fs::{File, OpenOptions};
use std::os::fd::{AsFd, BorrowedFd};

use anyhow::{Context, Result};
use rustix::ioctl::{Opcode, Setter, ioctl, opcode};

/// `struct ifreq` as TUNSETIFF reads it: a name and flags.
#[repr(C)]
struct InterfaceRequest {
    name: [u8; 16],
    flags: u16,
    rest: [u8; 22],
}

/// `_IOW('T', 202, int)`.
const TUNSETIFF: Opcode = opcode::write::<i32>(b'T', 202);
const IFF_TUN: u16 = 0x0001;
const IFF_NO_PI: u16 = 0x1000;

/// A device; it goes when this is dropped or the process ends.
#[derive(Debug)]
pub(crate) struct Tun(File);

impl Tun {
    /// Makes a device in the network namespace of the calling thread. Reading does not block.
    ///
    /// # Errors
    /// Without root, or where the kernel has no TUN.
    pub(crate) fn new(name: &str) -> Result<Self> {
        let device = OpenOptions::new().read(true).write(true).open("/dev/net/tun");
        let device = device.context("cannot open /dev/net/tun: root and a kernel with TUN")?;
        let mut request =
            InterfaceRequest { name: [0; 16], flags: IFF_TUN | IFF_NO_PI, rest: [0; 22] };
        // The last byte stays 0: the kernel reads a C string.
        for (to, from) in request.name.iter_mut().take(15).zip(name.bytes()) {
            *to = from;
        }
        set_interface(&device, request).context("cannot make a TUN device")?;
        rustix::io::ioctl_fionbio(&device, true).context("cannot make reading not block")?;
        Ok(Self(device))
    }

    /// Reads one packet; `None` when none is there.
    ///
    /// # Errors
    /// When the device is gone.
    pub(crate) fn read(&self, buffer: &mut [u8]) -> Result<Option<usize>> {
        match rustix::io::read(&self.0, buffer) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(rustix::io::Errno::AGAIN | rustix::io::Errno::INTR) => Ok(None),
            Err(error) => Err(error).context("cannot read from the TUN device"),
        }
    }

    /// Hands one packet to the kernel.
    ///
    /// # Errors
    /// When the device is gone.
    pub(crate) fn write(&self, packet: &[u8]) -> Result<()> {
        rustix::io::write(&self.0, packet).context("cannot write to the TUN device")?;
        Ok(())
    }
}

impl AsFd for Tun {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

#[allow(unsafe_code)]
fn set_interface(device: &File, request: InterfaceRequest) -> rustix::io::Result<()> {
    // SAFETY: TUNSETIFF reads, and may write, one `struct ifreq` of 40 bytes, which is what
    // `InterfaceRequest` is and what `Setter` owns during the call; nothing is kept.
    unsafe { ioctl(device, Setter::<TUNSETIFF, InterfaceRequest>::new(request)) }
}
