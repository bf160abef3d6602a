SELECT relname FROM pg_class WHERE oid IN ('al.work'::regclass, 'al.unkept_promise'::regclass) AND NOT (relrowsecurity AND relforcerowsecurity);
