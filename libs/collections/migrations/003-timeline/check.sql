SELECT 1 WHERE to_regclass('cl.timeline_entry') IS NULL;
