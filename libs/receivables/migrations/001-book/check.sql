SELECT c.relname AS table_without_row_security
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'rc' AND c.relkind = 'r'
  AND c.relname IN ('debtor', 'debtor_fact', 'receivable', 'movement', 'fx_rate', 'import', 'import_chunk', 'import_reject', 'import_key', 'dry_run_event')
  AND NOT (c.relrowsecurity AND c.relforcerowsecurity);
