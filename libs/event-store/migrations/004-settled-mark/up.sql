-- The settled mark and its history. No transaction below a settled position is still running, so a reader that stops there skips nothing.
-- settled_at rises strictly with position: it answers "what had been recorded by then".
CREATE TABLE es.settled (
  position bigint PRIMARY KEY,
  settled_at timestamptz NOT NULL UNIQUE
);
GRANT SELECT, INSERT ON es.settled TO arrears_api, arrears_worker;

CREATE FUNCTION es.settled_lock() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN 7310579921;

-- The transactions that may still commit a position: nextval() keeps a RowExclusiveLock on the sequence until they end. A prepared
-- transaction appears without a process and under a name of its own.
CREATE FUNCTION es.position_holders() RETURNS text[]
  LANGUAGE sql VOLATILE AS $$
  SELECT coalesce(array_agg(DISTINCT coalesce(l.pid::text, 'prepared') || ':' || l.virtualtransaction), '{}')
    FROM pg_locks l
   WHERE l.locktype = 'relation' AND l.relation = 'es.position'::regclass AND l.mode = 'RowExclusiveLock' AND l.granted
     AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
$$;

-- Writes the new mark, unless it is there already, and tells the listeners. Serialised until its own commit.
CREATE FUNCTION es.record_settled(p_position bigint) RETURNS bigint
  LANGUAGE plpgsql AS $$
DECLARE
  v_position bigint;
  v_at timestamptz;
BEGIN
  PERFORM pg_advisory_xact_lock(es.settled_lock());
  SELECT position, settled_at INTO v_position, v_at FROM es.settled ORDER BY position DESC LIMIT 1;
  IF v_position >= p_position THEN
    RETURN v_position;
  END IF;
  INSERT INTO es.settled (position, settled_at) VALUES (p_position, greatest(clock_timestamp(), v_at + interval '1 microsecond'));
  PERFORM pg_notify('arrears_settled', p_position::text);
  RETURN p_position;
END
$$;

-- One step by the locks on the sequence. The first call passes no candidate: it reads the candidate, then who may still write below it.
-- Later calls pass the candidate and the holders of then; the mark moves once none of them is left.
-- last_value is read from the sequence itself because pg_sequence_last_value() would take the very lock that is looked for.
CREATE FUNCTION es.settle_by_sequence_lock(p_candidate bigint, p_holders text[],
  OUT mark bigint, OUT candidate bigint, OUT holders text[])
  LANGUAGE plpgsql AS $$
BEGIN
  candidate := p_candidate;
  IF candidate IS NULL THEN
    SELECT CASE WHEN p.is_called THEN p.last_value ELSE 0 END INTO candidate FROM es.position p;
    mark := coalesce((SELECT position FROM es.settled ORDER BY position DESC LIMIT 1), 0);
    IF mark >= candidate THEN
      RETURN;
    END IF;
    holders := es.position_holders();
  ELSE
    -- A holder that prepared its commit goes on under another name, so every prepared holder counts.
    holders := ARRAY(SELECT h FROM unnest(es.position_holders()) AS u(h) WHERE h = ANY (p_holders) OR h LIKE 'prepared:%');
  END IF;
  IF cardinality(holders) = 0 THEN
    mark := es.record_settled(candidate);
    holders := NULL;
  END IF;
END
$$;

-- The same step by transaction horizons: the candidate is settled once every transaction that was running after it was read has ended,
-- in any database of the cluster. The horizon is an id of the step's own, because every writer below the candidate took its id earlier.
-- pg_snapshot_xmax() would not do: it is one past the last id that COMPLETED, so writers that run with higher ids would be overlooked.
CREATE FUNCTION es.settle_by_horizon(p_candidate bigint, p_horizon text,
  OUT mark bigint, OUT candidate bigint, OUT horizon text)
  LANGUAGE plpgsql AS $$
BEGIN
  candidate := p_candidate;
  horizon := p_horizon;
  IF candidate IS NULL THEN
    SELECT CASE WHEN p.is_called THEN p.last_value ELSE 0 END INTO candidate FROM es.position p;
    mark := coalesce((SELECT position FROM es.settled ORDER BY position DESC LIMIT 1), 0);
    IF mark >= candidate THEN
      horizon := NULL;
      RETURN;
    END IF;
    horizon := pg_current_xact_id()::text;
  END IF;
  IF pg_snapshot_xmin(pg_current_snapshot()) >= horizon::xid8 THEN
    mark := es.record_settled(candidate);
    horizon := NULL;
  END IF;
END
$$;

-- The highest position known at an instant. The shared lock lets a step in flight finish, so the answer can never change later.
CREATE FUNCTION es.position_known_at(p_at timestamptz, OUT "position" bigint, OUT in_future boolean)
  LANGUAGE plpgsql AS $$
BEGIN
  in_future := p_at > clock_timestamp();
  IF in_future THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock_shared(es.settled_lock());
  SELECT s.position INTO "position" FROM es.settled s WHERE s.settled_at <= p_at ORDER BY s.settled_at DESC LIMIT 1;
  "position" := coalesce("position", 0);
END
$$;
