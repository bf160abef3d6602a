SELECT 'cl.work_fact has no row security' AS failure
FROM pg_class WHERE oid = 'cl.work_fact'::regclass AND NOT (relrowsecurity AND relforcerowsecurity);
