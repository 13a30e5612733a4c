-- The words of this schema are those of the design. Times are UTC microseconds since 1970, JSON is text.

create table store (
    key text primary key,
    value text not null
);

create table organizations (
    id blob primary key,
    name text not null unique,
    features integer not null,
    created_at integer not null
);

create table users (
    id blob primary key,
    organization_id blob not null references organizations (id),
    name text not null,
    role text not null,
    created_at integer not null,
    unique (organization_id, name)
);

create table projects (
    id blob primary key,
    organization_id blob not null references organizations (id),
    name text not null,
    created_at integer not null,
    unique (organization_id, name)
);

create table agents (
    id blob primary key,
    organization_id blob not null references organizations (id),
    owner_id blob not null references users (id),
    name text not null,
    kind text not null,
    type text not null,
    description text not null,
    hold integer not null,
    created_at integer not null,
    removed_at integer
);
create unique index agents_name on agents (organization_id, name) where removed_at is null;

create table inboxes (
    agent_id blob primary key references agents (id),
    head integer not null default 0,
    cursor integer not null default 0,
    floor integer not null default 0
) without rowid;

create table tokens (
    id blob primary key,
    organization_id blob not null references organizations (id),
    agent_id blob references agents (id),
    user_id blob references users (id),
    hash blob not null unique,
    label text not null,
    prefix text not null,
    scopes integer not null,
    created_at integer not null,
    expires_at integer,
    revoked_at integer
);
create index tokens_revoked on tokens (revoked_at) where revoked_at is not null;

create table conversations (
    id blob primary key,
    organization_id blob not null references organizations (id),
    kind text not null,
    project_id blob references projects (id),
    name text not null,
    peer_key text,
    head integer not null default 0,
    created_at integer not null
);
create unique index conversations_peers on conversations (organization_id, peer_key) where peer_key is not null;
create unique index conversations_channel on conversations (project_id, name) where project_id is not null;
create unique index conversations_chat on conversations (organization_id) where kind = 'chat';

create table conversation_members (
    conversation_id blob not null references conversations (id),
    agent_id blob not null references agents (id),
    joined_at integer not null,
    primary key (conversation_id, agent_id)
) without rowid;
create index conversation_members_agent on conversation_members (agent_id);

create table links (
    id blob primary key,
    organization_id blob not null references organizations (id),
    agent_a blob not null references agents (id),
    agent_b blob not null references agents (id),
    conversation_id blob not null references conversations (id),
    messages_per_window integer not null,
    window_hours integer not null,
    debounce_seconds integer not null,
    strict_debounce integer not null,
    preferred_endpoint text not null,
    enabled integer not null,
    hold integer not null,
    created_at integer not null,
    removed_at integer,
    check (agent_a < agent_b)
);
create unique index links_pair on links (agent_a, agent_b) where removed_at is null;
create index links_b on links (agent_b);

create table link_states (
    link_id blob not null references links (id),
    channel text not null,
    credits_remaining integer not null,
    window_reset_at integer not null,
    last_message_at integer,
    waiting integer not null,
    turn integer not null,
    primary key (link_id, channel)
) without rowid;
create index link_states_waiting on link_states (link_id) where waiting > 0;

create table messages (
    seq integer primary key,
    id blob not null unique,
    organization_id blob not null,
    conversation_id blob not null references conversations (id),
    number integer not null,
    project_id blob,
    sender_kind text not null,
    sender_id blob not null,
    sender_name text not null,
    sender_type text not null,
    session_id blob,
    peer_agent_id blob,
    type text not null,
    content text not null,
    sent_hash integer,
    metadata text not null,
    mentions text not null,
    parent_id blob,
    root_id blob not null,
    depth integer not null,
    key text,
    reply_by integer,
    expires_at integer,
    withheld text not null,
    verdict text not null,
    credits_left integer,
    window_reset_at integer,
    not_before integer,
    created_at integer not null
);
create unique index messages_number on messages (conversation_id, number);
create unique index messages_key on messages (sender_id, key) where key is not null;
create index messages_held on messages (organization_id, id) where withheld = 'held';
create index idx_agent_messages_project on messages (project_id, created_at desc) where project_id is not null;
create index idx_agent_messages_type on messages (type) where project_id is not null;

