-- Hosted agents: who they are, their sessions and turns, and what bounds a chain of turns. A lease is judged by the database's clock and owned by its
-- fence: a write that carries an older one is refused.

create table hosted_agents (
    agent_id uuid primary key references agents (id),
    organization_id uuid not null references organizations (id),
    runtime text not null,
    model text not null,
    fallback_model text,
    persona text,
    max_output_tokens bigint not null,
    context_tokens bigint not null,
    time_limit bigint not null,
    tools text not null,
    created_at bigint not null
);

create table sessions (
    id uuid primary key,
    organization_id uuid not null references organizations (id),
    agent_id uuid not null references agents (id),
    key text not null,
    kind text not null,
    conversation_id uuid,
    created_at bigint not null,
    fence bigint not null default 0,
    node text,
    lease_until bigint not null default 0,
    failures bigint not null default 0,
    not_before bigint,
    turn_id uuid,
    unique (agent_id, key)
);
create index sessions_open on sessions (lease_until) where turn_id is not null;

create table turns (
    id uuid primary key,
    organization_id uuid not null references organizations (id),
    session_id uuid not null references sessions (id),
    agent_id uuid not null references agents (id),
    root_id uuid not null,
    depth bigint not null,
    project_id uuid,
    conversation_id uuid,
    state text not null,
    model text not null,
    calls_failed bigint not null default 0,
    fallback bigint not null default 0,
    takeovers bigint not null default 0,
    input_tokens bigint not null default 0,
    cached_tokens bigint not null default 0,
    output_tokens bigint not null default 0,
    cost bigint not null default 0,
    reserved_tokens bigint not null default 0,
    reserved_cost bigint not null default 0,
    reserved_day bigint not null default 0,
    warnings text not null default '[]',
    reason text,
    created_at bigint not null,
    ended_at bigint
);
create index turns_root on turns (root_id);
create index turns_ended on turns (ended_at) where ended_at is not null;

create table turn_inputs (
    turn_id uuid not null references turns (id),
    agent_id uuid not null,
    message_id uuid not null,
    number bigint not null,
    root_id uuid not null,
    primary key (turn_id, message_id)
);
create index turn_inputs_delivery on turn_inputs (agent_id, number);
create index turn_inputs_root on turn_inputs (root_id);
create index turn_inputs_message on turn_inputs (message_id);

create table turn_steps (
    turn_id uuid not null references turns (id),
    number bigint not null,
    model text not null,
    text text not null,
    calls text not null,
    finish text not null,
    input_tokens bigint not null,
    cached_tokens bigint not null,
    output_tokens bigint not null,
    cost bigint not null,
    results text,
    at bigint not null,
    primary key (turn_id, number)
);

-- What started a chain, and how much of its bounds is used. Money is in millionths of a dollar.
create table roots (
    id uuid primary key,
    organization_id uuid not null references organizations (id),
    max_depth bigint not null,
    max_turns bigint not null,
    max_tokens bigint,
    max_cost bigint,
    turns bigint not null default 0,
    tokens bigint not null default 0,
    cost bigint not null default 0,
    reserved_tokens bigint not null default 0,
    reserved_cost bigint not null default 0,
    created_at bigint not null,
    stopped_at bigint,
    reason text
);
create index roots_organization on roots (organization_id, created_at);

-- What an organization, a project or an agent used on one day (days since 0001-01-01, UTC).
create table spend (
    organization_id uuid not null references organizations (id),
    scope text not null,
    target_id uuid not null,
    day bigint not null,
    tokens bigint not null default 0,
    cost bigint not null default 0,
    reserved_tokens bigint not null default 0,
    reserved_cost bigint not null default 0,
    primary key (scope, target_id, day)
);

-- Limits that a person set: of a day for an organization, a project or an agent; of every new root under the scope 'root'.
create table budgets (
    organization_id uuid not null references organizations (id),
    scope text not null,
    target_id uuid not null,
    max_depth bigint,
    max_turns bigint,
    max_tokens bigint,
    max_cost bigint,
    primary key (scope, target_id)
);
create index budgets_organization on budgets (organization_id);
