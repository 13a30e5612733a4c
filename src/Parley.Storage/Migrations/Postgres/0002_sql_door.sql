-- The SQL door: agent_chat as a role of the database sees it. The rules of a send are those of Parley itself; an INSERT is checked here as far as
-- SQL can, waits in chat_inbox, and Parley sends it like any other message.

-- What only PostgreSQL has stands in a schema of its own, without references out of it: a backup is the same on both databases.
create schema parley_sql;

-- What agent_chat shows, one partition an organization. A role reads its own partition without any filter: behind a filter that protects other
-- rows PostgreSQL may not use the index of mentions. Ids and times are given in the order in which messages become readable, under the lock of
-- chat_heads, so that polling by either never passes over a message, and neither does one that a person releases late.
create table parley_sql.chat_log (
    organization_id uuid not null,
    id bigint not null,
    message_id uuid not null,
    sender varchar(50) not null,
    message text not null,
    mentions text[] not null,
    created_at timestamptz not null,
    primary key (organization_id, id),
    unique (organization_id, message_id)
) partition by list (organization_id);
drop index idx_agent_chat_mentions;
create index idx_agent_chat_mentions on parley_sql.chat_log using gin (mentions);

create table parley_sql.chat_heads (
    organization_id uuid primary key,
    id bigint not null,
    at timestamptz not null
);

-- A restore inserts the organization again: its log is then filled anew, and roles and what waited belong to what was replaced.
create function parley_add_chat_log() returns trigger language plpgsql as $$
begin
    execute format('create table if not exists parley_sql.%I partition of parley_sql.chat_log for values in (%L)', 'chat_log_' || replace(new.id::text, '-', ''), new.id);
    delete from parley_sql.chat_log l where l.organization_id = new.id;
    delete from parley_sql.chat_inbox q where q.organization_id = new.id;
    perform parley_switch_role(r.name, parley_open_door(new.id), false) from parley_sql.sql_roles r where r.organization_id = new.id;
    update parley_sql.sql_roles set active = 0 where organization_id = new.id;
    insert into parley_sql.chat_heads as h (organization_id, id, at) values (new.id, 0, 'epoch') on conflict (organization_id) do update set id = 0;
    return null;
end $$;
create trigger organizations_chat_log after insert on organizations for each row execute function parley_add_chat_log();

create function parley_log_chat(m messages) returns void language plpgsql as $$
declare
    next parley_sql.chat_heads;
begin
    update parley_sql.chat_heads h set id = greatest(h.id + 1, m.number), at = greatest(parley_time(m.created_at), h.at + interval '1 microsecond')
        where h.organization_id = m.organization_id returning * into strict next;
    insert into parley_sql.chat_log (organization_id, id, message_id, sender, message, mentions, created_at)
        values (m.organization_id, next.id, m.id, m.sender_name, m.content, parley_names(m.mentions), next.at);
end $$;

create function parley_follow_messages() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' then
        delete from parley_sql.chat_log l where l.organization_id = old.organization_id and l.message_id = old.id;
        return null;
    end if;
    if new.withheld <> 'no' or not exists (select from conversations c where c.id = new.conversation_id and c.kind = 'chat') then
        return null;
    end if;
    if tg_op = 'UPDATE' then
        update parley_sql.chat_log l set message = new.content where l.organization_id = new.organization_id and l.message_id = new.id;
        if found then
            return null;
        end if;
    end if;
    perform parley_log_chat(new);
    return null;
end $$;
-- A message of agent_chat has neither a project nor one peer; the condition keeps all others from the cost of the function.
create trigger messages_chat_insert after insert on messages for each row
    when (new.project_id is null and new.peer_agent_id is null) execute function parley_follow_messages();
create trigger messages_chat_update after update of withheld, content on messages for each row
    when (new.project_id is null and new.peer_agent_id is null) execute function parley_follow_messages();
create trigger messages_chat_delete after delete on messages for each row
    when (old.project_id is null and old.peer_agent_id is null) execute function parley_follow_messages();

do $$
declare
    organization organizations;
    said messages;
