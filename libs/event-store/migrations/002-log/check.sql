-- The application may add to the log and read it, nothing else.
SELECT grantee, privilege_type FROM information_schema.role_table_grants
 WHERE table_schema = 'es' AND table_name LIKE 'event%' AND grantee IN ('arrears_api', 'arrears_worker', 'PUBLIC')
   AND privilege_type NOT IN ('SELECT', 'INSERT')
UNION ALL
SELECT relname, 'row security is off' FROM pg_class
 WHERE relnamespace = 'es'::regnamespace AND relname ~ '^(stream|event|event_[0-9]+)$' AND relkind IN ('r', 'p') AND NOT (relrowsecurity AND relforcerowsecurity)
UNION ALL
SELECT 'es.position', 'caches positions' FROM pg_sequences WHERE schemaname = 'es' AND sequencename = 'position' AND cache_size <> 1;
