-- The words of this schema are those of the design. Times are UTC microseconds since 1970, JSON is text.

create table store (
    key text primary key,
    value text not null
);

create table organizations (
    id uuid primary key,
    name text not null unique,
    features bigint not null,
    created_at bigint not null
);

create table users (
    id uuid primary key,
    organization_id uuid not null references organizations (id),
    name text not null,
    role text not null,
    created_at bigint not null,
    unique (organization_id, name)
);

create table projects (
    id uuid primary key,
    organization_id uuid not null references organizations (id),
    name text not null,
    created_at bigint not null,
    unique (organization_id, name)
);

create table agents (
    id uuid primary key,
    organization_id uuid not null references organizations (id),
    owner_id uuid not null references users (id),
    name text not null,
    kind text not null,
    type text not null,
    description text not null,
    hold bigint not null,
    created_at bigint not null,
    removed_at bigint
);
create unique index agents_name on agents (organization_id, name) where removed_at is null;

create table inboxes (
    agent_id uuid primary key references agents (id),
    head bigint not null default 0,
    cursor bigint not null default 0,
    floor bigint not null default 0
);

create table tokens (
    id uuid primary key,
    organization_id uuid not null references organizations (id),
    agent_id uuid references agents (id),
    user_id uuid references users (id),
    hash bytea not null unique,
    label text not null,
    prefix text not null,
    scopes bigint not null,
    created_at bigint not null,
    expires_at bigint,
    revoked_at bigint
);
create index tokens_revoked on tokens (revoked_at) where revoked_at is not null;

create table conversations (
    id uuid primary key,
    organization_id uuid not null references organizations (id),
    kind text not null,
    project_id uuid references projects (id),
    name text not null,
    peer_key text,
    head bigint not null default 0,
    created_at bigint not null
);
create unique index conversations_peers on conversations (organization_id, peer_key) where peer_key is not null;
create unique index conversations_channel on conversations (project_id, name) where project_id is not null;
create unique index conversations_chat on conversations (organization_id) where kind = 'chat';

create table conversation_members (
    conversation_id uuid not null references conversations (id),
    agent_id uuid not null references agents (id),
    joined_at bigint not null,
    primary key (conversation_id, agent_id)
);
create index conversation_members_agent on conversation_members (agent_id);

create table links (
    id uuid primary key,
    organization_id uuid not null references organizations (id),
    agent_a uuid not null references agents (id),
    agent_b uuid not null references agents (id),
    conversation_id uuid not null references conversations (id),
    messages_per_window bigint not null,
    window_hours bigint not null,
    debounce_seconds bigint not null,
    strict_debounce bigint not null,
    preferred_endpoint text not null,
    enabled bigint not null,
    hold bigint not null,
    created_at bigint not null,
    removed_at bigint,
    check (agent_a < agent_b)
);
create unique index links_pair on links (agent_a, agent_b) where removed_at is null;
create index links_b on links (agent_b);

create table link_states (
    link_id uuid not null references links (id),
    channel text not null,
    credits_remaining bigint not null,
    window_reset_at bigint not null,
    last_message_at bigint,
    waiting bigint not null,
    turn bigint not null,
    primary key (link_id, channel)
);
create index link_states_waiting on link_states (link_id) where waiting > 0;

create table messages (
    id uuid primary key,
    organization_id uuid not null,
    conversation_id uuid not null references conversations (id),
    number bigint not null,
    project_id uuid,
    sender_kind text not null,
    sender_id uuid not null,
    sender_name text not null,
    sender_type text not null,
    session_id uuid,
    peer_agent_id uuid,
    type text not null,
    content text not null,
    sent_hash bigint,
    metadata text not null,
    mentions text not null,
    parent_id uuid,
    root_id uuid not null,
    depth bigint not null,
    key text,
    reply_by bigint,
    expires_at bigint,
    withheld text not null,
    verdict text not null,
    credits_left bigint,
    window_reset_at bigint,
    not_before bigint,
    created_at bigint not null
);
create unique index messages_number on messages (conversation_id, number);
create unique index messages_key on messages (sender_id, key) where key is not null;
create index messages_held on messages (organization_id, id) where withheld = 'held';
create index idx_agent_messages_project on messages (project_id, created_at desc) where project_id is not null;
create index idx_agent_messages_type on messages (type) where project_id is not null;