begin
    for organization in select * from organizations loop
        execute format('create table parley_sql.%I partition of parley_sql.chat_log for values in (%L)', 'chat_log_' || replace(organization.id::text, '-', ''), organization.id);
        insert into parley_sql.chat_heads (organization_id, id, at) values (organization.id, 0, 'epoch');
    end loop;
    for said in select m.* from messages m join conversations c on c.id = m.conversation_id where c.kind = 'chat' and m.withheld = 'no' order by m.number loop
        perform parley_log_chat(said);
    end loop;
end $$;

-- Which role speaks for which agent. A name says nothing of agent and organization, because every role of a server sees the names of all.
create table parley_sql.sql_roles (
    agent_id uuid primary key,
    organization_id uuid not null,
    name text not null unique,
    active bigint not null,
    created_at bigint not null
);
create index sql_roles_organization on parley_sql.sql_roles (organization_id);

create table parley_sql.chat_inbox (
    id bigint generated always as identity primary key,
    organization_id uuid not null,
    agent_id uuid not null,
    message text not null,
    mentions text[] not null,
    created_at bigint not null,
    state text not null default 'queued',
    code text,
    reason text,
    fix text,
    refused_at bigint
);
create index chat_inbox_queued on parley_sql.chat_inbox (agent_id, id) where state = 'queued';
create index chat_inbox_refused on parley_sql.chat_inbox (agent_id, refused_at) where state = 'refused';

create function parley_refuse(state text, code text, what text, fix text) returns void language plpgsql as
$$ begin raise exception using errcode = state, message = what, detail = code, hint = fix; end $$;

create function parley_refuse_halt(scope text, target uuid, what text) returns void language plpgsql as $$
declare
    halt halts;
begin
    select h.* into halt from halts h where h.scope = $1 and (h.target_id = target or h.scope = 'server');
    if found then
        perform parley_refuse('42501', 'halted', what || ' is halted' || case halt.reason when '' then '.' else ': ' || halt.reason || '.' end,
            'A person can release it: parley resume ' || scope);
    end if;
end $$;

-- Refuses a mention that cannot be reached, as the router and the quota do; both decide again when the message is sent.
create function parley_check_mention(me agents, name text, now_us bigint) returns void language plpgsql as $$
declare
    peer agents;
    link links;
    bucket link_states;
    queued bigint;
    credits bigint;
begin
    select a.* into peer from agents a where a.organization_id = me.organization_id and a.name = $2 and a.removed_at is null;
    if not found then
        perform parley_refuse('42704', 'unknown_recipient', format('''%s'' cannot be reached.', name), 'Check the name: parley agent list');
    end if;
    perform parley_refuse_halt('agent', peer.id, format('The agent ''%s''', name));
    select l.* into link from links l
        where l.agent_a = least(me.id, peer.id) and l.agent_b = greatest(me.id, peer.id) and l.removed_at is null and l.enabled = 1;
    if not found then
        perform parley_refuse('42501', 'not_linked', format('''%s'' and ''%s'' have no enabled link.', me.name, name),
            format('A person can link them: parley link %s %s', me.name, name));
    end if;
    perform parley_refuse_halt('link', link.id, format('The link of ''%s'' and ''%s''', me.name, name));

    select s.* into bucket from link_states s where s.link_id = link.id and s.channel = 'direct';
    select count(*) into queued from parley_sql.chat_inbox q where q.agent_id = me.id and q.state = 'queued' and q.mentions @> array[name];
    if link.strict_debounce = 1 and link.debounce_seconds > 0
        and (queued > 0 or now_us between bucket.last_message_at and bucket.last_message_at + link.debounce_seconds * 1000000 - 1) then
        perform parley_refuse('53400', 'debounced', 'The last message on this link is too recent.', 'Batch what you have to say and send it later.');
    end if;
    credits := case
        when bucket.waiting > 0 then 0
        when bucket.link_id is null or bucket.window_reset_at <= now_us then link.messages_per_window
        else bucket.credits_remaining end;
    if me.hold = 0 and link.hold = 0 and queued >= credits + 100 - coalesce(bucket.waiting, 0) then
        perform parley_refuse('53400', 'queue_full', '100 messages already wait on this link.',
            'Batch what you have to say and send it later, or ask a person to raise the quota.');
    end if;
