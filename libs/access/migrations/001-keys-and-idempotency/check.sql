-- The key look-up is the only table of the schema without row security.
SELECT c.relname AS table_without_row_security
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'ac' AND c.relkind IN ('r', 'p') AND c.relname <> 'api_key' AND NOT (c.relrowsecurity AND c.relforcerowsecurity);
