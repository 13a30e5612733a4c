-- Agents whose turns are run by a program.

-- The program as a person configured it, as JSON; null where a model thinks.
alter table hosted_agents add column program text;
-- With what the program goes on in its own session.
alter table sessions add column resume text;
-- The tools that a program has called by itself, as JSON.
alter table turn_steps add column own_calls text;

-- What a program asked a person for.
create table permissions (
    id uuid primary key,
    organization_id uuid not null references organizations (id),
    agent_id uuid not null references agents (id),
    session_id uuid not null references sessions (id),
    turn_id uuid not null,
    title text not null,
    kind text not null,
    detail text not null,
    state text not null,
    decided_by text,
    created_at bigint not null,
    expires_at bigint not null,
    decided_at bigint
);
create index permissions_open on permissions (organization_id, created_at) where state = 'open';
create index permissions_session on permissions (session_id) where state = 'open';
create index permissions_turn on permissions (turn_id);
