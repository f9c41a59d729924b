-- What people did with this vault, in one chain.
CREATE TABLE audit (
    seq    INTEGER NOT NULL PRIMARY KEY, -- place in the log, from 1; part of the seal
    sealed BLOB    NOT NULL,             -- sealed record, group 12, log key
    link   BLOB    NOT NULL              -- chain hash of this entry and all before it
) STRICT;

-- Where that log ends, so that one that was cut off is told.
CREATE TABLE audit_head (
    place  INTEGER NOT NULL PRIMARY KEY CHECK (place = 1), -- the one row
    length INTEGER NOT NULL,                               -- number of entries
    link   BLOB    NOT NULL                                -- chain hash of the last one
) STRICT;
