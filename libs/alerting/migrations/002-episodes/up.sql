CREATE TABLE al.episode (
  tenant_id int NOT NULL,
  alert_id text NOT NULL,
  rule_id text NOT NULL,
  labels_key text NOT NULL,
  is_latest boolean NOT NULL,
  is_open boolean NOT NULL,
  can_inhibit boolean NOT NULL,
  group_id text,
  data jsonb NOT NULL,
  PRIMARY KEY (tenant_id, alert_id)
);
CREATE UNIQUE INDEX episode_latest ON al.episode (tenant_id, rule_id, labels_key) WHERE is_latest;
CREATE INDEX episode_group ON al.episode (tenant_id, group_id);
CREATE INDEX episode_inhibiting ON al.episode (tenant_id) WHERE is_open AND can_inhibit;

CREATE TABLE al.alert_group (
  tenant_id int NOT NULL,
  group_id text NOT NULL,
  is_waiting boolean NOT NULL,
  due_at timestamptz,
  data jsonb NOT NULL,
  PRIMARY KEY (tenant_id, group_id)
);
CREATE INDEX alert_group_due ON al.alert_group (tenant_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX alert_group_waiting ON al.alert_group (tenant_id) WHERE is_waiting;

CREATE TABLE al.episodes_built (
  tenant_id int NOT NULL,
  built_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id)
);

CALL es.secure_table('al.episode', 'SELECT,INSERT,UPDATE,DELETE');
CALL es.secure_table('al.alert_group', 'SELECT,INSERT,UPDATE,DELETE');
CALL es.secure_table('al.episodes_built', 'SELECT,INSERT,UPDATE,DELETE');
