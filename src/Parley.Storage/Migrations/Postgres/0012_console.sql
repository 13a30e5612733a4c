-- One-time links that open the console in a browser, invitations among them: a row is deleted when its link is used. The session that a link opens is a token.
create table console_links (
    hash bytea primary key,
    organization_id uuid not null references organizations (id),
    user_id uuid not null references users (id),
    scopes bigint not null,
    created_by text not null,
    created_at bigint not null,
    expires_at bigint not null
);
create index console_links_expiry on console_links (expires_at);
