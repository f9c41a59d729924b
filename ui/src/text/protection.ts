// Words about where the device's secret is kept, and what that means.

const REDUCED =
  "The device’s secret will lie in a file beside the vault: whoever copies the whole disk has one lock less to open. Take a long passphrase and have the disk encrypted.";

export const protection = {
  protection: {
    full: "The device’s secret will be kept in the system’s keychain.",
    reducedTitle: "Reduced protection",
    reduced: {
      keychain_absent: `This computer has no keychain that answers. ${REDUCED}`,
      keychain_locked:
        "The system’s keychain is locked. Unlock it before you create the vault, or go on without it.",
      keychain_silent:
        "The system’s keychain does not answer. Sign out and in again, or go on without it.",
      keychain_failed:
        "The system’s keychain does not keep what it is given. Sign out and in again, or go on without it.",
    } as Record<string, string>,
    without: "Go on without the keychain",
    withoutText: REDUCED,
  },
} as const;
