SELECT relname FROM pg_class WHERE oid IN ('pf.schedule'::regclass, 'pf.tenant_zone'::regclass) AND NOT (relrowsecurity AND relforcerowsecurity);