create table deliveries (
    message_id uuid not null,
    agent_id uuid not null,
    number bigint,
    state text not null,
    attempts bigint not null default 0,
    reason text,
    link_id uuid,
    turn bigint not null default 0,
    not_before bigint,
    expires_at bigint,
    accepted_at bigint not null,
    released_at bigint,
    offered_at bigint,
    acknowledged_at bigint,
    replied_at bigint,
    ended_at bigint,
    primary key (message_id, agent_id)
);
create unique index deliveries_inbox on deliveries (agent_id, number) where number is not null;
create index deliveries_deferred on deliveries (link_id, turn) where state = 'deferred';
create index deliveries_expiry on deliveries (expires_at) where expires_at is not null and ended_at is null and acknowledged_at is null;
create index deliveries_dead on deliveries (ended_at) where state = 'dead';

create table obligations (
    message_id uuid not null,
    organization_id uuid not null,
    agent_id uuid not null,
    created_at bigint not null,
    reply_by bigint not null,
    remind_at bigint not null,
    reminded_at bigint,
    primary key (message_id, agent_id)
);
create index obligations_due on obligations (remind_at);

create table attention (
    id uuid primary key,
    organization_id uuid not null references organizations (id),
    kind text not null,
    text text not null,
    message_id uuid,
    at bigint not null,
    resolved_at bigint
);
create index attention_open on attention (organization_id, at) where resolved_at is null;

create table file_leases (
    id uuid primary key,
    organization_id uuid not null,
    project_id uuid not null references projects (id),
    agent_id uuid not null references agents (id),
    paths text not null,
    exclusive bigint not null,
    note text not null,
    created_at bigint not null,
    expires_at bigint not null,
    released_at bigint
);
create index file_leases_active on file_leases (project_id, expires_at) where released_at is null;

create table halts (
    scope text not null,
    target_id uuid not null,
    organization_id uuid not null,
    reason text not null,
    by_name text not null,
    at bigint not null,
    primary key (scope, target_id)
);

create table audit (
    number bigint generated always as identity primary key,
    at bigint not null,
    organization_id uuid not null,
    actor text not null,
    action text not null,
    target text not null,
    decision text not null,
    details text not null
);
create index audit_organization on audit (organization_id, number);

create function parley_audit_is_append_only() returns trigger language plpgsql as
$$ begin raise exception 'the audit log is append-only'; end $$;
create trigger audit_append_only before update or delete on audit for each row execute function parley_audit_is_append_only();

-- Full-text search and the mentions of the founding document, each with its index on the stored text.
create function parley_words(content text) returns tsvector language sql immutable parallel safe as
$$ select to_tsvector('simple', content) $$;
create index messages_words on messages using gin (parley_words(content));

create function parley_names(mentions text) returns text[] language sql immutable parallel safe as
$$ select coalesce(array_agg(name), '{}') from json_array_elements_text(mentions::json) as name $$;
create index idx_agent_chat_mentions on messages using gin (parley_names(mentions)) where mentions <> '[]';

create function parley_time(microseconds bigint) returns timestamptz language sql immutable parallel safe as
$$ select timestamptz 'epoch' + microseconds * interval '1 microsecond' $$;

create view agent_messages as
select m.id, m.project_id, m.sender_name::varchar(255) as sender_agent_id, m.sender_type::varchar(50) as sender_agent_type,
       m.session_id as sender_session_id, m.type::varchar(50) as message_type, m.content, m.metadata::jsonb as metadata,
       (select parley_time(min(d.released_at)) from deliveries d where d.message_id = m.id) as delivered_at,
       (select parley_time(min(d.acknowledged_at)) from deliveries d where d.message_id = m.id) as read_at,
       parley_time(m.created_at) as created_at
from messages m
where m.project_id is not null and m.withheld = 'no';
