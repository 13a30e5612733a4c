-- Addresses that are called when something happened, and their calls.

create table webhooks (
    id uuid primary key,
    organization_id uuid not null references organizations (id),
    name text not null,
    agent_id uuid references agents (id),
    url text not null,
    events bigint not null,
    preview bigint not null,
    -- encrypted: useless without the file keys.secret
    secret text not null,
    old_secret text,
    old_secret_until bigint,
    created_by uuid not null references users (id),
    created_at bigint not null,
    paused_at bigint,
    paused_reason text,
    position bigint not null,
    calls bigint not null,
    dead_in_row bigint not null
);
create unique index webhooks_name on webhooks (organization_id, name);

create table webhook_calls (
    webhook_id uuid not null references webhooks (id),
    number bigint not null,
    id uuid not null,
    type text not null,
    body text not null,
    up_to bigint not null,
    count bigint not null,
    state text not null,
    attempts bigint not null,
    created_at bigint not null,
    attempted_at bigint,
    next_at bigint,
    ended_at bigint,
    status bigint,
    reason text,
    lease_until bigint not null default 0,
    fence bigint not null default 0,
    primary key (webhook_id, number)
);
-- One call at a time: what comes meanwhile is told by the one that takes its place.
create unique index webhook_calls_open on webhook_calls (webhook_id) where state = 'waiting';

-- What a webhook for people has told of.
create table webhook_notices (
    webhook_id uuid not null references webhooks (id),
    attention_id uuid not null,
    primary key (webhook_id, attention_id)
);

-- Agents of other servers that speak A2A.
create table remote_agents (
    agent_id uuid primary key references agents (id),
    organization_id uuid not null references organizations (id),
    card_url text not null,
    url text not null,
    binding text not null,
    version text not null,
    tenant text,
    card_name text not null,
    description text not null,
    -- encrypted: useless without the file keys.secret
    credential text,
    token_variable text,
    created_at bigint not null,
    refreshed_at bigint not null,
    lease_until bigint not null default 0,
    fence bigint not null default 0
);

-- The delivery that is under way to each of them.
create table remote_calls (
    agent_id uuid primary key references remote_agents (agent_id),
    message_id uuid not null,
    number bigint not null,
    phase text not null,
    attempts bigint not null,
    started_at bigint not null,
    next_at bigint not null,
    task_id text,
    answer text,
    reason text
);

-- What a conversation is called there.
create table remote_contexts (
    agent_id uuid not null references remote_agents (agent_id),
    conversation_id uuid not null,
    context_id text,
    task_id text,
    primary key (agent_id, conversation_id)
);
