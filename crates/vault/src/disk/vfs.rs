//! The disk as a VFS of SQLite: the one place with unsafe code.
//!
//! It has no shared memory and no memory map (version 1 of the methods), so that a database in WAL
//! mode opens only with exclusive locking, as a vault's does. Its promises are those of SQLite's
//! own VFS for Unix: sectors of 4096 bytes, and a write changes no byte beside it.
#![allow(unsafe_code)]

use std::ffi::{CStr, CString, c_char, c_int, c_void};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::ffi;

use super::locked;
use super::medium::{FileId, Medium, Trouble};
use crate::keys::fill_random;

/// Longest path that SQLite may ask about.
const PATH_BYTES_MAX: c_int = 1024;

/// Sector size of SQLite's own VFS.
const SECTOR_BYTES: c_int = 4096;

/// A disk that SQLite knows by name.
pub(super) struct Registered {
    pub(super) medium: Arc<Mutex<Medium>>,
    name: CString,
    vfs: *mut ffi::sqlite3_vfs,
}

// SAFETY: the pointer is used to unregister alone, which SQLite guards with a mutex of its own;
// what the VFS points to is either constant or behind a mutex.
unsafe impl Send for Registered {}
// SAFETY: as above.
unsafe impl Sync for Registered {}

impl Registered {
    /// Makes a disk known under a name that no other has.
    pub(super) fn register(medium: Arc<Mutex<Medium>>) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = CString::new(format!("satchel-disk-{number}")).unwrap_or_default();
        let vfs = Box::into_raw(Box::new(ffi::sqlite3_vfs {
            iVersion: 1,
            szOsFile: size_of::<OpenFile>() as c_int,
            mxPathname: PATH_BYTES_MAX,
            pNext: std::ptr::null_mut(),
            zName: name.as_ptr(),
            pAppData: Arc::as_ptr(&medium).cast_mut().cast(),
            xOpen: Some(open),
            xDelete: Some(delete),
            xAccess: Some(access),
            xFullPathname: Some(full_path),
            xDlOpen: None,
            xDlError: None,
            xDlSym: None,
            xDlClose: None,
            xRandomness: Some(randomness),
            xSleep: Some(sleep),
            xCurrentTime: Some(current_time),
            xGetLastError: None,
            xCurrentTimeInt64: None,
            xSetSystemCall: None,
            xGetSystemCall: None,
            xNextSystemCall: None,
        }));
        // SAFETY: the VFS, its name and the medium it points to live until `drop` has unregistered
        // it. Should SQLite refuse it, no database opens by its name.
        unsafe { ffi::sqlite3_vfs_register(vfs, 0) };
        Self { medium, name, vfs }
    }

    pub(super) fn name(&self) -> &str {
        self.name.to_str().unwrap_or_default()
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        // SAFETY: `register` made the pointer with `Box::into_raw`, and nobody else frees it. No
        // connection uses it any more: each is owned by an `OpenVault`, which drops its connections
        // before its handle on the disk.
        unsafe {
            ffi::sqlite3_vfs_unregister(self.vfs);
            drop(Box::from_raw(self.vfs));
        }
    }
}

