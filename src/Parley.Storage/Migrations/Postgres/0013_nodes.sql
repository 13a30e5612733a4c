-- The server processes that share a database. One with a database of its own needs no row here.

create table nodes (
    id uuid primary key,
    name text not null,
    version text not null,
    address text not null,
    started_at bigint not null,
    seen_at bigint not null,
    skew bigint not null,
    turns bigint not null,
    most_turns bigint not null,
    connections bigint not null,
    draining_since bigint
);
