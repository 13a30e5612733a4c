-- Spawned sessions. The session itself is a row of sessions, its log a conversation of the kind 'session'.

create table subagents (
    session_id blob primary key references sessions (id),
    organization_id blob not null references organizations (id),
    key text not null,
    agent_id blob not null references agents (id),
    conversation_id blob not null references conversations (id),
    parent_kind text not null,
    parent_id blob not null,
    parent_name text not null,
    parent_session_id blob,
    parent_turn_id blob,
    asked_by_id blob,
    level integer not null,
    depth integer not null,
    root_id blob not null,
    label text,
    task text not null,
    model text not null,
    fork integer not null,
    -- the messages of the parent's conversation that a fork begins with, as a JSON array of ids
    context text,
    result_schema text,
    timeout integer not null,
    max_tokens integer,
    max_cost integer,
    outlive integer not null,
    announce text,
    state text not null,
    reason text,
    warnings text not null default '[]',
    result_id blob,
    created_at integer not null,
    started_at integer,
    deadline integer,
    ended_at integer
);
create unique index subagents_key on subagents (organization_id, key);
create unique index subagents_conversation on subagents (conversation_id);
create index subagents_created on subagents (organization_id, created_at);
create index subagents_open on subagents (state, created_at) where ended_at is null;
create index subagents_parent on subagents (parent_id) where ended_at is null;
create index subagents_parent_session on subagents (parent_session_id) where ended_at is null;
create index subagents_parent_turn on subagents (parent_turn_id);

-- After which step of the turn a message joined it; 0 is the beginning.
alter table turn_inputs add column step integer not null default 0;
-- What the model was told after an answer that did not end its turn.
alter table turn_steps add column followup text;
create index turn_steps_at on turn_steps (at);
