-- Addresses that are called when something happened, and their calls.

create table webhooks (
    id blob primary key,
    organization_id blob not null references organizations (id),
    name text not null,
    agent_id blob references agents (id),
    url text not null,
    events integer not null,
    preview integer not null,
    -- encrypted: useless without the file keys.secret
    secret text not null,
    old_secret text,
    old_secret_until integer,
    created_by blob not null references users (id),
    created_at integer not null,
    paused_at integer,
    paused_reason text,
    position integer not null,
    calls integer not null,
    dead_in_row integer not null
);
create unique index webhooks_name on webhooks (organization_id, name);

create table webhook_calls (
    webhook_id blob not null references webhooks (id),
    number integer not null,
    id blob not null,
    type text not null,
    body text not null,
    up_to integer not null,
    count integer not null,
    state text not null,
    attempts integer not null,
    created_at integer not null,
    attempted_at integer,
    next_at integer,
    ended_at integer,
    status integer,
    reason text,
    lease_until integer not null default 0,
    fence integer not null default 0,
    primary key (webhook_id, number)
) without rowid;
-- One call at a time: what comes meanwhile is told by the one that takes its place.
create unique index webhook_calls_open on webhook_calls (webhook_id) where state = 'waiting';

-- What a webhook for people has told of.
create table webhook_notices (
    webhook_id blob not null references webhooks (id),
    attention_id blob not null,
    primary key (webhook_id, attention_id)
) without rowid;

-- Agents of other servers that speak A2A.
create table remote_agents (
    agent_id blob primary key references agents (id),
    organization_id blob not null references organizations (id),
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
    created_at integer not null,
    refreshed_at integer not null,
    lease_until integer not null default 0,
    fence integer not null default 0
);

-- The delivery that is under way to each of them.
create table remote_calls (
    agent_id blob primary key references remote_agents (agent_id),
    message_id blob not null,
    number integer not null,
    phase text not null,
    attempts integer not null,
    started_at integer not null,
    next_at integer not null,
    task_id text,
    answer text,
    reason text
);

-- What a conversation is called there.
create table remote_contexts (
    agent_id blob not null references remote_agents (agent_id),
    conversation_id blob not null,
    context_id text,
    task_id text,
    primary key (agent_id, conversation_id)
) without rowid;
