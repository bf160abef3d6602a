SELECT 'rc.import does not keep what was held back' AS failure
WHERE (SELECT count(*) FROM information_schema.columns
       WHERE table_schema = 'rc' AND table_name = 'import' AND column_name IN ('max_vanished_share', 'held_back_items', 'held_back_share')) <> 3;
