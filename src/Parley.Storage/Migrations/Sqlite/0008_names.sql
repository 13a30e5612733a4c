-- The other names of an agent, and what it is good at.
alter table agents add column aliases text not null default '[]';
alter table agents add column skills text not null default '[]';

-- What retention looks for.
create index subagents_ended on subagents (ended_at) where ended_at is not null;
create index subagents_spawned on subagents (parent_session_id) where parent_session_id is not null;

-- Every name by which an agent that is not removed is found. The database keeps it, so that no name is ever given twice; a backup leaves it out.
create table agent_names (
    organization_id blob not null,
    name text not null,
    agent_id blob not null references agents (id) on delete cascade,
    primary key (organization_id, name)
) without rowid;
create index agent_names_agent on agent_names (agent_id);
insert into agent_names (organization_id, name, agent_id) select organization_id, name, id from agents where removed_at is null;

create trigger agents_names_insert after insert on agents when new.removed_at is null
begin
    insert into agent_names (organization_id, name, agent_id)
    select new.organization_id, new.name, new.id union all select new.organization_id, j.value, new.id from json_each(new.aliases) j;
end;

create trigger agents_names_update after update of name, aliases, removed_at on agents
begin
    delete from agent_names where agent_id = new.id;
    insert into agent_names (organization_id, name, agent_id)
    select new.organization_id, new.name, new.id where new.removed_at is null
    union all select new.organization_id, j.value, new.id from json_each(new.aliases) j where new.removed_at is null;
end;
