-- The other names of an agent, and what it is good at.
alter table agents add column aliases text not null default '[]', add column skills text not null default '[]';

-- What retention looks for.
create index subagents_ended on subagents (ended_at) where ended_at is not null;
create index subagents_spawned on subagents (parent_session_id) where parent_session_id is not null;

-- Every name by which an agent that is not removed is found. The database keeps it, so that no name is ever given twice; a backup leaves it out.
create table agent_names (
    organization_id uuid not null,
    name text not null,
    agent_id uuid not null references agents (id) on delete cascade,
    primary key (organization_id, name)
);
create index agent_names_agent on agent_names (agent_id);
insert into agent_names (organization_id, name, agent_id) select organization_id, name, id from agents where removed_at is null;

create function parley_keep_names() returns trigger language plpgsql as
$$ begin
    delete from agent_names where agent_id = new.id;
    if new.removed_at is null then
        insert into agent_names (organization_id, name, agent_id)
        select new.organization_id, new.name, new.id union all select new.organization_id, j.alias, new.id from json_array_elements_text(new.aliases::json) as j (alias);
    end if;
    return null;
end $$;
create trigger agents_names after insert or update of name, aliases, removed_at on agents for each row execute function parley_keep_names();

-- As before, for every name of the agent; its own asks nobody.
create or replace function parley_check_mention(me agents, name text, now_us bigint) returns void language plpgsql as $$
declare
    peer agents;
    link links;
    bucket link_states;
    queued bigint;
    credits bigint;
begin
    select a.* into peer from agent_names n join agents a on a.id = n.agent_id where n.organization_id = me.organization_id and n.name = $2;
    if not found then
        perform parley_refuse('42704', 'unknown_recipient', format('''%s'' cannot be reached.', name), 'Check the name: parley agent list');
    end if;
    if peer.id = me.id then
        return;
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
