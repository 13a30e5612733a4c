-- The server processes that share a database. One with a database of its own needs no row here.

create table nodes (
    id blob primary key,
    name text not null,
    version text not null,
    address text not null,
    started_at integer not null,
    seen_at integer not null,
    skew integer not null,
    turns integer not null,
    most_turns integer not null,
    connections integer not null,
    draining_since integer
);
