-- Locks the heads of the named streams and moves those that stand at the expected version; 0 means the stream must not exist.
-- Existing heads are locked in the order of their ids and new ones are claimed in the order of their keys, so that two callers cannot
-- deadlock. With p_all the first conflict raises ES001; without it a conflicting item comes back with no stream id and the version found.
CREATE FUNCTION es.claim_streams(p_tenant int, p_category text[], p_key text[], p_expected int[], p_count int[], p_all boolean,
  OUT stream_ids bigint[], OUT actual_versions int[])
  LANGUAGE plpgsql AS $$
DECLARE
  v_head record;
  v_new int;
  v_created int;
  v_moved_ids bigint[] := '{}';
  v_moved_versions int[] := '{}';
BEGIN
  stream_ids := ARRAY(SELECT CASE WHEN x = 0 THEN nextval('es.stream_id') END FROM unnest(p_expected) AS u(x));
  actual_versions := array_fill(NULL::int, ARRAY[cardinality(p_expected)]);
  v_new := (SELECT count(*) FROM unnest(p_expected) AS u(x) WHERE x = 0);

  IF v_new < cardinality(p_expected) THEN
    actual_versions := ARRAY(SELECT CASE WHEN x > 0 THEN 0 END FROM unnest(p_expected) AS u(x));
    FOR v_head IN
      SELECT u.item, u.expected, u.added, s.stream_id, s.version
        FROM unnest(p_category, p_key, p_expected, p_count) WITH ORDINALITY AS u(category, key, expected, added, item)
        JOIN es.stream s ON s.tenant_id = p_tenant AND s.category = u.category COLLATE "C" AND s.key = u.key COLLATE "C"
       WHERE u.expected > 0
       ORDER BY s.stream_id
         FOR UPDATE OF s
    LOOP
      IF v_head.version = v_head.expected THEN
        stream_ids[v_head.item] := v_head.stream_id;
        actual_versions[v_head.item] := NULL;
        v_moved_ids := v_moved_ids || v_head.stream_id;
        v_moved_versions := v_moved_versions || (v_head.expected + v_head.added);
      ELSE
        actual_versions[v_head.item] := v_head.version;
      END IF;
    END LOOP;
    IF p_all AND cardinality(v_moved_ids) < cardinality(p_expected) - v_new THEN
      PERFORM es.raise_version_conflict(p_category, p_key, p_expected, actual_versions);
    END IF;
    UPDATE es.stream s SET version = u.version
      FROM unnest(v_moved_ids, v_moved_versions) AS u(stream_id, version)
     WHERE s.tenant_id = p_tenant AND s.stream_id = u.stream_id;
  END IF;

  IF v_new = 0 THEN
    RETURN;
  END IF;
  IF p_all THEN
    -- Nothing goes on after a conflict here, so the plain insert serves, which costs a third less than one that tolerates conflicts.
    BEGIN
      INSERT INTO es.stream (tenant_id, stream_id, category, key, version)
      SELECT p_tenant, u.stream_id, u.category, u.key, u.added
        FROM unnest(p_category, p_key, p_expected, p_count, stream_ids) AS u(category, key, expected, added, stream_id)
       WHERE u.expected = 0
       ORDER BY u.category COLLATE "C", u.key COLLATE "C";
      RETURN;
    EXCEPTION WHEN unique_violation THEN
      v_created := 0;
    END;
  ELSE
    WITH created AS (
      INSERT INTO es.stream (tenant_id, stream_id, category, key, version)
      SELECT p_tenant, u.stream_id, u.category, u.key, u.added
        FROM unnest(p_category, p_key, p_expected, p_count, stream_ids) AS u(category, key, expected, added, stream_id)
       WHERE u.expected = 0
       ORDER BY u.category COLLATE "C", u.key COLLATE "C"
      ON CONFLICT (tenant_id, category, key) DO NOTHING
      RETURNING 1)
    SELECT count(*) INTO v_created FROM created;
  END IF;
  IF v_created < v_new THEN
    FOR v_head IN
      SELECT u.item, s.version
        FROM unnest(p_category, p_key, p_expected, stream_ids) WITH ORDINALITY AS u(category, key, expected, stream_id, item)
        JOIN es.stream s ON s.tenant_id = p_tenant AND s.category = u.category COLLATE "C" AND s.key = u.key COLLATE "C"
       WHERE u.expected = 0 AND s.stream_id <> u.stream_id
    LOOP
      stream_ids[v_head.item] := NULL;
      actual_versions[v_head.item] := v_head.version;
    END LOOP;
    IF p_all THEN
      PERFORM es.raise_version_conflict(p_category, p_key, p_expected, actual_versions);
    END IF;
  END IF;
END
$$;

CREATE FUNCTION es.raise_version_conflict(p_category text[], p_key text[], p_expected int[], p_actual int[]) RETURNS void
  LANGUAGE plpgsql AS $$
DECLARE
  v_detail text;
BEGIN
  SELECT json_build_object('category', u.category, 'key', u.key, 'expectedVersion', u.expected, 'actualVersion', u.actual)::text INTO v_detail
    FROM unnest(p_category, p_key, p_expected, p_actual) WITH ORDINALITY AS u(category, key, expected, actual, item)
   WHERE u.actual IS NOT NULL ORDER BY u.item LIMIT 1;
  RAISE EXCEPTION 'a stream is not at the expected version' USING ERRCODE = 'ES001', DETAIL = v_detail;
END
$$;

-- Appends events to several streams in one round trip. Positions are taken only after every head is locked, which is what keeps the
-- positions of a stream in the order of its versions. With p_claim_tenant the call sets the tenant of its own transaction.
CREATE FUNCTION es.append(p_tenant int, p_claim_tenant boolean, p_all boolean,
  p_category text[], p_key text[], p_expected int[], p_count int[],
  e_item int[], e_version int[], e_type int[], e_schema_version int[], e_effective_on date[], e_principal uuid[], e_correlation uuid[],
  e_causation bigint[], e_hash bytea[], e_data text[], p_hash_version int,
  OUT stream_ids bigint[], OUT actual_versions int[], OUT positions bigint[])
  LANGUAGE plpgsql AS $$
BEGIN
  IF p_claim_tenant THEN
    PERFORM set_config('arrears.tenant', p_tenant::text, true);
  END IF;
  SELECT c.stream_ids, c.actual_versions INTO stream_ids, actual_versions
    FROM es.claim_streams(p_tenant, p_category, p_key, p_expected, p_count, p_all) c;
  WITH written AS (
    INSERT INTO es.event (tenant_id, position, stream_id, version, type, schema_version, effective_on, principal_id, correlation_id,
                          causation_position, hash_version, hash, data)
    SELECT p_tenant, nextval('es.position'), stream_ids[u.item], u.version, u.type, u.schema_version, u.effective_on, u.principal, u.correlation,
           u.causation, p_hash_version, u.hash, u.data::jsonb
      FROM unnest(e_item, e_version, e_type, e_schema_version, e_effective_on, e_principal, e_correlation, e_causation, e_hash, e_data)
        AS u(item, version, type, schema_version, effective_on, principal, correlation, causation, hash, data)
     WHERE stream_ids[u.item] IS NOT NULL
    RETURNING position)
  SELECT coalesce(array_agg(position ORDER BY position), '{}') INTO positions FROM written;
END
$$;
