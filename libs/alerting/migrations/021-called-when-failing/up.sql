-- What waits for a channel that has failed for too long was called to be tried once more and then told by another one.
ALTER TABLE al.channel_health ADD COLUMN called boolean NOT NULL DEFAULT false;
