-- The share of the open amount that a list of open items may leave out without being asked about it (NULL: the default), and, where it left out
-- more, what would have been settled: then nothing was.
ALTER TABLE rc.import ADD COLUMN max_vanished_share numeric, ADD COLUMN held_back_items int, ADD COLUMN held_back_share numeric;
