CREATE SCHEMA IF NOT EXISTS ac;
GRANT USAGE ON SCHEMA ac TO arrears_api, arrears_worker;

CREATE TABLE ac.api_key (
  key_hash bytea PRIMARY KEY CHECK (length(key_hash) = 32),
  key_id uuid NOT NULL UNIQUE,
  tenant_id int NOT NULL,
  principal_id uuid NOT NULL,
  issued_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  expires_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX api_key_by_principal ON ac.api_key (tenant_id, principal_id);
GRANT SELECT, INSERT ON ac.api_key TO arrears_api;
GRANT UPDATE (key_id, revoked_at) ON ac.api_key TO arrears_api;

CREATE TABLE ac.idempotency (
  tenant_id int NOT NULL,
  principal_id uuid NOT NULL,
  route text NOT NULL,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 255),
  fingerprint bytea NOT NULL,
  seed uuid NOT NULL,
  attempt int NOT NULL,
  lease_until timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  answer text,
  PRIMARY KEY (tenant_id, principal_id, route, key)
);
CREATE INDEX idempotency_by_expiry ON ac.idempotency (tenant_id, expires_at);
CALL es.secure_table('ac.idempotency', 'SELECT,INSERT,UPDATE,DELETE');
