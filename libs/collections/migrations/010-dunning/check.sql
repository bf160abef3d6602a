SELECT t.name || ' has no row security' AS failure
FROM (VALUES ('cl.dunning_letter'), ('cl.dunning_run')) AS t(name)
JOIN pg_class c ON c.oid = t.name::regclass
WHERE NOT (c.relrowsecurity AND c.relforcerowsecurity);
