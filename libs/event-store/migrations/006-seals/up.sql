-- The chain of seals over blocks of settled positions. root = sha256(prev || position || recorded_at in microseconds || hash, ...).
CREATE TABLE es.seal (
  seal_no bigint NOT NULL UNIQUE,
  from_position bigint NOT NULL,
  to_position bigint PRIMARY KEY,
  event_count int NOT NULL,
  seal_version smallint NOT NULL,
  prev bytea NOT NULL,
  root bytea NOT NULL,
  sealed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT ON es.seal TO arrears_api;
GRANT SELECT, INSERT ON es.seal TO arrears_worker;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON es.seal FOR EACH STATEMENT EXECUTE FUNCTION es.refuse_change();
ALTER TABLE es.seal ENABLE ALWAYS TRIGGER append_only;

-- The root over the events at p_from .. p_to, found tenant by tenant because the key leads with the tenant.
CREATE FUNCTION es.block_root(p_prev bytea, p_from bigint, p_to bigint, OUT root bytea, OUT event_count int)
  LANGUAGE sql STABLE AS $$
  SELECT sha256(p_prev || coalesce(string_agg(int8send(b.position) || int8send((extract(epoch FROM b.recorded_at) * 1000000)::bigint) || b.hash, ''::bytea
                                              ORDER BY b.position), ''::bytea)),
         count(*)::int
    FROM es.tenants() AS t(tenant_id)
   CROSS JOIN LATERAL (SELECT e.position, e.recorded_at, e.hash FROM es.event e
                        WHERE e.tenant_id = t.tenant_id AND e.position >= p_from AND e.position <= p_to OFFSET 0) b
$$;
