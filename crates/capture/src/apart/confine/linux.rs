//! Linux: resource limits, landlock, seccomp. The first and the last are required; landlock is
//! missing in older kernels, and seccomp alone refuses what it would refuse.

use std::collections::BTreeMap;

use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetStatus, Scope};
use rustix::process::{Resource, Rlimit, setrlimit};
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule,
};
use thiserror::Error;

use super::Confinement;
use crate::policy;

/// The system refused to take something away.
#[derive(Debug, Error)]
pub(crate) enum Unconfined {
    #[error("a resource limit was refused")]
    Limit(#[from] rustix::io::Errno),
    #[error("the filter of system calls does not compile")]
    Filter(#[from] seccompiler::BackendError),
    #[error("the filter of system calls was refused")]
    Calls(#[from] seccompiler::Error),
}

/// Takes everything away that decoding does not need.
///
/// # Errors
/// When the limits or the filter of system calls are refused.
pub(crate) fn confine() -> Result<Confinement, Unconfined> {
    limit()?;
    let files = fence().is_ok_and(|status| status != RulesetStatus::NotEnforced);
    seccompiler::apply_filter(&without_clone3()?)?;
    seccompiler::apply_filter(&filter()?)?;
    Ok(Confinement { limits: true, files, calls: true })
}

/// Hard limits, which only a privileged process could raise again. Data is what a process
/// allocates: unlike its address space it does not count the libraries of the window's toolkit.
fn limit() -> Result<(), Unconfined> {
    let limits = [
        (Resource::Data, policy::WORKER_MEMORY_BYTES_MAX),
        (Resource::Cpu, policy::WORKER_CPU_S_MAX),
        (Resource::Core, 0),
        (Resource::Memlock, 0),
    ];
    for (resource, most) in limits {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

/// No file, no address, no other process, by the kernel's own rules where it has them.
fn fence() -> Result<RulesetStatus, landlock::RulesetError> {
    let ruleset = Ruleset::default()
        .handle_access(AccessFs::from_all(ABI::V5))?
        .handle_access(AccessNet::from_all(ABI::V5))?
        .scope(Scope::from_all(ABI::V6))?
        .create()?;
    Ok(ruleset.restrict_self()?.ruleset)
}

/// Everything that is not listed is refused with `EPERM`: nothing can be opened, connected,
/// started, mapped as code, or signalled.
fn filter() -> Result<BpfProgram, seccompiler::BackendError> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = BTreeMap::new();
    for call in FREE {
        rules.insert(call, Vec::new());
    }
    // A decoder may share its work among threads of this process, which inherit all of this.
    let thread = (libc::CLONE_VM | libc::CLONE_THREAD) as u64;
    rules.insert(libc::SYS_clone, vec![SeccompRule::new(vec![has(0, thread)?])?]);
    let name = u64::from(libc::PR_SET_NAME.unsigned_abs());
    rules.insert(libc::SYS_prctl, vec![SeccompRule::new(vec![is(0, name)?])?]);
    rules.insert(libc::SYS_read, vec![SeccompRule::new(vec![is(0, 0)?])?]);
    let out = [1, 2].map(|file| is(0, file).and_then(|is| SeccompRule::new(vec![is])));
    rules.insert(libc::SYS_write, out.into_iter().collect::<Result<_, _>>()?);
    // Memory may be had, from no file, and never as code.
    let (mapped, flags) = (libc::PROT_EXEC as u64, libc::MAP_ANONYMOUS | libc::MAP_PRIVATE);
    let no_code = || lacks(2, mapped);
    let private = has(3, flags as u64)?;
    rules.insert(libc::SYS_mmap, vec![SeccompRule::new(vec![no_code()?, private])?]);
    rules.insert(libc::SYS_mprotect, vec![SeccompRule::new(vec![no_code()?])?]);
    let own = u64::from(std::process::id());
    rules.insert(libc::SYS_tgkill, vec![SeccompRule::new(vec![is(0, own)?])?]);
    SeccompFilter::new(
        rules,
        SeccompAction::Errno(libc::EPERM as u32),
        SeccompAction::Allow,
        std::env::consts::ARCH.try_into()?,
    )?
    .try_into()
}

/// What `clone3` would make cannot be seen by a filter, so it is told to be missing: then the
/// system's library uses `clone`.
fn without_clone3() -> Result<BpfProgram, seccompiler::BackendError> {
    SeccompFilter::new(
        BTreeMap::from([(libc::SYS_clone3, Vec::new())]),
        SeccompAction::Allow,
        SeccompAction::Errno(libc::ENOSYS as u32),
        std::env::consts::ARCH.try_into()?,
    )?
    .try_into()
}

/// Calls that reach nothing outside: memory, clocks, locks, signals, the end.
const FREE: [i64; 23] = [
    libc::SYS_brk,
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_clone3, // missing, by the other filter
    libc::SYS_close,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_getpid,
    libc::SYS_getrandom,
    libc::SYS_gettid,
    libc::SYS_madvise,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_restart_syscall,
    libc::SYS_rseq,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_set_robust_list,
    libc::SYS_sigaltstack,
];

fn is(argument: u8, value: u64) -> Result<SeccompCondition, seccompiler::BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value)
}

fn has(argument: u8, bits: u64) -> Result<SeccompCondition, seccompiler::BackendError> {
    let operator = SeccompCmpOp::MaskedEq(bits);
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, bits)
}

fn lacks(argument: u8, bits: u64) -> Result<SeccompCondition, seccompiler::BackendError> {
    let operator = SeccompCmpOp::MaskedEq(bits);
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, operator, 0)
}
