-- What each processor is and who runs its lanes. A lane holds the tenants with tenant_id mod lanes = lane.
CREATE TABLE es.lane (
  name text COLLATE "C" NOT NULL,
  lane int NOT NULL,
  lanes int NOT NULL,
  types smallint[], -- what it listens to; NULL for everything
  owner text NOT NULL,
  lease_until timestamptz NOT NULL,
  fence bigint NOT NULL,
  PRIMARY KEY (name, lane)
) WITH (fillfactor = 50);
GRANT SELECT, INSERT, UPDATE ON es.lane TO arrears_worker;
GRANT SELECT ON es.lane TO arrears_api;

-- How far a processor has come, per tenant. Moved in the transaction of its effect.
CREATE TABLE es.checkpoint (
  tenant_id int NOT NULL,
  name text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  moved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (name, tenant_id)
) WITH (fillfactor = 50);
CALL es.secure_table('es.checkpoint', 'SELECT');
GRANT INSERT, UPDATE, DELETE ON es.checkpoint TO arrears_worker;

-- Events a parking processor could not apply.
CREATE TABLE es.parked (
  tenant_id int NOT NULL,
  name text COLLATE "C" NOT NULL,
  position bigint NOT NULL,
  error text NOT NULL,
  parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (tenant_id, name, position)
);
CALL es.secure_table('es.parked', 'SELECT');
GRANT INSERT, DELETE ON es.parked TO arrears_worker;

-- Every tenant that has a stream, by hopping from one to the next in the primary key.
CREATE FUNCTION es.tenants() RETURNS SETOF int
  LANGUAGE sql STABLE AS $$
  WITH RECURSIVE hop(tenant_id) AS (
    (SELECT s.tenant_id FROM es.stream s ORDER BY s.tenant_id LIMIT 1)
    UNION ALL
    SELECT (SELECT s.tenant_id FROM es.stream s WHERE s.tenant_id > h.tenant_id ORDER BY s.tenant_id LIMIT 1)
      FROM hop h WHERE h.tenant_id IS NOT NULL)
  SELECT tenant_id FROM hop WHERE tenant_id IS NOT NULL
$$;

-- Takes a lane whose lease has run out; NULL while somebody else holds it. A lane whose owner is inside a page is row-locked and
-- therefore left alone: its owner is alive.
CREATE FUNCTION es.take_lane(p_name text, p_lane int, p_lanes int, p_types smallint[], p_owner text, p_seconds int) RETURNS bigint
  LANGUAGE plpgsql AS $$
DECLARE
  v_fence bigint;
BEGIN
  INSERT INTO es.lane (name, lane, lanes, types, owner, lease_until, fence) VALUES (p_name, p_lane, p_lanes, p_types, p_owner, '-infinity', 0)
  ON CONFLICT DO NOTHING;
  PERFORM 1 FROM es.lane l WHERE l.name = p_name AND l.lane = p_lane AND l.lease_until < clock_timestamp() FOR UPDATE SKIP LOCKED;
  IF NOT FOUND THEN
    RETURN NULL;
  END IF;
  UPDATE es.lane l
     SET owner = p_owner, lanes = p_lanes, types = p_types, fence = l.fence + 1, lease_until = clock_timestamp() + make_interval(secs => p_seconds)
   WHERE l.name = p_name AND l.lane = p_lane
  RETURNING l.fence INTO v_fence;
  RETURN v_fence;
END
$$;

-- Whether everything up to a position that concerns a processor has been applied. Events of no interest count as applied, so that their
-- checkpoints may move lazily; how far back they are looked for is bounded.
CREATE FUNCTION es.processor_reached(p_name text, p_tenant int, p_position bigint) RETURNS boolean
  LANGUAGE plpgsql AS $$
DECLARE
  c_look_back CONSTANT bigint := 20000;
  v_position bigint;
  v_types smallint[];
BEGIN
  PERFORM set_config('arrears.tenant', p_tenant::text, true);
  v_position := coalesce((SELECT c.position FROM es.checkpoint c WHERE c.name = p_name AND c.tenant_id = p_tenant), 0);
  IF v_position >= p_position THEN
    RETURN true;
  END IF;
  IF NOT EXISTS (SELECT FROM es.event e WHERE e.tenant_id = p_tenant AND e.position > v_position AND e.position <= p_position) THEN
    RETURN true;
  END IF;
  SELECT l.types INTO v_types FROM es.lane l WHERE l.name = p_name ORDER BY l.lane LIMIT 1;
  RETURN v_types IS NOT NULL AND p_position - v_position <= c_look_back
     AND NOT EXISTS (SELECT FROM es.event e WHERE e.tenant_id = p_tenant AND e.position > v_position AND e.position <= p_position AND e.type = ANY (v_types));
END
$$;
