SELECT relname || ' has no row security' AS failure
FROM pg_class WHERE oid IN ('al.delivery'::regclass, 'al.channel_slot'::regclass, 'al.channel_health'::regclass)
  AND NOT (relrowsecurity AND relforcerowsecurity);
