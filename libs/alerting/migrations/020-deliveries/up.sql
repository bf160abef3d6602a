-- One row a message, beside the log: what a list shows, and who waits for the next turn of a channel. Written in the transaction of the
-- events it follows, and again by a processor, which fills it from the log where it is empty.
CREATE TABLE al.delivery (
  tenant_id   int NOT NULL,
  delivery_id text NOT NULL,
  -- Of the request: the order of the list.
  position    bigint NOT NULL,
  -- Of the stream as written here; an older one changes nothing.
  version     int NOT NULL,
  channel_id  text NOT NULL,
  alert_id    text,
  in_reply_to text,
  state       text NOT NULL CHECK (state IN ('pending', 'succeeded', 'failed')),
  -- Place in the line of a channel that was busy; null while it stands in none.
  ticket      bigint,
  PRIMARY KEY (tenant_id, delivery_id)
) WITH (fillfactor = 80);
CREATE INDEX delivery_newest ON al.delivery (tenant_id, position);
CREATE INDEX delivery_of_channel ON al.delivery (tenant_id, channel_id, state, position);
CREATE INDEX delivery_in_state ON al.delivery (tenant_id, state, position) WHERE state <> 'succeeded';
CREATE INDEX delivery_of_alert ON al.delivery (tenant_id, alert_id, position) WHERE alert_id IS NOT NULL;
CREATE INDEX delivery_line ON al.delivery (tenant_id, channel_id, ticket) WHERE ticket IS NOT NULL;
CREATE INDEX delivery_replies ON al.delivery (tenant_id, in_reply_to) WHERE in_reply_to IS NOT NULL AND state = 'pending';
CALL es.secure_table('al.delivery', 'SELECT, INSERT, UPDATE, DELETE');
CREATE SEQUENCE al.delivery_ticket;
GRANT USAGE ON SEQUENCE al.delivery_ticket TO arrears_api, arrears_worker;

-- When a channel may be told the next thing, whichever process tells it.
CREATE TABLE al.channel_slot (
  tenant_id    int NOT NULL,
  channel_id   text NOT NULL,
  -- From here on the next message keeps the rate.
  free_at      timestamptz NOT NULL,
  -- The delivery on its way, where the channel takes one at a time, and how long it can be.
  held_by      text,
  held_until   timestamptz,
  -- As the channel asked for (Retry-After).
  paused_until timestamptz,
  -- About when the last of those in line has its turn.
  line_end     timestamptz NOT NULL,
  PRIMARY KEY (tenant_id, channel_id)
) WITH (fillfactor = 50);
CALL es.secure_table('al.channel_slot', 'SELECT, INSERT, UPDATE, DELETE');

-- Channels whose last attempt failed. A row ends with the first message that is taken.
CREATE TABLE al.channel_health (
  tenant_id     int NOT NULL,
  channel_id    text NOT NULL,
  failing_since timestamptz NOT NULL,
  failures      int NOT NULL,
  reason        text NOT NULL,
  -- A message was given up meanwhile.
  dead_letter   boolean NOT NULL DEFAULT false,
  -- Its failing is written down and told.
  told          boolean NOT NULL DEFAULT false,
  PRIMARY KEY (tenant_id, channel_id)
);
CALL es.secure_table('al.channel_health', 'SELECT, INSERT, UPDATE, DELETE');
