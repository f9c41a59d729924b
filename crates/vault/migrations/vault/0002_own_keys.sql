-- From here on data_keys.owner_kind is 4 as well: an account. Log entries are sealed under the key of
-- their submission and accounts under a key of their own, both as schema 2 of the sealed record; what
-- was written before stays as it is until it is written again.

-- An unlock reads the keys of all submissions and accounts: in their own order, without the table.
CREATE INDEX keys_read_at_unlock
ON data_keys (owner_kind, owner, recipient_kind, recipient, wrapped)
WHERE owner_kind IN (2, 4);
