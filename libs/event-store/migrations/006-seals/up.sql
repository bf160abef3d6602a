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

-- Seals the next block of settled positions, at most p_max of them; NULL when nothing is settled beyond the last seal or the block would
-- be empty before it is full. One sealer at a time: a second one finds the first one's seal.
CREATE FUNCTION es.seal_next_block(p_max int, p_seal_version int) RETURNS bigint
  LANGUAGE plpgsql AS $$
DECLARE
  v_last es.seal%ROWTYPE;
  v_mark bigint;
  v_from bigint;
  v_to bigint;
  v_block record;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('es.seal_next_block'));
  SELECT * INTO v_last FROM es.seal ORDER BY to_position DESC LIMIT 1;
  v_mark := coalesce((SELECT position FROM es.settled ORDER BY position DESC LIMIT 1), 0);
  v_from := coalesce(v_last.to_position, 0) + 1;
  v_to := least(v_from + p_max - 1, v_mark);
  IF v_to < v_from THEN
    RETURN NULL;
  END IF;
  SELECT * INTO v_block FROM es.block_root(coalesce(v_last.root, decode(repeat('00', 32), 'hex')), v_from, v_to);
  IF v_block.event_count = 0 AND v_to - v_from + 1 < p_max THEN
    RETURN NULL;
  END IF;
  INSERT INTO es.seal (seal_no, from_position, to_position, event_count, seal_version, prev, root)
  VALUES (coalesce(v_last.seal_no, 0) + 1, v_from, v_to, v_block.event_count, p_seal_version, coalesce(v_last.root, decode(repeat('00', 32), 'hex')), v_block.root);
  RETURN v_to - v_from + 1;
END
$$;
