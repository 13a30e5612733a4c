-- Work that was given over a door whose callers follow it, and what became of it.

create table tasks (
    id blob primary key,
    organization_id blob not null references organizations (id),
    kind text not null,
    target_id blob not null,
    owner_kind text not null,
    owner_id blob not null,
    context_id text not null,
    conversation_id blob not null references conversations (id),
    message_id blob not null,
    root_id blob not null,
    session_id blob,
    stage text not null,
    answers integer not null,
    events integer not null,
    created_at integer not null,
    updated_at integer not null,
    ended_at integer
);
create index tasks_owner on tasks (owner_id, target_id, updated_at, id);
create index tasks_open on tasks (conversation_id) where ended_at is null;
create index tasks_ended on tasks (ended_at) where ended_at is not null;
-- A session does one task.
create unique index tasks_session on tasks (session_id) where session_id is not null;

create table task_events (
    task_id blob not null references tasks (id),
    number integer not null,
    kind text not null,
    stage text not null,
    message_id blob,
    artifact text,
    at integer not null,
    primary key (task_id, number)
) without rowid;
create index task_events_message on task_events (message_id) where message_id is not null;

-- Whom to tell what becomes of a task.
create table task_pushes (
    task_id blob not null references tasks (id),
    id text not null,
    url text not null,
    token text not null,
    authorization_header text,
    told integer not null,
    attempts integer not null,
    next_at integer,
    fence integer not null,
    primary key (task_id, id)
) without rowid;
create index task_pushes_due on task_pushes (next_at) where next_at is not null;