impl std::fmt::Debug for Registered {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Disk").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What SQLite keeps of an open file.
#[repr(C)]
struct OpenFile {
    base: ffi::sqlite3_file,
    medium: Arc<Mutex<Medium>>,
    file: FileId,
    /// Deleted when it is closed.
    temporary: Option<String>,
    /// Its next sync makes its name durable too.
    is_new_journal: bool,
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(lock),
    xCheckReservedLock: Some(check_reserved_lock),
    xFileControl: Some(file_control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

fn code(trouble: Trouble, otherwise: c_int) -> c_int {
    match trouble {
        Trouble::Full => ffi::SQLITE_FULL,
        Trouble::Absent | Trouble::Failed => otherwise,
    }
}

fn done(result: Result<(), Trouble>, otherwise: c_int) -> c_int {
    result.map_or_else(|trouble| code(trouble, otherwise), |()| ffi::SQLITE_OK)
}

/// # Safety
/// `vfs` is one that [`Registered::register`] made and that is registered still.
unsafe fn medium_of<'a>(vfs: *mut ffi::sqlite3_vfs) -> &'a Mutex<Medium> {
    // SAFETY: `Registered` keeps the medium alive as long as the VFS is registered.
    unsafe { &*(*vfs).pAppData.cast_const().cast::<Mutex<Medium>>() }
}

/// # Safety
/// `file` was opened by [`open`] and is not closed; SQLite calls its methods one at a time.
unsafe fn opened<'a>(file: *mut ffi::sqlite3_file) -> &'a mut OpenFile {
    // SAFETY: `open` wrote an `OpenFile` there.
    unsafe { &mut *file.cast::<OpenFile>() }
}

/// # Safety
/// `path` is null or a text that ends with zero.
unsafe fn name_of(path: *const c_char) -> Option<String> {
    if path.is_null() {
        return None;
    }
    // SAFETY: the caller's promise.
    let path = unsafe { CStr::from_ptr(path) }.to_string_lossy();
    let name = Path::new(path.as_ref()).file_name()?;
    Some(name.to_string_lossy().into_owned())
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    path: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out_flags: *mut c_int,
) -> c_int {
    // SAFETY: SQLite passes our VFS, a path that is null or ends with zero, and room of `szOsFile`
    // bytes for the file. A null in `pMethods` says that there is nothing to close.
    let (name, shared) = unsafe {
        (*file).pMethods = std::ptr::null();
        let medium = (*vfs).pAppData.cast_const().cast::<Mutex<Medium>>();
        Arc::increment_strong_count(medium);
        (name_of(path), Arc::from_raw(medium))
    };
    let make = flags & ffi::SQLITE_OPEN_CREATE != 0 || name.is_none();
    let opened = locked(&shared).open(name.as_deref(), make);
    let (id, is_new) = match opened {
        Ok(opened) => opened,
        Err(trouble) => return code(trouble, ffi::SQLITE_CANTOPEN),
    };
    let journals =
        ffi::SQLITE_OPEN_MAIN_JOURNAL | ffi::SQLITE_OPEN_SUPER_JOURNAL | ffi::SQLITE_OPEN_WAL;
    let opened = OpenFile {
        base: ffi::sqlite3_file { pMethods: &METHODS },
        medium: shared,
        file: id,
        temporary: name.filter(|_| flags & ffi::SQLITE_OPEN_DELETEONCLOSE != 0),
        is_new_journal: is_new && flags & journals != 0,
    };
    // SAFETY: as above; SQLite reads the flags where it asks for them.
    unsafe {
        file.cast::<OpenFile>().write(opened);
        if !out_flags.is_null() {
            *out_flags = flags;
        }
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite closes an open file once, and does not use it again.
    let closed = unsafe { file.cast::<OpenFile>().read() };
    if let Some(name) = &closed.temporary {
        // It may have no power any more, and then nothing is to be removed.
        let _ = locked(&closed.medium).remove(name);
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    buffer: *mut c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    let (Ok(length), Ok(at)) = (usize::try_from(amount), usize::try_from(offset)) else {
        return ffi::SQLITE_IOERR_READ;
    };
    // SAFETY: the file is open, and SQLite passes a buffer of `amount` bytes.
    let (opened, buffer) =
        unsafe { (opened(file), std::slice::from_raw_parts_mut(buffer.cast::<u8>(), length)) };
    let found = locked(&opened.medium).read(opened.file, at, buffer);
    match found {
        Ok(there) if there == length => ffi::SQLITE_OK,
        Ok(there) => {
            // SQLite asks for zeros where a file has ended.
            buffer.iter_mut().skip(there).for_each(|byte| *byte = 0);
            ffi::SQLITE_IOERR_SHORT_READ
        }
        Err(trouble) => code(trouble, ffi::SQLITE_IOERR_READ),
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    buffer: *const c_void,
    amount: c_int,
    offset: ffi::sqlite3_int64,
) -> c_int {
    let (Ok(length), Ok(at)) = (usize::try_from(amount), usize::try_from(offset)) else {
        return ffi::SQLITE_IOERR_WRITE;
    };
    // SAFETY: the file is open, and SQLite passes a buffer of `amount` bytes.
    let (opened, bytes) =
        unsafe { (opened(file), std::slice::from_raw_parts(buffer.cast::<u8>(), length)) };
    done(locked(&opened.medium).write(opened.file, at, bytes), ffi::SQLITE_IOERR_WRITE)
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    // SAFETY: the file is open.
    let opened = unsafe { opened(file) };
    let Ok(size) = usize::try_from(size) else { return ffi::SQLITE_IOERR_TRUNCATE };
    done(locked(&opened.medium).resize(opened.file, size), ffi::SQLITE_IOERR_TRUNCATE)
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, _flags: c_int) -> c_int {
    // SAFETY: the file is open.
    let opened = unsafe { opened(file) };
    let mut medium = locked(&opened.medium);
    if let Err(trouble) = medium.sync(opened.file) {
        return code(trouble, ffi::SQLITE_IOERR_FSYNC);
    }
    if opened.is_new_journal {
        if let Err(trouble) = medium.sync_names() {
            return code(trouble, ffi::SQLITE_IOERR_DIR_FSYNC);
        }
        opened.is_new_journal = false;
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_size(
    file: *mut ffi::sqlite3_file,
    size: *mut ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: the file is open, and SQLite passes a place for the size.
    unsafe {
        let opened = opened(file);
        *size = locked(&opened.medium).now.size(opened.file) as ffi::sqlite3_int64;
    }
    ffi::SQLITE_OK
}

/// The vault has a lock of its own, so that no second connection is there.
unsafe extern "C" fn lock(_file: *mut ffi::sqlite3_file, _level: c_int) -> c_int {
    ffi::SQLITE_OK
}

unsafe extern "C" fn check_reserved_lock(_file: *mut ffi::sqlite3_file, held: *mut c_int) -> c_int {
    // SAFETY: SQLite passes a place for the answer.
    unsafe { *held = 0 };
    ffi::SQLITE_OK
}

unsafe extern "C" fn file_control(
    _file: *mut ffi::sqlite3_file,
    _operation: c_int,
    _argument: *mut c_void,
) -> c_int {
    ffi::SQLITE_NOTFOUND
}

unsafe extern "C" fn sector_size(_file: *mut ffi::sqlite3_file) -> c_int {
    SECTOR_BYTES
}

unsafe extern "C" fn characteristics(_file: *mut ffi::sqlite3_file) -> c_int {
    ffi::SQLITE_IOCAP_POWERSAFE_OVERWRITE
}

unsafe extern "C" fn delete(
    vfs: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    sync_folder: c_int,
) -> c_int {
    // SAFETY: SQLite passes our VFS and a path that ends with zero.
    let (medium, name) = unsafe { (medium_of(vfs), name_of(path)) };
    let mut medium = locked(medium);
    match medium.remove(&name.unwrap_or_default()) {
        Ok(()) => {}
        Err(Trouble::Absent) => return ffi::SQLITE_IOERR_DELETE_NOENT,
        Err(Trouble::Full | Trouble::Failed) => return ffi::SQLITE_IOERR_DELETE,
    }
    if sync_folder == 0 {
        return ffi::SQLITE_OK;
    }
    done(medium.sync_names(), ffi::SQLITE_IOERR_DIR_FSYNC)
}

unsafe extern "C" fn access(
    vfs: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    flags: c_int,
    found: *mut c_int,
) -> c_int {
    // SAFETY: SQLite passes our VFS, a path that ends with zero, and a place for the answer.
    unsafe {
        let medium = locked(medium_of(vfs));
        let file = name_of(path).and_then(|name| medium.find(&name));
        // As SQLite's own VFS: an empty file counts as none.
        let counts = |file| flags != ffi::SQLITE_ACCESS_EXISTS || medium.now.size(file) > 0;
        *found = c_int::from(file.is_some_and(counts));
    }
    ffi::SQLITE_OK
}

unsafe extern "C" fn full_path(
    _vfs: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    room: c_int,
    out: *mut c_char,
) -> c_int {
    // SAFETY: SQLite passes a path that ends with zero, and `room` bytes for the answer, into which
    // no more is copied.
    unsafe {
        let bytes = CStr::from_ptr(path).to_bytes_with_nul();
        if usize::try_from(room).is_ok_and(|room| bytes.len() <= room) {
            std::ptr::copy_nonoverlapping(bytes.as_ptr().cast(), out, bytes.len());
            return ffi::SQLITE_OK;
        }
    }
    ffi::SQLITE_CANTOPEN
}

unsafe extern "C" fn randomness(
    _vfs: *mut ffi::sqlite3_vfs,
    amount: c_int,
    out: *mut c_char,
) -> c_int {
    let Ok(length) = usize::try_from(amount) else { return 0 };
    // SAFETY: SQLite passes room for `amount` bytes.
    let bytes = unsafe { std::slice::from_raw_parts_mut(out.cast::<u8>(), length) };
    if fill_random(bytes).is_ok() { amount } else { 0 }
}

/// Nobody else has a file open, so that there is nothing to wait for.
unsafe extern "C" fn sleep(_vfs: *mut ffi::sqlite3_vfs, micros: c_int) -> c_int {
    micros
}

unsafe extern "C" fn current_time(_vfs: *mut ffi::sqlite3_vfs, days: *mut f64) -> c_int {
    const UNIX_EPOCH_DAYS: f64 = 2_440_587.5;
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    // SAFETY: SQLite passes a place for the time.
    unsafe { *days = UNIX_EPOCH_DAYS + since.as_secs_f64() / 86_400.0 };
    ffi::SQLITE_OK
}
