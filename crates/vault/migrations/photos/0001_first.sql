-- Sealed photo renditions. Nothing in this file is readable without the vault.
CREATE TABLE streams (
    photo     TEXT    NOT NULL, -- opaque photo id, 32 hexadecimal digits
    rendition INTEGER NOT NULL, -- 1 evidence, 2 upload, 3 preview
    sealed    BLOB    NOT NULL, -- one sealed stream: header, then chunks
    PRIMARY KEY (photo, rendition)
) STRICT;
