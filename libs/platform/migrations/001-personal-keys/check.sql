SELECT relname FROM pg_class WHERE oid = 'pf.person_key'::regclass AND NOT (relrowsecurity AND relforcerowsecurity);
