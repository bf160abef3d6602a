CREATE TABLE al.slack_signature (
  tenant_id int NOT NULL,
  channel_id text NOT NULL,
  signature bytea NOT NULL,
  signed_at timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, channel_id, signature)
);

CALL es.secure_table('al.slack_signature', 'SELECT,INSERT,DELETE');
