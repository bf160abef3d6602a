CREATE SCHEMA IF NOT EXISTS al;
GRANT USAGE ON SCHEMA al TO arrears_api, arrears_worker;

CREATE TABLE al.evaluation (
  tenant_id int NOT NULL,
  rule_id text NOT NULL,
  rule_version int NOT NULL,
  as_of date NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  results jsonb NOT NULL,
  PRIMARY KEY (tenant_id, rule_id, rule_version, as_of)
);

CALL es.secure_table('al.evaluation', 'SELECT,INSERT,UPDATE,DELETE');