create table deliveries (
    message_id blob not null,
    agent_id blob not null,
    number integer,
    state text not null,
    attempts integer not null default 0,
    reason text,
    link_id blob,
    turn integer not null default 0,
    not_before integer,
    expires_at integer,
    accepted_at integer not null,
    released_at integer,
    offered_at integer,
    acknowledged_at integer,
    replied_at integer,
    ended_at integer,
    primary key (message_id, agent_id)
) without rowid;
create unique index deliveries_inbox on deliveries (agent_id, number) where number is not null;
create index deliveries_deferred on deliveries (link_id, turn) where state = 'deferred';
create index deliveries_expiry on deliveries (expires_at) where expires_at is not null and ended_at is null and acknowledged_at is null;
create index deliveries_dead on deliveries (ended_at) where state = 'dead';

create table obligations (
    message_id blob not null,
    organization_id blob not null,
    agent_id blob not null,
    created_at integer not null,
    reply_by integer not null,
    remind_at integer not null,
    reminded_at integer,
    primary key (message_id, agent_id)
) without rowid;
create index obligations_due on obligations (remind_at);

create table attention (
    id blob primary key,
    organization_id blob not null references organizations (id),
    kind text not null,
    text text not null,
    message_id blob,
    at integer not null,
    resolved_at integer
);
create index attention_open on attention (organization_id, at) where resolved_at is null;

create table file_leases (
    id blob primary key,
    organization_id blob not null,
    project_id blob not null references projects (id),
    agent_id blob not null references agents (id),
    paths text not null,
    exclusive integer not null,
    note text not null,
    created_at integer not null,
    expires_at integer not null,
    released_at integer
);
create index file_leases_active on file_leases (project_id, expires_at) where released_at is null;

create table halts (
    scope text not null,
    target_id blob not null,
    organization_id blob not null,
    reason text not null,
    by_name text not null,
    at integer not null,
    primary key (scope, target_id)
);

create table audit (
    number integer primary key,
    at integer not null,
    organization_id blob not null,
    actor text not null,
    action text not null,
    target text not null,
    decision text not null,
    details text not null
);
create index audit_organization on audit (organization_id, number);

create trigger audit_no_update before update on audit begin select raise(abort, 'the audit log is append-only'); end;
create trigger audit_no_delete before delete on audit begin select raise(abort, 'the audit log is append-only'); end;

-- Filled by the search itself, up to the newest message, so that a send never pays for it.
create virtual table message_search using fts5 (content, content = '', tokenize = 'unicode61');

create view agent_messages as
select lower(substr(hex(m.id), 1, 8) || '-' || substr(hex(m.id), 9, 4) || '-' || substr(hex(m.id), 13, 4) || '-' || substr(hex(m.id), 17, 4) || '-' || substr(hex(m.id), 21)) as id,
       lower(substr(hex(m.project_id), 1, 8) || '-' || substr(hex(m.project_id), 9, 4) || '-' || substr(hex(m.project_id), 13, 4) || '-' || substr(hex(m.project_id), 17, 4) || '-' || substr(hex(m.project_id), 21)) as project_id,
       m.sender_name as sender_agent_id, m.sender_type as sender_agent_type,
       case when m.session_id is null then null else lower(hex(m.session_id)) end as sender_session_id,
       m.type as message_type, m.content, m.metadata,
       (select strftime('%Y-%m-%dT%H:%M:%fZ', min(d.released_at) / 1000000.0, 'unixepoch') from deliveries d where d.message_id = m.id) as delivered_at,
       (select strftime('%Y-%m-%dT%H:%M:%fZ', min(d.acknowledged_at) / 1000000.0, 'unixepoch') from deliveries d where d.message_id = m.id) as read_at,
       strftime('%Y-%m-%dT%H:%M:%fZ', m.created_at / 1000000.0, 'unixepoch') as created_at
from messages m
where m.project_id is not null and m.withheld = 'no';

create view agent_chat as
select m.number as id, m.sender_name as sender, m.content as message, m.mentions,
       strftime('%Y-%m-%dT%H:%M:%fZ', m.created_at / 1000000.0, 'unixepoch') as created_at
from messages m join conversations c on c.id = m.conversation_id
where c.kind = 'chat' and m.withheld = 'no';
