-- One key per person, wrapped by the master key; erasing a person empties it and keeps the number, so that no number is used twice.
CREATE TABLE pf.person_key (
  tenant_id   int NOT NULL,
  person      text NOT NULL,
  key_no      int NOT NULL,
  wrapped_key bytea,
  made_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  erased_at   timestamptz,
  PRIMARY KEY (tenant_id, person, key_no),
  CHECK ((wrapped_key IS NULL) = (erased_at IS NOT NULL))
);
CALL es.secure_table('pf.person_key', 'SELECT, INSERT, UPDATE');

-- Facts of the installation itself, such as the proof that the master key is the one the book was written under.
CREATE TABLE pf.installation (
  name  text PRIMARY KEY,
  value text NOT NULL
);
GRANT SELECT ON pf.installation TO arrears_api, arrears_worker;
