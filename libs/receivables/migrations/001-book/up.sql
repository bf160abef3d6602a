GRANT USAGE ON SCHEMA rc TO arrears_api, arrears_worker;

-- The book as facts left it: written in the transaction of the events it repeats, and refilled from them by rebuildBook().
-- Numbers (debtor_no, receivable_no) are the stream ids of the log; external ids keep byte order, which is what their indexes need.

CREATE TABLE rc.debtor (
  tenant_id int    NOT NULL,
  debtor_no bigint NOT NULL,
  debtor_id text   COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant_id, debtor_no),
  UNIQUE (tenant_id, debtor_id)
);

-- Everything known of a debtor from a date on. In force until the next fact's date; of two on one date the later position counts; the
-- earliest also covers what was before it.
CREATE TABLE rc.debtor_fact (
  tenant_id             int     NOT NULL,
  debtor_no             bigint  NOT NULL,
  effective_on          date    NOT NULL,
  position              bigint  NOT NULL,
  segment               text    NOT NULL,
  related_party         boolean NOT NULL,
  country               text,
  terms_days            int,
  credit_limit          bigint,
  credit_limit_currency text,
  -- false: the file stated no date; such statements follow each other as a feed of their own.
  dated                 boolean NOT NULL DEFAULT true,
  personal              jsonb   NOT NULL,
  PRIMARY KEY (tenant_id, debtor_no, position)
);
CREATE INDEX debtor_fact_position ON rc.debtor_fact (tenant_id, position);

-- outstanding, written_off and own_credit (paid on it beyond what it owed and not given back) are today's; room is left on the page for them.
CREATE TABLE rc.receivable (
  tenant_id        int    NOT NULL,
  receivable_no    bigint NOT NULL,
  debtor_no        bigint NOT NULL,
  amount           bigint NOT NULL CHECK (amount >= 0),
  position         bigint NOT NULL,
  outstanding      bigint NOT NULL CHECK (outstanding >= 0),
  written_off      bigint NOT NULL CHECK (written_off >= 0),
  own_credit       bigint NOT NULL,
  recognised_on    date   NOT NULL,
  invoiced_on      date   NOT NULL,
  due_on           date,
  last_movement_on date,
  receivable_id    text   COLLATE "C" NOT NULL,
  entity_id        text   NOT NULL,
  kind             text   NOT NULL,
  class            text   NOT NULL DEFAULT '',
  currency         text   NOT NULL,
  document_no      text   NOT NULL,
  content_hash     bytea  NOT NULL,
  PRIMARY KEY (tenant_id, receivable_no),
  UNIQUE (tenant_id, receivable_id)
) WITH (fillfactor = 90);
CREATE INDEX receivable_debtor ON rc.receivable (tenant_id, debtor_no);
CREATE INDEX receivable_position ON rc.receivable (tenant_id, position);

-- gross: signed change of the receivable; credit: signed change of the debtor's unapplied credit; recovered: money on a written-off item.
CREATE TABLE rc.movement (
  tenant_id     int    NOT NULL,
  receivable_no bigint,
  debtor_no     bigint NOT NULL,
  position      bigint NOT NULL,
  gross         bigint NOT NULL,
  credit        bigint NOT NULL,
  recovered     bigint NOT NULL,
  effective_on  date   NOT NULL,
  movement_id   text   COLLATE "C" NOT NULL,
  entity_id     text   NOT NULL,
  type          text   NOT NULL,
  currency      text   NOT NULL,
  content_hash  bytea  NOT NULL,
  PRIMARY KEY (tenant_id, movement_id)
);
CREATE INDEX movement_receivable ON rc.movement (tenant_id, receivable_no);
CREATE INDEX movement_position ON rc.movement (tenant_id, position);
CREATE INDEX movement_credit ON rc.movement (tenant_id, debtor_no) WHERE credit <> 0;

CREATE TABLE rc.fx_rate (
  tenant_id    int     NOT NULL,
  base         text    NOT NULL,
  quote        text    NOT NULL,
  effective_on date    NOT NULL,
  position     bigint  NOT NULL,
  rate         numeric NOT NULL CHECK (rate > 0),
  PRIMARY KEY (tenant_id, base, quote, effective_on, position)
);

