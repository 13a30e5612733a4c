-- Work that agents are given again and again, and what became of each due time.

create table schedules (
    id uuid primary key,
    organization_id uuid not null references organizations (id),
    name text not null,
    timing text not null,
    expression text not null,
    zone text not null,
    anchor bigint not null,
    agent_id uuid not null references agents (id),
    task text not null,
    session text not null,
    model text,
    timeout bigint,
    announce text,
    missed text not null,
    paused_at bigint,
    paused_reason text,
    created_by uuid not null references users (id),
    created_at bigint not null,
    next_at bigint,
    last_fired_at bigint,
    failures bigint not null,
    firings bigint not null
);
create unique index schedules_name on schedules (organization_id, name);
create index schedules_due on schedules (next_at) where paused_at is null and next_at is not null;

create table schedule_firings (
    schedule_id uuid not null references schedules (id),
    number bigint not null,
    due bigint not null,
    at bigint not null,
    outcome text not null,
    missed bigint not null,
    manual bigint not null,
    message_id uuid,
    session_key text,
    reason text,
    primary key (schedule_id, number)
);
-- A due time starts its work once, whatever the nodes and clocks do.
create unique index schedule_firings_due on schedule_firings (schedule_id, due);
