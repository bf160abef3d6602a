-- Which events of no receivable and no debtor's own stream are about a debtor: what was done, agreed, assessed, alerted. The book itself is
-- not in it: its streams are found by the debtor, and an import would write every fact of them once more.
CREATE TABLE cl.timeline_entry (
  tenant_id    int      NOT NULL,
  debtor_id    text     COLLATE "C" NOT NULL,
  position     bigint   NOT NULL,
  effective_on date     NOT NULL,
  type         smallint NOT NULL,
  stream_id    bigint   NOT NULL,
  PRIMARY KEY (tenant_id, debtor_id, position)
);
-- An event that names nobody is about whom its stream is about.
CREATE INDEX timeline_entry_stream ON cl.timeline_entry (tenant_id, stream_id);
CALL es.secure_table('cl.timeline_entry', 'SELECT,INSERT,UPDATE,DELETE');