end $$;

create function parley_insert_chat() returns trigger language plpgsql security definer as $$
declare
    me agents;
    on_features bigint;
    name text;
    names text[] := '{}';
    now_us bigint := (extract(epoch from clock_timestamp()) * 1000000)::bigint;
begin
    -- The role that logged in: SET ROLE does not change it.
    select a.* into me from parley_sql.sql_roles r join agents a on a.id = r.agent_id where r.name = session_user and r.active = 1 and a.removed_at is null;
    if not found then
        perform parley_refuse('42501', 'forbidden', 'This database role speaks for no agent.', 'Ask a person for the role of an agent: parley agent sql-role NAME');
    end if;
    if lower(ltrim(btrim(new.sender), '@')) <> me.name then
        perform parley_refuse('42501', 'forbidden', format('This database role speaks for ''%s'' alone, not for ''%s''.', me.name, left(new.sender, 60)),
            format('Give ''%s'' as the sender, or leave it out.', me.name));
    end if;
    if new.id is not null or new.created_at is not null then
        perform parley_refuse('428C9', 'invalid_request', 'Parley gives id and created_at itself.', 'Leave both out.');
    end if;
    if coalesce(new.message, '') !~ '\S' then
        perform parley_refuse('22023', 'invalid_request', 'The message has no text.', 'Give a text in message.');
    end if;
    if octet_length(new.message) > 65536 then
        perform parley_refuse('54000', 'too_large', 'The text is over 64 KiB.', 'Send a summary and where to find the rest.');
    end if;
    if cardinality(new.mentions) > 16 then
        perform parley_refuse('54000', 'too_large', 'More than 16 names are mentioned.', 'Mention fewer, or post to a channel.');
    end if;

    select o.features into on_features from organizations o where o.id = me.organization_id;
    if on_features & 16 = 0 then
        perform parley_refuse('42501', 'feature_off', 'The SQL door is switched off in this organization.', 'An admin can switch it on: parley feature on sql_door');
    end if;
    perform parley_refuse_halt('server', me.id, 'The server');
    perform parley_refuse_halt('organization', me.organization_id, 'The organization');
    perform parley_refuse_halt('agent', me.id, format('The agent ''%s''', me.name));
    if (select count(*) >= 500 from parley_sql.chat_inbox q where q.agent_id = me.id and q.state = 'queued') then
        perform parley_refuse('53400', 'queue_full', '500 messages of this agent already wait to be sent.', 'Commit, and insert the rest when Parley has sent these.');
    end if;

    foreach name in array coalesce(new.mentions, '{}') loop
        name := lower(btrim(ltrim(name, '@')));
        if name is null or length(name) > 50 or name !~ '^[a-z0-9]([a-z0-9_.-]*[a-z0-9_-])?$' then
            perform parley_refuse('22023', 'invalid_request', format('''%s'' is not a name.', left(name, 60)),
                'Use 1 to 50 letters a-z, digits, ''-'', ''_'' or ''.'', beginning with a letter or digit.');
        end if;
        continue when name = any (names);
        names := names || name;
        continue when name = me.name;
        if on_features & 1 = 0 then
            perform parley_refuse('42501', 'feature_off', 'Peer messaging is switched off in this organization.', 'An admin can switch it on: parley feature on peer_messaging');
        end if;
        perform parley_check_mention(me, name, now_us);
    end loop;

    -- Whatever the session chose: what it inserts is flushed before its COMMIT is answered.
    if current_setting('synchronous_commit') in ('off', 'local') then
        perform set_config('synchronous_commit', 'on', true);
    end if;
    insert into parley_sql.chat_inbox (organization_id, agent_id, message, mentions, created_at) values (me.organization_id, me.id, new.message, names, now_us);
    perform pg_notify('parley_chat', '');
    new.sender := me.name;
    new.mentions := names;
    new.created_at := parley_time(now_us);
    return new;
end $$;
revoke execute on function parley_insert_chat() from public;
do $$ begin execute format('alter function parley_insert_chat() set search_path = pg_catalog, %I, pg_temp', current_schema()); end $$;

-- For the owner of the database: every organization's messages. Its INSERT is refused, because it speaks for no agent.
create view agent_chat as select id, sender, message, mentions, created_at from parley_sql.chat_log;
create trigger agent_chat_insert instead of insert on agent_chat for each row execute function parley_insert_chat();

-- Makes the schema that the roles of an organization see, and nothing else. Text of other agents is kept from a condition with side effects.
create function parley_open_door(organization uuid) returns text language plpgsql as $$
declare
    door text := 'parley_' || replace(organization::text, '-', '');
    writer regprocedure;
begin
    if exists (select from pg_namespace n where n.nspname = door) then
        return door;
    end if;
    execute format('create schema %I', door);
    -- With a temporary function, a temporary table or a large object a role could do more than this door is for. What Parley's user may not
    -- revoke is left with a warning.
    execute format('revoke temporary on database %I from public', current_database());
    execute format('revoke create on schema %I from public', current_schema());
    for writer in select p.oid from pg_proc p where p.pronamespace = 'pg_catalog'::regnamespace and p.proname in ('lo_creat', 'lo_create', 'lo_from_bytea') loop
        execute format('revoke execute on function %s from public', writer);
    end loop;
    execute format('create view %I.agent_chat as select id, sender, message, mentions, created_at from parley_sql.%I', door, 'chat_log_' || replace(organization::text, '-', ''));
    execute format('create trigger agent_chat_insert instead of insert on %I.agent_chat for each row execute function parley_insert_chat()', door);
    execute format(
        'create view %I.agent_messages with (security_barrier) as
         select v.* from parley_sql.sql_roles r join conversation_members k on k.agent_id = r.agent_id join messages m on m.conversation_id = k.conversation_id
         join agent_messages v on v.id = m.id
         where r.name = session_user and r.active = 1 and r.organization_id = %L and m.organization_id = %2$L', door, organization);
    execute format(
        'create view %I.agent_chat_refused with (security_barrier) as
         select q.message, q.mentions, q.code, q.reason, q.fix, parley_time(q.created_at) as created_at, parley_time(q.refused_at) as refused_at
         from parley_sql.sql_roles r join parley_sql.chat_inbox q on q.agent_id = r.agent_id
         where r.name = session_user and r.active = 1 and r.organization_id = %L and q.state = ''refused''', door, organization);
    return door;
end $$;

create function parley_make_role(role text, door text, verifier text) returns void language plpgsql as $$
begin
    if not exists (select from pg_roles r where r.rolname = role) then
        execute format('create role %I nosuperuser nocreatedb nocreaterole noinherit connection limit 20', role);
    end if;
    execute format('alter role %I password %L', role, verifier);
    execute format('alter role %I in database %I set search_path = %I', role, current_database(), door);
    execute format('alter role %I set synchronous_commit = on', role);
    execute format('alter role %I set statement_timeout = %L', role, '60s');
    execute format('alter role %I set idle_in_transaction_session_timeout = %L', role, '60s');
    perform parley_switch_role(role, door, true);
end $$;

-- Lets a role in or keeps it out: its rights end at once, also in sessions that are open.
create function parley_switch_role(role text, door text, switch_on boolean) returns void language plpgsql as $$
begin
    if not exists (select from pg_roles r where r.rolname = role) then
        return;
    end if;
    if switch_on then
        execute format('grant usage on schema %I to %I', door, role);
        execute format('grant select, insert on %I.agent_chat to %I', door, role);
        execute format('grant select on %I.agent_messages, %1$I.agent_chat_refused to %I', door, role);
        execute format('alter role %I login', role);
    else
        execute format('revoke all on all tables in schema %I from %I', door, role);
        execute format('revoke all on schema %I from %I', door, role);
        begin
            execute format('alter role %I nologin', role);
        exception when insufficient_privilege then
            raise warning 'role % can still log in, without any rights, because % may not alter roles', role, current_user;
        end;
    end if;
end $$;
