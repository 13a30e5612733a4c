-- Hosted agents: who they are, their sessions and turns, and what bounds a chain of turns. A lease is judged by the database's clock and owned by its
-- fence: a write that carries an older one is refused.

create table hosted_agents (
    agent_id blob primary key references agents (id),
    organization_id blob not null references organizations (id),
    runtime text not null,
    model text not null,
    fallback_model text,
    persona text,
    max_output_tokens integer not null,
    context_tokens integer not null,
    time_limit integer not null,
    tools text not null,
    created_at integer not null
);

create table sessions (
    id blob primary key,
    organization_id blob not null references organizations (id),
    agent_id blob not null references agents (id),
    key text not null,
    kind text not null,
    conversation_id blob,
    created_at integer not null,
    fence integer not null default 0,
    node text,
    lease_until integer not null default 0,
    failures integer not null default 0,
    not_before integer,
    turn_id blob,
    unique (agent_id, key)
);
create index sessions_open on sessions (lease_until) where turn_id is not null;

create table turns (
    id blob primary key,
    organization_id blob not null references organizations (id),
    session_id blob not null references sessions (id),
    agent_id blob not null references agents (id),
    root_id blob not null,
    depth integer not null,
    project_id blob,
    conversation_id blob,
    state text not null,
    model text not null,
    calls_failed integer not null default 0,
    fallback integer not null default 0,
    takeovers integer not null default 0,
    input_tokens integer not null default 0,
    cached_tokens integer not null default 0,
    output_tokens integer not null default 0,
    cost integer not null default 0,
    reserved_tokens integer not null default 0,
    reserved_cost integer not null default 0,
    reserved_day integer not null default 0,
    warnings text not null default '[]',
    reason text,
    created_at integer not null,
    ended_at integer
);
create index turns_root on turns (root_id);
create index turns_ended on turns (ended_at) where ended_at is not null;

create table turn_inputs (
    turn_id blob not null references turns (id),
    agent_id blob not null,
    message_id blob not null,
    number integer not null,
    root_id blob not null,
    primary key (turn_id, message_id)
);
create index turn_inputs_delivery on turn_inputs (agent_id, number);
create index turn_inputs_root on turn_inputs (root_id);
create index turn_inputs_message on turn_inputs (message_id);

create table turn_steps (
    turn_id blob not null references turns (id),
    number integer not null,
    model text not null,
    text text not null,
    calls text not null,
    finish text not null,
    input_tokens integer not null,
    cached_tokens integer not null,
    output_tokens integer not null,
    cost integer not null,
    results text,
    at integer not null,
    primary key (turn_id, number)
);

-- What started a chain, and how much of its bounds is used. Money is in millionths of a dollar.
create table roots (
    id blob primary key,
    organization_id blob not null references organizations (id),
    max_depth integer not null,
    max_turns integer not null,
    max_tokens integer,
    max_cost integer,
    turns integer not null default 0,
    tokens integer not null default 0,
    cost integer not null default 0,
    reserved_tokens integer not null default 0,
    reserved_cost integer not null default 0,
    created_at integer not null,
    stopped_at integer,
    reason text
);
create index roots_organization on roots (organization_id, created_at);

-- What an organization, a project or an agent used on one day (days since 0001-01-01, UTC).
create table spend (
    organization_id blob not null references organizations (id),
    scope text not null,
    target_id blob not null,
    day integer not null,
    tokens integer not null default 0,
    cost integer not null default 0,
    reserved_tokens integer not null default 0,
    reserved_cost integer not null default 0,
    primary key (scope, target_id, day)
);

-- Limits that a person set: of a day for an organization, a project or an agent; of every new root under the scope 'root'.
create table budgets (
    organization_id blob not null references organizations (id),
    scope text not null,
    target_id blob not null,
    max_depth integer,
    max_turns integer,
    max_tokens integer,
    max_cost integer,
    primary key (scope, target_id)
);
create index budgets_organization on budgets (organization_id);
