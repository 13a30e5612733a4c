-- Work that was given over a door whose callers follow it, and what became of it.

create table tasks (
    id uuid primary key,
    organization_id uuid not null references organizations (id),
    kind text not null,
    target_id uuid not null,
    owner_kind text not null,
    owner_id uuid not null,
    context_id text not null,
    conversation_id uuid not null references conversations (id),
    message_id uuid not null,
    root_id uuid not null,
    session_id uuid,
    stage text not null,
    answers bigint not null,
    events bigint not null,
    created_at bigint not null,
    updated_at bigint not null,
    ended_at bigint
);
create index tasks_owner on tasks (owner_id, target_id, updated_at, id);
create index tasks_open on tasks (conversation_id) where ended_at is null;
create index tasks_ended on tasks (ended_at) where ended_at is not null;
-- A session does one task.
create unique index tasks_session on tasks (session_id) where session_id is not null;

create table task_events (
    task_id uuid not null references tasks (id),
    number bigint not null,
    kind text not null,
    stage text not null,
    message_id uuid,
    artifact text,
    at bigint not null,
    primary key (task_id, number)
);
create index task_events_message on task_events (message_id) where message_id is not null;

-- Whom to tell what becomes of a task.
create table task_pushes (
    task_id uuid not null references tasks (id),
    id text not null,
    url text not null,
    token text not null,
    authorization_header text,
    told bigint not null,
    attempts bigint not null,
    next_at bigint,
    fence bigint not null,
    primary key (task_id, id)
);
create index task_pushes_due on task_pushes (next_at) where next_at is not null;
