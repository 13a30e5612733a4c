-- compatible from: 13
-- The newest migration that a node knows. Programs that do not say know 13 at least, which made the table.

alter table nodes add column schema bigint not null default 13;
