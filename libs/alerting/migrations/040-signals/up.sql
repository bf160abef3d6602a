-- What has to arrive or to be done, and how it last went: a kind of import, the close of a date, the provision run of a date. Folded from events.
CREATE TABLE al.work (
  tenant_id    int NOT NULL,
  job          text NOT NULL,
  key          text NOT NULL,
  completed_on date,
  is_failed    boolean NOT NULL,
  reason       text,
  PRIMARY KEY (tenant_id, job, key)
);
CALL es.secure_table('al.work', 'SELECT,INSERT,UPDATE,DELETE');

-- Promises that were not kept, until they are paid or made good. Folded from events; `is_over` is a cache of what was decided.
CREATE TABLE al.unkept_promise (
  tenant_id    int NOT NULL,
  promise_id   text NOT NULL,
  debtor_id    text NOT NULL,
  amount       bigint NOT NULL,
  paid_in_time bigint NOT NULL,
  currency     text NOT NULL,
  due_on       date NOT NULL,
  -- Payments that were counted for it in time.
  counted      text[] NOT NULL,
  made_good    boolean NOT NULL DEFAULT false,
  is_over      boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant_id, promise_id)
);
CREATE INDEX unkept_promise_debtor ON al.unkept_promise (tenant_id, debtor_id);
CALL es.secure_table('al.unkept_promise', 'SELECT,INSERT,UPDATE,DELETE');

-- How far the chain of seals was verified: one for the installation, because seals cover every tenant. `pass`: 'new' goes on from the last seal
-- that verified; 'again' goes round over the old ones, a part a day.
CREATE TABLE al.chain_check (
  pass          text PRIMARY KEY CHECK (pass IN ('new', 'again')),
  verified_to   jsonb,
  checked_on    date NOT NULL,
  seals         bigint NOT NULL,
  problem_count int NOT NULL,
  problems      jsonb NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON al.chain_check TO arrears_worker;
