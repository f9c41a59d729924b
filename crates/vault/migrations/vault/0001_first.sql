-- Connections to providers.
CREATE TABLE connections (
    place   INTEGER NOT NULL PRIMARY KEY, -- order of arrival
    id      TEXT    NOT NULL UNIQUE,      -- opaque connection id
    version INTEGER NOT NULL,             -- row version, from 1; part of the seal
    sealed  BLOB    NOT NULL              -- sealed record, group 1, config key
) STRICT;

-- Merchants' accounts at providers.
CREATE TABLE accounts (
    place      INTEGER NOT NULL PRIMARY KEY,                -- order of arrival
    id         TEXT    NOT NULL UNIQUE,                     -- opaque account id
    connection TEXT    NOT NULL REFERENCES connections(id), -- through which it is reached
    remote     BLOB    NOT NULL, -- blind index: HMAC under the index key of the provider's own id
    version    INTEGER NOT NULL, -- row version, from 1; part of the seal
    sealed     BLOB    NOT NULL, -- sealed record, group 2, config key
    UNIQUE (connection, remote)  -- one remote account is never two lanes
) STRICT;

-- Settings of this device.
CREATE TABLE settings (
    name    TEXT    NOT NULL PRIMARY KEY, -- name of the setting
    version INTEGER NOT NULL,             -- row version, from 1; part of the seal
    sealed  BLOB    NOT NULL              -- sealed record, group 3, config key
) STRICT;

-- Onboardings still being filled.
CREATE TABLE drafts (
    place   INTEGER NOT NULL PRIMARY KEY,             -- order of arrival
    id      TEXT    NOT NULL UNIQUE,                  -- opaque draft id
    account TEXT    NOT NULL REFERENCES accounts(id), -- the account it is for
    version INTEGER NOT NULL,                         -- row version, from 1; part of the seal
    sealed  BLOB    NOT NULL                          -- sealed record, group 4, the draft's own key
) STRICT;

-- Photos that a draft names.
CREATE TABLE draft_photos (
    draft TEXT NOT NULL REFERENCES drafts(id) ON DELETE CASCADE, -- the draft
    photo TEXT NOT NULL,                                         -- opaque photo id
    PRIMARY KEY (draft, photo)
) STRICT;

-- Sealed onboardings, one per account and round.
CREATE TABLE submissions (
    place      INTEGER NOT NULL PRIMARY KEY,             -- order of arrival
    id         TEXT    NOT NULL UNIQUE,                  -- opaque submission id
    account    TEXT    NOT NULL REFERENCES accounts(id), -- the account it is for
    state      TEXT    NOT NULL, -- code of the state, a mirror of the log for scheduling
    open_step  TEXT,             -- code of the open step; NULL while none is open
    asked_ms   INTEGER,          -- when the provider last told the state; NULL while it has not
    log_length INTEGER NOT NULL, -- number of entries in the log
    log_head   BLOB    NOT NULL, -- chain hash of the last entry
    version    INTEGER NOT NULL, -- row version, from 1; part of the seal
    sealed     BLOB    NOT NULL  -- sealed record, group 5, log key
) STRICT;

-- At most one open step per account.
CREATE UNIQUE INDEX one_open_step ON submissions (account) WHERE open_step IS NOT NULL;

-- Photos that a submission's log names.
CREATE TABLE submission_photos (
    submission TEXT NOT NULL REFERENCES submissions(id), -- the submission
    photo      TEXT NOT NULL,                            -- opaque photo id
    PRIMARY KEY (submission, photo)
) STRICT;

-- What the applicant answered.
CREATE TABLE answers (
    submission  TEXT    NOT NULL REFERENCES submissions(id), -- whose answers
    field_group INTEGER NOT NULL, -- 6 details, 7 national numbers
    version     INTEGER NOT NULL, -- row version, from 1; part of the seal
    sealed      BLOB    NOT NULL, -- sealed record of that group, the submission's own key
    PRIMARY KEY (submission, field_group)
) STRICT;

-- What happened to each submission.
CREATE TABLE log (
    submission TEXT    NOT NULL REFERENCES submissions(id), -- whose log
    seq        INTEGER NOT NULL, -- place in that log, from 1; part of the seal
    sealed     BLOB    NOT NULL, -- sealed record, group 8, log key
    link       BLOB    NOT NULL, -- chain hash of this entry and all before it
    PRIMARY KEY (submission, seq)
) STRICT;

-- Keys of single drafts, submissions and photos, wrapped once per recipient.
CREATE TABLE data_keys (
    owner_kind     INTEGER NOT NULL, -- 1 draft, 2 submission, 3 photo
    owner          TEXT    NOT NULL, -- opaque id of the owner
    recipient_kind INTEGER NOT NULL, -- 1 row key
    recipient      TEXT    NOT NULL, -- which one: number of the row key
    wrapped        BLOB    NOT NULL, -- nonce, ciphertext, tag
    PRIMARY KEY (owner_kind, owner, recipient_kind, recipient)
) STRICT;
