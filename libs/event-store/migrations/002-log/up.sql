-- CACHE 1 and never more: a cached block of positions would be handed out after later ones were read.
CREATE SEQUENCE es.position AS bigint CACHE 1;
CREATE SEQUENCE es.stream_id AS bigint CACHE 1;

CREATE TABLE es.event_type (
  code smallint PRIMARY KEY,
  name text NOT NULL UNIQUE,
  schema_version smallint NOT NULL,
  registered_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT ON es.event_type TO arrears_api, arrears_worker;

-- One row a stream. The unique key is the claim on the external id: nobody can open a second stream for it.
CREATE TABLE es.stream (
  tenant_id int NOT NULL,
  stream_id bigint NOT NULL,
  category text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  version int NOT NULL CHECK (version > 0),
  PRIMARY KEY (tenant_id, stream_id),
  UNIQUE (tenant_id, category, key)
) WITH (fillfactor = 80);
CALL es.secure_table('es.stream', 'SELECT,INSERT');
GRANT UPDATE (version) ON es.stream TO arrears_api, arrears_worker;

CREATE TABLE es.event (
  tenant_id int NOT NULL,
  version int NOT NULL,
  position bigint NOT NULL,
  stream_id bigint NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  causation_position bigint,
  type smallint NOT NULL,
  schema_version smallint NOT NULL,
  effective_on date NOT NULL,
  source_row int,
  hash_version smallint NOT NULL,
  principal_id uuid NOT NULL,
  correlation_id uuid NOT NULL,
  source_id uuid,
  hash bytea NOT NULL,
  data jsonb NOT NULL,
  PRIMARY KEY (tenant_id, position)
) PARTITION BY RANGE (position);
CALL es.secure_table('es.event', 'SELECT,INSERT');
GRANT USAGE, SELECT ON SEQUENCE es.position, es.stream_id TO arrears_api, arrears_worker;

CREATE FUNCTION es.refuse_change() RETURNS trigger
  LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the log is append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'ES002', HINT = 'A correction is a new event.';
END
$$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON es.event FOR EACH STATEMENT EXECUTE FUNCTION es.refuse_change();
ALTER TABLE es.event ENABLE ALWAYS TRIGGER append_only;

-- Makes the partition that holds position p_from .. p_from + p_size - 1. It is attached and not created in place, because
-- CREATE TABLE ... PARTITION OF would lock out every writer.
CREATE FUNCTION es.create_event_partition(p_from bigint, p_size bigint) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_name text := format('event_%s', lpad((p_from / p_size)::text, 6, '0'));
BEGIN
  IF to_regclass('es.' || v_name) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE es.%I (LIKE es.event INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', v_name);
  EXECUTE format('ALTER TABLE es.%I ADD PRIMARY KEY (tenant_id, position)', v_name);
  -- The head row guards versions; this index, unique within its partition, is the alarm should a writer ever pass it.
  EXECUTE format('CREATE UNIQUE INDEX %I ON es.%I (tenant_id, stream_id, version)', v_name || '_stream', v_name);
  EXECUTE format('ALTER TABLE es.%I ENABLE ROW LEVEL SECURITY', v_name);
  EXECUTE format('ALTER TABLE es.%I FORCE ROW LEVEL SECURITY', v_name);
  EXECUTE format(
    'CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON es.%I FOR EACH STATEMENT EXECUTE FUNCTION es.refuse_change()', v_name);
  EXECUTE format('ALTER TABLE es.%I ENABLE ALWAYS TRIGGER append_only', v_name);
  EXECUTE format('ALTER TABLE es.event ATTACH PARTITION es.%I FOR VALUES FROM (%s) TO (%s)', v_name, p_from, p_from + p_size);
END
$$;

-- Keeps p_ahead partitions beyond the one being written; returns how many it made. Serialised, so that two workers do not race.
CREATE FUNCTION es.ensure_event_partitions(p_ahead int DEFAULT 2) RETURNS int
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  c_size CONSTANT bigint := 10000000;
  v_first bigint;
  v_made int := 0;
BEGIN
  SELECT last_value / c_size INTO v_first FROM es.position;
  FOR v_number IN v_first .. v_first + p_ahead LOOP
    CONTINUE WHEN to_regclass(format('es.event_%s', lpad(v_number::text, 6, '0'))) IS NOT NULL;
    PERFORM pg_advisory_xact_lock(hashtext('es.ensure_event_partitions'));
    PERFORM es.create_event_partition(v_number * c_size, c_size);
    v_made := v_made + 1;
  END LOOP;
  RETURN v_made;
END
$$;
REVOKE EXECUTE ON FUNCTION es.create_event_partition(bigint, bigint) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION es.ensure_event_partitions(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION es.ensure_event_partitions(int) TO arrears_worker;
SELECT es.ensure_event_partitions(2);
