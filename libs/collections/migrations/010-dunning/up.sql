-- Letters as the events of dunning leave them. Filled by the processor `collections-dunning` and rebuilt by letting it begin anew.
CREATE TABLE cl.dunning_letter (
  tenant_id      int    NOT NULL,
  letter_id      uuid   NOT NULL,
  debtor_id      text   COLLATE "C" NOT NULL,
  -- Version of the debtor's stream that this row has seen.
  stream_version int    NOT NULL,
  position       bigint NOT NULL,
  run_id         uuid   NOT NULL,
  policy_id      uuid   NOT NULL,
  policy_version int    NOT NULL,
  level          int    NOT NULL,
  channel        text   NOT NULL,
  as_of          date   NOT NULL,
  state          text   NOT NULL CHECK (state IN ('issued', 'sending', 'sent', 'failed', 'withdrawn')),
  sent_on        date,
  failure        text,
  currency       text   NOT NULL,
  total          bigint NOT NULL,
  fee            bigint,
  fee_currency   text,
  receivable_ids text[] NOT NULL,
  PRIMARY KEY (tenant_id, letter_id)
);
CREATE INDEX dunning_letter_debtor ON cl.dunning_letter (tenant_id, debtor_id);
CREATE INDEX dunning_letter_position ON cl.dunning_letter (tenant_id, position);

-- Runs on their way and made: how far each has come, so that a big book is worked in pieces and a crash goes on where it was.
CREATE TABLE cl.dunning_run (
  tenant_id      int         NOT NULL,
  run_id         uuid        NOT NULL,
  as_of          date        NOT NULL,
  status         text        NOT NULL CHECK (status IN ('queued', 'running', 'completed', 'failed')),
  principal_id   uuid        NOT NULL,
  correlation_id uuid        NOT NULL,
  -- The log is read up to here by all pieces of the run; null before the first.
  known_to       bigint,
  after_debtor   text        COLLATE "C" NOT NULL DEFAULT '',
  letters        int         NOT NULL DEFAULT 0,
  not_dunned     jsonb       NOT NULL DEFAULT '{}',
  requested_at   timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (tenant_id, run_id)
);
CREATE INDEX dunning_run_as_of ON cl.dunning_run (tenant_id, as_of);

CALL es.secure_table('cl.dunning_letter', 'SELECT,INSERT,UPDATE,DELETE');
CALL es.secure_table('cl.dunning_run', 'SELECT,INSERT,UPDATE,DELETE');
