-- Order of the requests.
CREATE SEQUENCE pf.intent_request_no;
GRANT USAGE ON SEQUENCE pf.intent_request_no TO arrears_api, arrears_worker;

-- The durable trigger of every job. The queue may lose everything: what is to be done, and whether somebody is at it, stands here.
CREATE TABLE pf.intent (
  tenant_id     int NOT NULL,
  intent_id     uuid NOT NULL,
  request_no    bigint NOT NULL DEFAULT nextval('pf.intent_request_no'),
  kind          text NOT NULL,
  key           text NOT NULL,
  payload       jsonb NOT NULL,
  state         text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done', 'dead')),
  -- Part of the job id in the queue; whoever holds an older one has lost the job.
  generation    int NOT NULL DEFAULT 1,
  not_before    timestamptz NOT NULL,
  -- When the trigger in the queue counts as lost.
  trigger_until timestamptz NOT NULL,
  triggers      int NOT NULL DEFAULT 0,
  lease_until   timestamptz,
  claimed_by    text,
  -- True while a claim of this kind excludes others of the same tenant.
  serial        boolean NOT NULL DEFAULT false,
  attempts      int NOT NULL DEFAULT 0,
  failures      int NOT NULL DEFAULT 0,
  reason        text,
  -- Asked for again while running: what the next run is given.
  again_payload    jsonb,
  again_not_before timestamptz,
  requested_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at   timestamptz,
  PRIMARY KEY (tenant_id, intent_id),
  UNIQUE (tenant_id, kind, key),
  CHECK ((state = 'running') = (lease_until IS NOT NULL))
) WITH (fillfactor = 70);

CREATE UNIQUE INDEX intent_one_at_a_time ON pf.intent (tenant_id, kind) WHERE state = 'running' AND serial;
CREATE INDEX intent_order ON pf.intent (tenant_id, kind, request_no) WHERE state IN ('waiting', 'running');
CREATE INDEX intent_to_trigger ON pf.intent (trigger_until) WHERE state = 'waiting';
CREATE INDEX intent_leased ON pf.intent (lease_until) WHERE state = 'running';
CREATE INDEX intent_finished ON pf.intent (finished_at) WHERE state = 'done';
CALL es.secure_table('pf.intent', 'SELECT, INSERT, UPDATE, DELETE');

-- Which queue runs a kind of job; written by the worker, read by the edge when it rings the queue after a commit.
CREATE TABLE pf.job_kind (
  kind  text PRIMARY KEY,
  queue text NOT NULL
);
GRANT SELECT ON pf.job_kind TO arrears_api, arrears_worker;
GRANT INSERT, UPDATE ON pf.job_kind TO arrears_worker;
