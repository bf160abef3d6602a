SELECT 'al.' || relname || ' has no row security' AS failure
FROM pg_class
WHERE oid IN ('al.episode'::regclass, 'al.alert_group'::regclass, 'al.episodes_built'::regclass) AND NOT (relrowsecurity AND relforcerowsecurity);
