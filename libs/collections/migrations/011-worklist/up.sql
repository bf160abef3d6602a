-- What the worklist makes something of, an event a row: so a list of any day, as known at any moment, is read without the log.
-- Filled by the processor `collections-worklist` and rebuilt by letting it begin anew.
CREATE TABLE cl.work_fact (
  tenant_id    int    NOT NULL,
  debtor_id    text   COLLATE "C" NOT NULL,
  position     bigint NOT NULL,
  effective_on date   NOT NULL,
  type         text   NOT NULL,
  -- The promise, dispute or controller the event is about.
  subject      text,
  -- The day a contact is due or a snooze ends.
  day          date,
  snapshot     jsonb,
  PRIMARY KEY (tenant_id, debtor_id, position)
);
CALL es.secure_table('cl.work_fact', 'SELECT,INSERT,UPDATE,DELETE');
