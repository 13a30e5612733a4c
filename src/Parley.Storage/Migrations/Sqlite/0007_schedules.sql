-- Work that agents are given again and again, and what became of each due time.

create table schedules (
    id blob primary key,
    organization_id blob not null references organizations (id),
    name text not null,
    timing text not null,
    expression text not null,
    zone text not null,
    anchor integer not null,
    agent_id blob not null references agents (id),
    task text not null,
    session text not null,
    model text,
    timeout integer,
    announce text,
    missed text not null,
    paused_at integer,
    paused_reason text,
    created_by blob not null references users (id),
    created_at integer not null,
    next_at integer,
    last_fired_at integer,
    failures integer not null,
    firings integer not null
);
create unique index schedules_name on schedules (organization_id, name);
create index schedules_due on schedules (next_at) where paused_at is null and next_at is not null;

create table schedule_firings (
    schedule_id blob not null references schedules (id),
    number integer not null,
    due integer not null,
    at integer not null,
    outcome text not null,
    missed integer not null,
    manual integer not null,
    message_id blob,
    session_key text,
    reason text,
    primary key (schedule_id, number)
) without rowid;
-- A due time starts its work once, whatever the nodes and clocks do.
create unique index schedule_firings_due on schedule_firings (schedule_id, due);
