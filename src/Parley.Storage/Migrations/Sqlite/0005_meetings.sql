-- A meeting is a conversation with settings; its participants are the conversation's members.

create table meetings (
    conversation_id blob primary key references conversations (id),
    organization_id blob not null references organizations (id),
    name text not null,
    topic text not null,
    -- null where it was stored before there was the setting: read as 4
    chain_length integer,
    limits text not null,
    strategy text not null,
    moderator text,
    template text,
    opening text,
    roles text not null,
    state text not null,
    created_by text not null,
    created_at integer not null,
    revision integer not null
);
create unique index meetings_name on meetings (organization_id, name);

create index sessions_conversation on sessions (conversation_id) where conversation_id is not null;
create index turns_session on turns (session_id);
