-- The two application roles exist already: migrate() makes them first, because they belong to the cluster and not to this database.
GRANT USAGE ON SCHEMA es TO arrears_api, arrears_worker;

-- The tenant of the running transaction, NULL when none was set. Every row policy of the api role compares with it.
CREATE FUNCTION es.current_tenant() RETURNS int
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN NULLIF(current_setting('arrears.tenant', true), '')::int;

-- Puts a tenant table under row security: the api role sees the tenant of its transaction, the worker role sees every tenant.
-- The call to current_tenant() stands in a sub-select so that it is evaluated once a statement and not once a row.
CREATE PROCEDURE es.secure_table(p_table text, p_privileges text)
  LANGUAGE plpgsql AS $$
DECLARE
  v_table regclass := p_table::regclass;
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', v_table);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', v_table);
  EXECUTE format(
    'CREATE POLICY own_tenant ON %s TO arrears_api USING (tenant_id = (SELECT es.current_tenant())) WITH CHECK (tenant_id = (SELECT es.current_tenant()))',
    v_table);
  EXECUTE format('CREATE POLICY every_tenant ON %s TO arrears_worker USING (true) WITH CHECK (true)', v_table);
  EXECUTE format('GRANT %s ON %s TO arrears_api, arrears_worker', p_privileges, v_table);
END
$$;
REVOKE EXECUTE ON PROCEDURE es.secure_table(text, text) FROM PUBLIC;