-- Files on their way into the book. `receiving` is an upload that has not been accepted: nobody is shown it.
CREATE SEQUENCE rc.import_order AS bigint;
CREATE TABLE rc.import (
  tenant_id      int         NOT NULL,
  import_id      uuid        NOT NULL,
  kind           text        NOT NULL,
  format         text        NOT NULL CHECK (format IN ('csv', 'ndjson')),
  dry_run        boolean     NOT NULL,
  status         text        NOT NULL CHECK (status IN ('receiving', 'queued', 'running', 'completed', 'failed')),
  queue_order    bigint,
  header         text[],
  byte_count     bigint      NOT NULL DEFAULT 0,
  sha256         bytea,
  principal_id   uuid        NOT NULL,
  correlation_id uuid        NOT NULL,
  received_at    timestamptz NOT NULL,
  started_at     timestamptz,
  ended_at       timestamptz,
  last_row       int         NOT NULL DEFAULT 0,
  all_read       boolean     NOT NULL DEFAULT false,
  accepted       int         NOT NULL DEFAULT 0,
  rejected       int         NOT NULL DEFAULT 0,
  unchanged      int         NOT NULL DEFAULT 0,
  received_position bigint,
  last_position  bigint,
  failures       int         NOT NULL DEFAULT 0,
  failure        text,
  expired        boolean     NOT NULL DEFAULT false,
  PRIMARY KEY (tenant_id, import_id)
) WITH (fillfactor = 50);
CREATE INDEX import_waiting ON rc.import (tenant_id, queue_order) WHERE status IN ('queued', 'running');
CREATE UNIQUE INDEX import_queue_order ON rc.import (tenant_id, queue_order);

-- The upload in pieces, as UTF-8. Compressing it would cost more time than writing it.
CREATE TABLE rc.import_chunk (
  tenant_id int   NOT NULL,
  import_id uuid  NOT NULL,
  chunk_no  int   NOT NULL,
  bytes     bytea NOT NULL,
  PRIMARY KEY (tenant_id, import_id, chunk_no)
);
ALTER TABLE rc.import_chunk ALTER COLUMN bytes SET STORAGE EXTERNAL;

CREATE TABLE rc.import_reject (
  tenant_id   int   NOT NULL,
  import_id   uuid  NOT NULL,
  row         int   NOT NULL,
  column_name text  NOT NULL,
  code        text  NOT NULL,
  reason      text  NOT NULL,
  cells       jsonb NOT NULL,
  PRIMARY KEY (tenant_id, import_id, row)
);

-- What a running import has seen of keys that may stand once in a file; emptied when it ends.
CREATE TABLE rc.import_key (
  tenant_id int   NOT NULL,
  import_id uuid  NOT NULL,
  key       text  COLLATE "C" NOT NULL,
  content   bytea NOT NULL,
  PRIMARY KEY (tenant_id, import_id, key)
);

-- Stands in for the log in a dry run, which records nothing; always empty for everybody else, since a dry run is rolled back.
CREATE TABLE rc.dry_run_event (
  tenant_id    int      NOT NULL,
  position     bigint   NOT NULL,
  stream_id    bigint   NOT NULL,
  type         smallint NOT NULL,
  effective_on date     NOT NULL,
  data         jsonb    NOT NULL,
  PRIMARY KEY (tenant_id, position)
);

CALL es.secure_table('rc.debtor', 'SELECT,INSERT,DELETE');
CALL es.secure_table('rc.debtor_fact', 'SELECT,INSERT,DELETE');
CALL es.secure_table('rc.receivable', 'SELECT,INSERT,UPDATE,DELETE');
CALL es.secure_table('rc.movement', 'SELECT,INSERT,DELETE');
CALL es.secure_table('rc.fx_rate', 'SELECT,INSERT,DELETE');
CALL es.secure_table('rc.import', 'SELECT,INSERT,UPDATE,DELETE');
CALL es.secure_table('rc.import_chunk', 'SELECT,INSERT,DELETE');
CALL es.secure_table('rc.import_reject', 'SELECT,INSERT,DELETE');
CALL es.secure_table('rc.import_key', 'SELECT,INSERT,DELETE');
CALL es.secure_table('rc.dry_run_event', 'SELECT,INSERT,DELETE');
GRANT USAGE ON SEQUENCE rc.import_order TO arrears_api, arrears_worker;
