SELECT 'al.slack_signature has no row security' AS failure
FROM pg_class WHERE oid = 'al.slack_signature'::regclass AND NOT (relrowsecurity AND relforcerowsecurity);
