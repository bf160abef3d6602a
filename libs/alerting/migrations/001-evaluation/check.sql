SELECT 'al.evaluation has no row security' AS failure
FROM pg_class WHERE oid = 'al.evaluation'::regclass AND NOT (relrowsecurity AND relforcerowsecurity);
