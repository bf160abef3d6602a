SELECT relname FROM pg_class WHERE oid = 'pf.intent'::regclass AND NOT (relrowsecurity AND relforcerowsecurity);
